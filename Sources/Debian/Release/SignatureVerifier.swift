//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Store
import Subprocess
public import SystemPackage

/// Verifies signed release files with gpgv.
///
/// Nothing of the file is looked at before gpgv has found at least one good signature and no bad one, and then only what
/// gpgv says is signed.
public struct SignatureVerifier: Sendable {
    private let store: Store
    private let gpgv: FilePath?

    /// A verifier that keeps keyrings and texts in `store`. It runs the program `gpgv`, else the one that `PATH` in its
    /// usual form finds.
    public init(store: Store, gpgv: FilePath? = nil) {
        self.store = store
        self.gpgv = gpgv
    }

    /// The signed text of an `InRelease` file.
    ///
    /// Throws ``DebianError/release(source:_:)`` if there is no signature, a bad one, or none of a valid key of the
    /// keyring over a sound digest. `source` names the file in errors.
    public func signedText(
        of inRelease: [UInt8], keyring: Keyring, source: String
    ) async throws(DebianError) -> [UInt8] {
        guard inRelease.starts(with: "-----BEGIN PGP SIGNED MESSAGE-----".utf8) else {
            throw .release(source: source, .unsigned)
        }
        guard isSingleMessage(inRelease) else {
            throw .release(source: source, .malformed("is not exactly one signed message"))
        }
        let keys = try keyring.path(in: store)
        let (file, home) = try prepare(inRelease)
        let result = try await run(keys: keys, file: file, home: home)
        if let problem = SignatureStatus(result.status).problem { throw .release(source: source, problem) }
        return result.text
    }

    private func prepare(_ text: [UInt8]) throws(DebianError) -> (file: FilePath, home: FilePath) {
        do throws(StoreError) {
            return (store.blobPath(try store.insert(text)), try store.cacheDirectory("gpgv"))
        } catch {
            throw .cannot("verify a release file", cause: error.description)
        }
    }

    private func run(
        keys: FilePath, file: FilePath, home: FilePath
    ) async throws(DebianError) -> (text: [UInt8], status: String) {
        let arguments = [
            "--homedir", home.string, "--log-file", "/dev/null", "--status-fd", "2", "--keyring", keys.string,
            "--output", "-", file.string,
        ]
        do {
            let result = try await Subprocess.run(
                gpgv.map { .path($0) } ?? .name("gpgv"), arguments: Arguments(arguments),
                environment: .custom(["LC_ALL": "C", "PATH": "/usr/local/bin:/usr/bin:/bin"]),
                output: .bytes(limit: 64 << 20), error: .string(limit: 1 << 20))
            // The status lines decide, not the exit code: it is also 2 when one of several keys is not known.
            return (result.standardOutput, result.standardError)
        } catch {
            throw .cannot(
                "run gpgv", cause: "\(error)\n\nhint: it verifies package archives; Debian has it in the package `gpgv`"
            )
        }
    }
}

/// Whether the text is one clear-signed message with nothing before or after it.
private func isSingleMessage(_ bytes: [UInt8]) -> Bool {
    var markers: [[UInt8]] = []
    var isEnded = false
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
        let isEmpty = line.allSatisfy { $0 == UInt8(ascii: "\r") || isBlank($0) }
        if isEnded && !isEmpty { return false }
        guard line.starts(with: "-----BEGIN PGP".utf8) || line.starts(with: "-----END PGP".utf8) else { continue }
        var marker = Array(line)
        while let last = marker.last, last == UInt8(ascii: "\r") || isBlank(last) { marker.removeLast() }
        markers.append(marker)
        isEnded = line.starts(with: "-----END PGP".utf8)
    }
    return markers
        == [
            "-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----",
        ].map { Array($0.utf8) }
}
