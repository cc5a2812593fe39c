//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Download
import Glibc
import Store
import SystemPackage
import Testing

@testable import Debian

/// A store in a folder of its own, which goes away with it.
final class TemporaryStore {
    let store: Store
    let folder: FilePath

    init() throws {
        var template = Array("/tmp/fitout-debian-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw Errno(rawValue: errno) }
        folder = FilePath(String(cString: made))
        store = try Store(at: folder.appending("store"))
    }

    deinit {
        try? removeTree(folder)
    }

    /// A client that takes what it can from `store`.
    func client(offline: Bool = false) -> ArchiveClient {
        var configuration = DownloadConfiguration(environment: [:])
        configuration.offline = offline
        return ArchiveClient(
            downloader: Downloader(store: store, configuration: configuration), store: store, isOffline: offline)
    }
}

/// The archive that `Fixtures/archives/make.sh` makes.
let fixture = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
    .appending("Fixtures/archives/signed")

struct ArchiveClientTests {
    /// 15 January 2026.
    private let now: Int64 = 1_768_435_200

    private func source(
        _ suite: String, mirror: String = "file://\(fixture)", keyring: String = "keyring.pgp",
        allowExpired: Bool = false
    ) -> ArchiveSource {
        ArchiveSource(
            mirrors: [mirror], suite: suite, keyring: .file(fixture.appending(keyring)), allowExpired: allowExpired)
    }

    @Test(arguments: ["keyring.pgp", "keyring.asc"])
    func loadsASignedArchive(keyring: String) async throws {
        let temporary = try TemporaryStore()
        let client = temporary.client()
        for _ in 0..<2 {
            let index = try await client.load([source("good", keyring: keyring)], architecture: "amd64", now: now)
            let package = try #require(try index.package(named: "hello"))
            #expect(package.version == "2.10-3")
            #expect(package.origin.date == "Thu, 01 Jan 2026 00:00:00 UTC")
            #expect(package.downloadRequest.urls == ["file://\(fixture)/pool/main/h/hello/hello_2.10-3_amd64.deb"])
            #expect(try solve([PackageRelation("hello")], in: index).entries.count == 5)
        }
    }

    @Test(
        arguments: [
            ("unsigned", .unsigned), ("tampered-release", .badSignature), ("weak-signature", .weakSignature("SHA-1")),
            ("wrong-suite", .wrongSuite(expected: "wrong-suite", found: "good")),
            ("expired", .expired("Fri, 02 Jan 2026 00:00:00 UTC")),
            ("future", .fromTheFuture("Fri, 01 Jan 2027 00:00:00 UTC")),
            ("appended", .malformed("is not exactly one signed message")), ("no-sha256", .weakDigests),
        ] as [(String, ReleaseProblem)])
    func refuses(suite: String, problem: ReleaseProblem) async throws {
        let temporary = try TemporaryStore()
        let file = "file://\(fixture)/dists/\(suite)/InRelease"
        await #expect(throws: DebianError.release(source: file, problem)) {
            try await temporary.client().load(source(suite), architecture: "amd64", now: now)
        }
    }

    @Test(arguments: [("stranger", "is not in the keyring"), ("expired-key", "is expired")])
    func refusesKeysThatAreNotTrusted(suite: String, reason: String) async throws {
        let temporary = try TemporaryStore()
        let error = await #expect(throws: DebianError.self) {
            try await temporary.client().load(source(suite), architecture: "amd64", now: now)
        }
        guard case .release(_, .untrusted(let found))? = error, found.hasSuffix(reason) else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func refusesAnArchiveOfAnotherKeyring() async throws {
        let temporary = try TemporaryStore()
        var other = source("good")
        other.keyring = .builtIn("debian")
        await #expect(throws: DebianError.self) {
            try await temporary.client().load(other, architecture: "amd64", now: now)
        }
    }

    @Test func refusesATamperedIndex() async throws {
        let temporary = try TemporaryStore()
        let error = await #expect(throws: DebianError.self) {
            try await temporary.client().load(source("tampered-index"), architecture: "amd64", now: now)
        }
        #expect(error?.description.hasPrefix("cannot load tampered-index/main/binary-amd64/Packages.xz: ") == true)
    }

    @Test func refusesAnIndexThatIsNotListed() async throws {
        let temporary = try TemporaryStore()
        for (suite, architecture) in [("no-index", "amd64"), ("good", "arm64")] {
            let error = DebianError.release(
                source: "file://\(fixture)/dists/\(suite)/InRelease",
                .missingFile("main/binary-\(architecture)/Packages.xz"))
            await #expect(throws: error) {
                try await temporary.client().load(source(suite), architecture: architecture, now: now)
            }
        }
    }

    @Test func usesAnExpiredReleaseWhereThatIsAllowed() async throws {
        let temporary = try TemporaryStore()
        let index = try await temporary.client().load(
            source("expired", allowExpired: true), architecture: "amd64", now: now)
        #expect(index.count == 5)
    }

    @Test func triesTheNextMirror() async throws {
        let temporary = try TemporaryStore()
        var source = source("good")
        source.mirrors.insert("file:///nonexistent/", at: 0)
        let index = try await temporary.client().load(source, architecture: "amd64", now: now)
        #expect(index.origins.first?.baseURL == "file://\(fixture)")
    }

    @Test func worksOfflineFromWhatWasVerified() async throws {
        let temporary = try TemporaryStore()
        let copy = temporary.folder.appending("archive")
        #expect(symlink(fixture.string, copy.string) == 0)
        let source = source("expired", mirror: "file://\(copy)")
        let beforeExpiry = now - 14 * 86_400 + 3600
        _ = try await temporary.client().load(source, architecture: "amd64", now: beforeExpiry)
        #expect(unlink(copy.string) == 0)
        let index = try await temporary.client(offline: true).load(source, architecture: "amd64", now: now)
        #expect(index.count == 5)
        await #expect(throws: DebianError.self) {
            try await temporary.client().load(source, architecture: "amd64", now: beforeExpiry)
        }
    }
}
