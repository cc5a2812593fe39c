//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Download
import HTTP
import NIOHTTP1
import Store
import Synchronization
import SystemPackage
import TestSupport
import Testing

@Suite struct BlobDownloadTests {
    private let test: DownloadCase
    private let content = DownloadCase.content

    init() throws { test = try DownloadCase() }

    @Test func fetchesVerifiesAndKeeps() async throws {
        let server = try await TestServer { .file(DownloadCase.content, $0) }
        let request = DownloadCase.request(server.url + "/a/thing")
        for _ in 0..<2 {
            let path = try await test.downloading { try await $0.blob(request) }
            #expect(path == test.store.blobPath(DownloadCase.digest))
        }
        #expect(try test.store.read(DownloadCase.digest) == content)
        #expect(server.asked.map(\.target) == ["/a/thing"])
        #expect(server.asked.first?["Host"] == "127.0.0.1:\(server.port)")
        #expect(test.reported == [.finished, .cached])
        #expect(try test.store.usage().map(\.kind) == ["blobs"])
    }

    @Test func goesOnAfterABrokenConnection() async throws {
        let server = try await TestServer { asked in
            .file(DownloadCase.content, asked, breakOffAfter: asked.number < 2 ? 100_000 : nil)
        }
        try await test.downloading { _ = try await $0.blob(DownloadCase.request(server.url + "/thing")) }
        // What was sent just before the connection broke may be lost with it.
        let starts = server.asked.map(\.start)
        #expect(starts.count == 3 && starts == starts.sorted() && Set(starts).count == 3)
        #expect(server.asked.map { $0["If-Range"] } == [nil, "\"v1\"", "\"v1\""])
        #expect(try test.store.read(DownloadCase.digest) == content)
    }

    @Test func goesOnInALaterProcess() async throws {
        let server = try await TestServer { asked in
            asked.number == 1
                ? .status(.notFound)
                : .file(DownloadCase.content, asked, breakOffAfter: asked.number == 0 ? 100_000 : nil)
        }
        let request = DownloadCase.request(server.url + "/thing")
        await #expect(throws: DownloadError.status(url: server.url + "/thing", 404)) {
            try await test.downloading { try await $0.blob(request) }
        }
        try await test.downloading { _ = try await $0.blob(request) }
        #expect(server.asked.count == 3)
        #expect(server.asked[2].start > 0 && server.asked[2].start == server.asked[1].start)
        #expect(try test.store.read(DownloadCase.digest) == content)
    }

    @Test func remembersTheVersionOfALargeFile() async throws {
        let large = Array(repeating: DownloadCase.content, count: 20).flatMap(\.self)
        let server = try await TestServer { asked in
            asked.number == 1
                ? .status(.notFound) : .file(large, asked, breakOffAfter: asked.number == 0 ? 1_000_000 : nil)
        }
        let request = DownloadRequest(
            urls: [server.url + "/large"], digest: .sha256(large), size: Int64(large.count), label: "large")
        await #expect(throws: DownloadError.self) { try await test.downloading { try await $0.blob(request) } }
        try await test.downloading { _ = try await $0.blob(request) }
        #expect(server.asked.map { $0["If-Range"] } == [nil, "\"v1\"", "\"v1\""])
        #expect(try test.store.usage().map(\.kind) == ["blobs"])
    }

    @Test func startsAgainWhereRangesAreIgnored() async throws {
        let server = try await TestServer { asked in
            Answer(body: DownloadCase.content, breakOffAfter: asked.number == 0 ? 100_000 : nil)
        }
        try await test.downloading { _ = try await $0.blob(DownloadCase.request(server.url + "/thing")) }
        #expect(server.asked.map { $0.start > 0 } == [false, true])
        #expect(try test.store.read(DownloadCase.digest) == content)
    }

    @Test func startsAgainWhenTheFileHasChanged() async throws {
        let old = Array(DownloadCase.content.reversed())
        let server = try await TestServer { asked in
            asked.number == 0
                ? .file(old, asked, breakOffAfter: 100_000) : .file(DownloadCase.content, asked, tag: "\"v2\"")
        }
        try await test.downloading { _ = try await $0.blob(DownloadCase.request(server.url + "/thing")) }
        #expect(server.asked.count == 2)
        #expect(try test.store.read(DownloadCase.digest) == content)
    }

    @Test func throwsAwayWhatWasDamagedInBetween() async throws {
        let server = try await TestServer { .file(DownloadCase.content, $0) }
        try writeAtomically(Array(repeating: 1, count: 1000), to: test.partial)
        try await test.downloading { _ = try await $0.blob(DownloadCase.request(server.url + "/thing")) }
        #expect(server.asked.map { $0["Range"] } == ["bytes=1000-", nil])
        #expect(try test.store.read(DownloadCase.digest) == content)
    }

    @Test(arguments: [300_000, 300_001])
    func copesWithAPartialFileThatIsWholeOrTooLong(count: Int) async throws {
        let server = try await TestServer { .file(DownloadCase.content, $0) }
        try writeAtomically(Array((content + [0]).prefix(count)), to: test.partial)
        try await test.downloading { _ = try await $0.blob(DownloadCase.request(server.url + "/thing", size: nil)) }
        #expect(server.asked.map { $0["Range"] } == (count == 300_000 ? [] : ["bytes=300001-", nil]))
        #expect(try test.store.read(DownloadCase.digest) == content)
    }

    @Test(arguments: [500, 502, 503, 429, 408])
    func triesAgainLater(status: UInt) async throws {
        let server = try await TestServer { asked in
            asked.number == 0
                ? .status(.init(statusCode: Int(status)), ["Retry-After": "1"]) : .file(DownloadCase.content, asked)
        }
        try await test.downloading { _ = try await $0.blob(DownloadCase.request(server.url + "/thing")) }
        #expect(server.asked.count == 2)
        #expect(test.reported == [.retrying(reason: "the server answered with status \(status)"), .finished])
    }

    @Test func givesUpAfterTheLastAttempt() async throws {
        let server = try await TestServer { _ in .status(.serviceUnavailable) }
        let url = server.url + "/thing"
        await #expect(throws: DownloadError.status(url: url, 503)) {
            try await test.downloading(change: { $0.retries.attempts = 3 }) {
                try await $0.blob(DownloadCase.request(url))
            }
        }
        #expect(server.asked.count == 3)
        #expect(test.reported.last == .failed)
    }

    @Test func aSilentServerTimesOut() async throws {
        let server = try await TestServer { $0.number == 0 ? Answer(isSilent: true) : .file(DownloadCase.content, $0) }
        let change = { (configuration: inout DownloadConfiguration) in
            configuration.http.readTimeout = .milliseconds(200)
            // A busy machine may need more than one.
            configuration.retries.attempts = 100
        }
        try await test.downloading(change: change) {
            _ = try await $0.blob(DownloadCase.request(server.url + "/thing"))
        }
        #expect(test.reported.first == .retrying(reason: "the server sent nothing for too long"))
        #expect(test.reported.last == .finished)
    }

    @Test func takesTheNextMirror() async throws {
        let missing = try await TestServer { _ in .status(.notFound) }
        let server = try await TestServer { .file(DownloadCase.content, $0) }
        try await test.downloading(change: { $0.retries.attempts = 2 }) {
            _ = try await $0.blob(
                DownloadCase.request(missing.url + "/x", "http://127.0.0.1:1/closed", "gopher://x", server.url + "/y"))
        }
        #expect(missing.asked.count == 1)
        #expect(try test.store.read(DownloadCase.digest) == content)
    }

    @Test func namesEveryMirrorThatFailed() async throws {
        let server = try await TestServer { _ in .status(.notFound) }
        let error = await #expect(throws: DownloadError.self) {
            try await test.downloading {
                try await $0.blob(
                    DownloadCase.request(server.url + "/x", "http://me:secret@127.0.0.1:\(server.port)/y"))
            }
        }
        #expect(error?.isNotFound == true)
        #expect(
            error?.description == """
                cannot download `thing` from any mirror:
                  `\(server.url)/x`: no such file on the server (status 404)
                  `\(server.url)/y`: no such file on the server (status 404)
                """)
    }

    @Test func neverKeepsTheWrongContent() async throws {
        let wrong = Array(DownloadCase.content.reversed())
        let server = try await TestServer { .file(wrong, $0) }
        let url = server.url + "/thing"
        await #expect(
            throws: DownloadError.wrongDigest(url: url, expected: DownloadCase.digest, actual: .sha256(wrong))
        ) { try await test.downloading { try await $0.blob(DownloadCase.request(url)) } }
        #expect(server.asked.map { $0["Range"] } == [nil, nil])
        #expect(!test.store.contains(DownloadCase.digest))
    }

    @Test func wrongContentOnceIsNoHarm() async throws {
        let wrong = Array(DownloadCase.content.reversed())
        let server = try await TestServer { .file($0.number == 0 ? wrong : DownloadCase.content, $0) }
        try await test.downloading { _ = try await $0.blob(DownloadCase.request(server.url + "/thing")) }
        #expect(try test.store.read(DownloadCase.digest) == content)
    }

    @Test func refusesAnotherSizeBeforeItComes() async throws {
        let server = try await TestServer { .file(DownloadCase.content, $0) }
        let url = server.url + "/thing"
        let error = await #expect(throws: DownloadError.wrongSize(url: url, expected: 299_999, actual: 300_000)) {
            try await test.downloading { try await $0.blob(DownloadCase.request(url, size: 299_999)) }
        }
        #expect(error?.description == "cannot download `\(url)`: expected 299999 bytes, got 300000")
    }

    @Test func cancellationLeavesWhatThereIs() async throws {
        let server = try await TestServer { asked in
            asked.number == 0
                ? .file(DownloadCase.content, asked, breakOffAfter: 100_000)
                : asked.number == 1 ? Answer(isSilent: true) : .file(DownloadCase.content, asked)
        }
        let request = DownloadCase.request(server.url + "/thing")
        let task = Task { [test] in try await test.downloading { try await $0.blob(request) } }
        while server.asked.count < 2 { try await Task.sleep(for: .milliseconds(1)) }
        task.cancel()
        await #expect(throws: DownloadError.cancelled) { _ = try await task.value }
        try await test.downloading { _ = try await $0.blob(request) }
        #expect(server.asked.map { $0.start > 0 } == [false, true, true])
    }

    @Test func downloadsTheSameBlobOnlyOnce() async throws {
        let server = try await TestServer { .file(DownloadCase.content, $0) }
        let request = DownloadCase.request(server.url + "/thing")
        let paths = try await test.downloading { try await $0.blobs(Array(repeating: request, count: 5)) }
        #expect(Set(paths) == [test.store.blobPath(DownloadCase.digest)])
        #expect(server.asked.count == 1)
    }

    @Test func oneFailureEndsThemAll() async throws {
        let server = try await TestServer { $0.target == "/missing" ? .status(.notFound) : Answer(isSilent: true) }
        let missing = DownloadRequest(urls: [server.url + "/missing"], digest: .sha256([]), size: nil, label: "missing")
        await #expect(throws: DownloadError.status(url: server.url + "/missing", 404)) {
            try await test.downloading { try await $0.blobs([DownloadCase.request(server.url + "/x"), missing]) }
        }
    }

    @Test func readsLocalFilesWithTheSameCare() async throws {
        let file = test.root.appending("some file")
        try writeAtomically(content, to: file)
        let url = "file://\(test.root)/some%20file"
        try await test.downloading(change: { $0.offline = true }) {
            _ = try await $0.blob(DownloadCase.request("http://example.org/thing", url))
        }
        #expect(try test.store.read(DownloadCase.digest) == content)
        let other = DownloadRequest(urls: [url], digest: .sha256([1]), size: nil, label: "other")
        await #expect(
            throws: DownloadError.wrongDigest(url: url, expected: .sha256([1]), actual: DownloadCase.digest)
        ) { try await test.downloading { try await $0.blob(other) } }
        await #expect(throws: DownloadError.status(url: "file:///absent", 404)) {
            let absent = DownloadRequest(urls: ["file:///absent"], digest: .sha256([1]), size: nil, label: "other")
            try await test.downloading { _ = try await $0.blob(absent) }
        }
    }

    @Test func asksNobodyWhenOffline() async throws {
        let server = try await TestServer { .file(DownloadCase.content, $0) }
        let request = DownloadCase.request(server.url + "/thing")
        await #expect(throws: DownloadError.offline("thing")) {
            try await test.downloading(change: { $0.offline = true }) { try await $0.blob(request) }
        }
        try test.store.insert(content)
        try await test.downloading(change: { $0.offline = true }) { _ = try await $0.blob(request) }
        #expect(server.asked.isEmpty)
    }

    @Test func needsDigestAndURL() async throws {
        await #expect(throws: DownloadError.noURL(label: "thing")) {
            try await test.downloading { try await $0.blob(DownloadCase.request()) }
        }
        await #expect(throws: DownloadError.noDigest(label: "x")) {
            try await test.downloading {
                try await $0.blob(DownloadRequest(urls: ["http://x/"], digest: nil, size: nil, label: "x"))
            }
        }
    }
}
