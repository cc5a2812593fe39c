//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Download
import NIOHTTP1
import TestSupport
import Testing

@Suite struct DocumentTests {
    private let test: DownloadCase

    init() throws { test = try DownloadCase() }

    @Test(arguments: [
        ("ETag", "\"v1\"", "If-None-Match"), ("Last-Modified", "Sat, 01 Jan 2000 00:00:00 GMT", "If-Modified-Since"),
    ])
    func asksWhetherItsCopyIsCurrent(header: String, value: String, condition: String) async throws {
        let server = try await TestServer { asked in
            asked[condition] == value
                ? .status(.notModified) : Answer(headers: [header: value], body: Array("one".utf8))
        }
        for _ in 0..<3 {
            let document = try await test.downloading {
                try await $0.document(server.url + "/InRelease", maximumSize: 10)
            }
            #expect(document == Array("one".utf8))
        }
        #expect(server.asked.map { $0[condition] } == [nil, value, value])
    }

    @Test func takesTheNewVersion() async throws {
        let server = try await TestServer { asked in
            Answer(headers: ["ETag": "\"\(asked.number)\""], body: Array("\(asked.number)".utf8))
        }
        for number in 0..<3 {
            let document = try await test.downloading { try await $0.document(server.url + "/x", maximumSize: 10) }
            #expect(document == Array("\(number)".utf8))
        }
    }

    @Test func usesTheLastCopyOnlyWhenOffline() async throws {
        let server = try await TestServer { asked in
            asked.number == 0 ? Answer(body: [1, 2, 3]) : .status(.internalServerError)
        }
        let url = server.url + "/x"
        await #expect(throws: DownloadError.offline(url)) {
            try await test.downloading(change: { $0.offline = true }) { try await $0.document(url, maximumSize: 10) }
        }
        _ = try await test.downloading { try await $0.document(url, maximumSize: 10) }
        await #expect(throws: DownloadError.status(url: url, 500)) {
            try await test.downloading { try await $0.document(url, maximumSize: 10) }
        }
        let copy = try await test.downloading(change: { $0.offline = true }) {
            try await $0.document(url, maximumSize: 10)
        }
        #expect(copy == [1, 2, 3])
    }

    @Test func keepsACopyForEachKindOfAnswer() async throws {
        let server = try await TestServer { Answer(headers: ["ETag": "\"x\""], body: Array(($0["Accept"] ?? "").utf8)) }
        for accept in ["text/html", "application/json"] {
            let document = try await test.downloading {
                try await $0.document(server.url, maximumSize: 100, headers: [("Accept", accept)])
            }
            #expect(document == Array(accept.utf8))
        }
        #expect(server.asked.allSatisfy { $0["If-None-Match"] == nil })
    }

    @Test func refusesWhatIsTooLarge() async throws {
        let server = try await TestServer { _ in Answer(body: Array(repeating: 1, count: 101)) }
        let url = server.url + "/x"
        await #expect(throws: DownloadError.tooLarge(url: url, maximum: 100)) {
            try await test.downloading { try await $0.document(url, maximumSize: 100) }
        }
        #expect(try await test.downloading { try await $0.document(url, maximumSize: 101) }.count == 101)
    }

    @Test func tellsThatThereIsNone() async throws {
        let server = try await TestServer { _ in .status(.notFound) }
        for url in [server.url + "/x", "file:///absent"] {
            let error = await #expect(throws: DownloadError.self) {
                try await test.downloading { try await $0.document(url, maximumSize: 1) }
            }
            #expect(error?.isNotFound == true)
        }
        #expect(server.asked.count == 1)
    }

    @Test func triesABrokenDocumentAgain() async throws {
        let server = try await TestServer { asked in
            Answer(body: [1, 2, 3], breakOffAfter: asked.number == 0 ? 1 : nil)
        }
        #expect(try await test.downloading { try await $0.document(server.url, maximumSize: 3) } == [1, 2, 3])
    }
}
