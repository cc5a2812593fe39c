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
        (#""\u00e9\n\"\/""#, "é\n\"/"), (#""\ud83d\ude00""#, "😀"), (#""\ud83d""#, "\u{FFFD}"),
        (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\udc00\ud83d\ude00""#, "\u{FFFD}😀"), (#""\\""#, "\\"),
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
        ("01", 1), ("1.", 1), ("-", 1), (".5", 1), ("1e", 1), ("\"a\u{1}\"", 1), ("\"a\tb\"", 1), ("\"\\u+041\"", 1),
        ("\n\u{FEFF}1", 2), ("<<<<<<< ours", 1),
    ])
    func namesTheLineOfAMistake(text: String, line: Int) {
        #expect { try parseJSON(Array(text.utf8)) } throws: { ($0 as? JSONError)?.line == line }
    }

    @Test func refusesDeepNesting() {
        let text = Array(String(repeating: "[", count: 100_000).utf8)
        #expect(throws: JSONError.self) { try parseJSON(text) }
    }

    @Test(arguments: ["0", "-0", "10", "1.5", "-1.25e+10", "1E-2", "123456789012345678901234567890"])
    func keepsANumberAsWritten(text: String) throws {
        #expect(try parseJSON(Array(text.utf8)).value == .number(text))
    }

    @Test(arguments: ["", "a", "\"\\/", "a\nb\r\t", "\u{0}\u{1F}\u{7F}", "é😀\u{2028}", "\u{FEFF}"])
    func writesAStringThatReadsBack(text: String) throws {
        let written = jsonString(text)
        #expect(try parseJSON(Array(written.utf8)).string == text)
        #expect(!written.utf8.contains { $0 < 0x20 })
    }

    @Test func writesAValueOnOneLine() throws {
        let text = #"{"a": [1, null, true], "b": {"c": "d\ne"}, "e": [], "f": {}}"#
        #expect(try parseJSON(Array(text.utf8)).value.text == text)
    }

    @Test func takesTheLastOfEqualMembers() throws {
        #expect(try parseJSON(Array(#"{"a": 1, "a": 2}"#.utf8))["a"]?.int == 2)
    }
}
