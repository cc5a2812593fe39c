//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Detectors

struct TextSearchTests {
    @Test(arguments: [
        ("abcabd", "abd", 3), ("abc", "abc", 0), ("abc", "abcd", nil), ("", "a", nil), ("", "", 0), ("aaab", "ab", 2),
        ("a\r\nb", "\n", 2), ("naïve", "ve", 4), ("größe", "ß", 4), ("x", "", 0), ("abab", "b", 1), ("a", "b", nil),
    ])
    func findsTextByBytes(text: String, wanted: String, offset: Int?) {
        #expect(text.range(ofText: wanted).map { $0.utf16Offset(in: text) } == utf16(offset, in: text))
        #expect(text.contains(wanted) == (offset != nil))
        let inside = "<\(text)>".dropFirst().dropLast()
        #expect(inside.range(ofText: wanted).map { inside.utf8.distance(from: inside.startIndex, to: $0) } == offset)
    }

    @Test(arguments: [
        ("a, b, c", ", ", ["a", "b", "c"]), ("abc", "x", ["abc"]), ("", "x", [""]), ("xx", "x", ["", "", ""]),
        ("a\r\nb\n", "\n", ["a\r", "b", ""]),
    ])
    func splitsTextAtSeparators(text: String, separator: String, expected: [String]) {
        #expect(text.parts(separatedBy: separator) == expected)
        #expect(text.replacing(text: separator, with: "/") == expected.joined(separator: "/"))
    }

    private func utf16(_ offset: Int?, in text: String) -> Int? {
        offset.map { text.utf8.index(text.startIndex, offsetBy: $0).utf16Offset(in: text) }
    }
}
