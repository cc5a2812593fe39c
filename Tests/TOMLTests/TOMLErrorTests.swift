//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import TOML
import Testing

@Suite struct TOMLErrorTests {
    @Test(arguments: [
        ("a = 1\nb = \n", 2, 5, "a value should stand here"),
        ("a = 1\n  a = 2\n", 2, 3, "the key `a` is already there on line 1"),
        ("[a]\n[b]\n[a]\n", 3, 1, "the key `a` is already there on line 1"),
        ("a = [1\n", 1, 5, "the array has no end"),
        ("a = {b = 1\n", 1, 5, "the inline table has no end"),
        ("a = [1 2]", 1, 8, "a comma or `]` should stand here"),
        ("a = {b = 1 c = 2}", 1, 12, "a comma or `}` should stand here"),
        ("\n\na b = 1\n", 3, 3, "a key is followed by `=`"),
        ("a. = 1\n", 1, 4, "a key should stand here"),
        ("= 1\n", 1, 1, "a key should stand here"),
        ("a = \"x\n", 1, 5, "the string has no end on its line"),
        ("a = \"\"\"x\n\n\"\"", 1, 5, "the string has no end"),
        ("a = \"\\q\"\n", 1, 6, "this backslash escapes nothing; a literal string stands in single quotes"),
        ("a = \"\\ud800\"\n", 1, 6, "this escape names no Unicode character"),
        ("a = \"\\u+123\"\n", 1, 6, "this escape names no Unicode character"),
        ("a = yes\n", 1, 5, "`yes` is no value; strings stand in quotes"),
        ("a = 99999999999999999999\n", 1, 5, "the integer `99999999999999999999` does not fit into 64 bits"),
        ("a = '\u{1}'\n", 1, 6, "a control character stands here"),
        ("a = 1 # \0\n", 1, 9, "a control character stands here"),
        ("a = 1\rb = 2", 1, 6, "a carriage return stands without a line feed"),
        ("[a\n", 1, 3, "a table header ends with `]`"),
        ("[[a]\n", 1, 5, "a table header ends with `]]`"),
        ("[[a] ]\n", 1, 5, "a table header ends with `]]`"),
        ("[a] b = 1", 1, 5, "the line goes on where it should end"),
        ("a = 1 b = 2", 1, 7, "the line goes on where it should end"),
    ])
    func saysWhereAndWhat(text: String, line: Int, column: Int, problem: String) {
        #expect(throws: TOMLError(line: line, column: column, problem: problem)) { try table(text) }
    }

    @Test(arguments: [
        "a.b.c = 1\n[a.b]\nd = 1", "a.b = 1\n[a]", "a = 1\na.b = 2", "a = {b = 1}\na.c = 2", "a = {b = 1}\n[a.c]",
        "a = [1]\n[[a]]", "a = [{b = 1}]\n[a.c]", "[a]\n[[a]]", "[[a]]\n[a]", "[a.b.c]\nz = 9\n[a]\nb.c.t = 9",
        "[a.b]\n[a]\nb.c = 1", "[[a.b]]\n[a]\nb.c = 1", "a = {b = 1, b = 2}", "a = {b.c = 1, b = 2}",
        "a = {b = {c = 1}, b.d = 2}",
        "[a]\nb.c = 1\n[a.b]", "[a.b]\nc = 1\n[a.b.c]", "[a.b.c]\n[[a.b]]",
    ])
    func refusesToDefineTwice(text: String) {
        #expect { try table(text) } throws: { "\($0)".contains("is already there on line") }
    }

    @Test(arguments: [
        "01", "+01", "1_", "_1", "1__2", "1.", ".5", "1.e5", "1e", "0x", "0xG", "+0x1", "0o8", "0b2", "1._5", "1e_5",
        "0_1", "00.5",
        "+", "-", "Inf", "infinity", "+true", "TRUE", "2024-13-01", "2023-02-29", "2024-1-1", "24:00:00", "12:60:00",
        "1:00:00",
        "12:00:00.", "2024-01-01T", "2024-01-01T12:00:00+1:00", "2024-01-01T12:00:00+24:00", "12:00:00Z", "2024-01-01x",
        "12:00.5",
    ])
    func refusesValues(text: String) {
        #expect { try table("a = \(text)") } throws: {
            "\($0)" == "1:5: `\(text)` is no value; strings stand in quotes"
        }
    }

    @Test func refusesWhatIsNotUTF8() {
        #expect(throws: TOMLError(line: 2, column: 1, problem: "the line is not UTF-8")) {
            try parseTOML(Array("a = 1\nb = '".utf8) + [0xFF, 0x27])
        }
    }

    @Test func refusesDepthAndSize() throws {
        func repeated(_ text: String) -> String { String(repeating: text, count: 100_000) }
        for text in [
            "a = \(repeated("["))", "a = \(repeated("{a="))", "[\(repeated("a."))a]", "\(repeated("a."))a = 1",
        ] {
            #expect {
                try table(text)
            } throws: {
                "\($0)".hasSuffix("more than 100 tables and arrays stand within each other")
            }
        }
        var nested = ""
        for depth in 1...99 { nested += "[\(Array(repeating: "a", count: depth).joined(separator: "."))]\n" }
        _ = try table(nested)
        #expect(throws: TOMLError(line: 1, column: 1, problem: "the document has more than 67108864 bytes")) {
            try parseTOML([UInt8](repeating: 0x20, count: (64 << 20) + 1))
        }
    }

    @Test func survivesEveryTruncationAndFlip() throws {
        let text = "a.\"b\" = [1, 'c', {d = \"\\u00e9\"}]\n[e.f]\ng = \"\"\"h\\\n\"\"\"\n[[i]]\nj = 2024-01-01 # k\n"
        let bytes = Array(text.utf8)
        _ = try parseTOML(bytes)
        for end in bytes.indices { _ = try? parseTOML(Array(bytes[..<end])) }
        for index in bytes.indices {
            for value: UInt8 in [
                0x00, 0x0A, 0x0D, 0x20, 0x22, 0x27, 0x2C, 0x2E, 0x3D, 0x5B, 0x5C, 0x5D, 0x7B, 0x7D, 0xFF,
            ] {
                var changed = bytes
                changed[index] = value
                _ = try? parseTOML(changed)
            }
        }
    }
}
