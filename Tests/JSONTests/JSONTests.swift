//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import JSON
import Testing

struct JSONTests {
    @Test func keepsMembersInOrderWithTheirLines() throws {
        let node = try parseJSON(Array("{\n \"b\": [1,\n 2],\n \"a\": {\"c\": null}\n}".utf8))
        #expect(node.object?.map(\.key) == ["b", "a"])
        #expect(node.object?.map(\.line) == [2, 4])
        #expect(node["b"]?.array?.map(\.line) == [2, 3])
        #expect(node["b"]?.array?.map(\.int) == [1, 2])
    }

    @Test(arguments: [
        (#""\u00e9\n\"\/""#, "é\n\"/"), (#""\ud83d\ude00""#, "😀"), (#""\ud83d""#, "\u{FFFD}"), (#""\\""#, "\\"),
    ])
    func readsEscapes(text: String, expected: String) throws {
        #expect(try parseJSON(Array(text.utf8)).string == expected)
    }

    @Test func allowsCommentsAndTrailingCommasOnlyWhenLenient() throws {
        let text = Array("// c\n{\"a\": [1, /* x */ 2,],}".utf8)
        #expect(try parseJSON(text, lenient: true)["a"]?.array?.count == 2)
        #expect(throws: JSONError.self) { try parseJSON(text) }
    }

    @Test(arguments: [
        ("", 1), ("{", 1), ("{\n\"a\"", 2), ("[1 2]", 1), ("\"a\nb\"", 1), ("nul", 1), ("{}\n x", 2), ("1.2.3", 1),
        ("\"\\q\"", 1), ("\"\\u12\"", 1), ("/* x", 1), ("{\"a\":1,}", 1),
    ])
    func namesTheLineOfAMistake(text: String, line: Int) {
        #expect { try parseJSON(Array(text.utf8)) } throws: { ($0 as? JSONError)?.line == line }
    }

    @Test func refusesDeepNesting() {
        let text = Array(String(repeating: "[", count: 100_000).utf8)
        #expect(throws: JSONError.self) { try parseJSON(text) }
    }
}
