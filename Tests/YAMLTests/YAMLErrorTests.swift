//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing
import YAML

@Suite struct YAMLErrorTests {
    @Test(arguments: [
        ("a: 1\nb: 2\na: 3\n", 3, 1, "the key `a` is already there on line 1"),
        ("a: 1\n'a': 2\n", 2, 1, "the key `a` is already there on line 1"),
        ("[x]: 1\n? [x]\n: 2\n", 2, 3, "this key is already there on line 1"),
        ("a: [1, 2\nb: 3\n", 2, 2, "while parsing a flow sequence, did not find expected ',' or ']'"),
        ("a: b: c\n", 1, 5, "mapping values are not allowed in this context"),
        ("a:\n\t- b\n", 2, 1, "while scanning for the next token, found character that cannot start any token"),
        ("a: \"x", 1, 6, "while scanning a quoted scalar, found unexpected end of stream"),
    ])
    func saysWhereAndWhat(text: String, line: Int, column: Int, problem: String) {
        #expect(throws: YAMLError(line: line, column: column, problem: problem)) { try parseYAML(Array(text.utf8)) }
    }

    @Test func pointsAtInvalidUTF8AndControlCharacters() {
        #expect(throws: YAMLError(line: 2, column: 4, problem: "invalid leading UTF-8 octet (#FF)")) {
            try parseYAML(Array("a: 1\nb: ".utf8) + [0xFF, 0x0A])
        }
        #expect(throws: YAMLError(line: 2, column: 4, problem: "control characters are not allowed (#1)")) {
            try parseYAML(Array("a: 1\nb: \u{1}\n".utf8))
        }
    }

    @Test func takesTheLastOfEqualKeysIfAsked() throws {
        let bytes = Array("a: 1\nb: 2\na: 3\n".utf8)
        let root = try #require(try parseYAML(bytes, allowingDuplicateKeys: true))
        #expect(root.mapping?.map(\.key.string) == ["b", "a"])
        #expect(root["a"]?.int == 3)
    }

    @Test func tellsKeysApartByCodePoint() throws {
        #expect(try node("\u{E9}: 1\ne\u{301}: 2\n").mapping?.count == 2)
    }

    @Test func survivesEveryTruncationAndFlip() throws {
        let bytes = Array("a: &x [1, 'b', \"\\u00e9\", {c: *x}]\nd: |\n  e\n? [f]\n: !!str g # h\n---\n- i\n".utf8)
        for end in bytes.indices { _ = try? parseYAMLDocuments(Array(bytes[..<end])) }
        for index in bytes.indices {
            for value: UInt8 in [0x00, 0x0A, 0x22, 0x2A, 0x3A, 0x5B, 0x7B, 0x80, 0xFF] {
                var changed = bytes
                changed[index] = value
                _ = try? parseYAMLDocuments(changed)
            }
        }
    }
}
