//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import Testing

@testable import Download

@Suite struct RangeAndFileTests {
    @Test(
        arguments: [
            ("bytes 0-9/10", 0, 10), ("bytes 5-9/*", 5, nil), ("Bytes 5-9/10", 5, 10),
        ] as [(String, Int64, Int64?)])
    func readsAContentRange(text: String, start: Int64, total: Int64?) throws {
        let range = try #require(ContentRange(text))
        #expect(range.start == start && range.total == total)
    }

    @Test(arguments: ["", "bytes */10", "bytes 9-5/10", "bytes 1-2", "items 0-1/2", "bytes 0-1/x", "bytes -1-2/3"])
    func refusesWhatIsNoContentRange(text: String) {
        #expect(ContentRange(text) == nil)
    }

    @Test(
        arguments: [
            ("file:///a%20b", "/a b"), ("file:/a", "/a"), ("file://localhost/a", "/a"), ("file://host/a", nil),
            ("file:a", nil), ("file:///a%00b", nil), ("http://a", nil), ("file:///100%25%", "/100%%"),
        ] as [(String, FilePath?)])
    func readsAFileURL(text: String, path: FilePath?) {
        #expect(LocalFile.path(text) == path)
    }
}
