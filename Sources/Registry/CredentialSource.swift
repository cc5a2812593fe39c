//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
public import SystemPackage

/// Where credentials for registries are looked for.
public struct CredentialSource: Sendable {
    /// Files of the form of docker's `config.json` or podman's `auth.json`; the first that knows a registry counts.
    public var files: [FilePath]
    /// The variables that credential helpers run with; `PATH` tells where they are.
    public var helperEnvironment: [String: String]
    /// How long a credential helper may take.
    public var helperTimeout: Duration = .seconds(30)

    /// The files that docker and podman use: `$REGISTRY_AUTH_FILE`; `$DOCKER_CONFIG/config.json`, else
    /// `~/.docker/config.json`; `$XDG_RUNTIME_DIR/containers/auth.json`; `containers/auth.json` in `$XDG_CONFIG_HOME`,
    /// else in `~/.config`.
    public init(environment: [String: String]) {
        func path(_ variable: String, _ rest: String) -> FilePath? {
            guard let value = environment[variable], !value.isEmpty else { return nil }
            return rest.isEmpty ? FilePath(value) : FilePath(value).pushing(FilePath(rest))
        }
        files = [
            path("REGISTRY_AUTH_FILE", ""),
            path("DOCKER_CONFIG", "config.json") ?? path("HOME", ".docker/config.json"),
            path("XDG_RUNTIME_DIR", "containers/auth.json"),
            path("XDG_CONFIG_HOME", "containers/auth.json") ?? path("HOME", ".config/containers/auth.json"),
        ].compactMap(\.self)
        helperEnvironment = environment
    }

    /// The credential for a repository, if there is one, and what stood in the way of finding one.
    func credential(for reference: ImageReference) async -> (credential: RegistryCredential?, notes: [String]) {
        var notes: [String] = []
        for path in files {
            guard let file = read(path, &notes) else { continue }
            for place in file.places(for: reference) {
                switch place {
                case .here(let credential): return (credential, notes)
                case .helper(let name):
                    let helper = CredentialHelper(name: name, environment: helperEnvironment, timeout: helperTimeout)
                    switch await helper.credential(for: Self.server(reference.registry)) {
                    case .found(let credential): return (credential, notes)
                    case .notFound: continue
                    case .failed(let reason): notes.append("\(path): \(reason)")
                    }
                }
            }
        }
        return (nil, notes)
    }

    /// What docker calls a registry when it asks a helper.
    private static func server(_ registry: String) -> String {
        registry == ImageReference.dockerHub ? "https://index.docker.io/v1/" : registry
    }

    private func read(_ path: FilePath, _ notes: inout [String]) -> AuthFile? {
        let limit = 4 << 20
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
            let bytes = try file.closeAfter {
                var bytes: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 1 << 16)
                while bytes.count <= limit {
                    let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
                    if count == 0 { break }
                    bytes += buffer.prefix(count)
                }
                return bytes
            }
            guard bytes.count <= limit else { throw Errno.fileTooLarge }
            return try AuthFile(bytes, name: path.string)
        } catch Errno.noSuchFileOrDirectory, Errno.notDirectory {
            return nil
        } catch let error as RegistryError {
            notes.append(error.description)
            return nil
        } catch {
            notes.append("cannot read `\(path)`: \(error)")
            return nil
        }
    }
}
