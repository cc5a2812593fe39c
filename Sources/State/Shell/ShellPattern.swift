//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Matches the shell's patterns (POSIX XCU 2.13): `*`, `?`, `[…]`, and `\` before a literal byte.
enum ShellPattern {
    /// Whether all of `text` matches `pattern`.
    static func matches(_ text: [UInt8], _ pattern: [UInt8]) -> Bool {
        matches(text[...], pattern[...])
    }

    static func matches(_ text: String, _ pattern: String) -> Bool {
        matches(Array(text.utf8), Array(pattern.utf8))
    }

    /// Whether a word holds anything that a pattern treats specially.
    static func isPattern(_ text: String) -> Bool {
        var escaped = false
        for byte in text.utf8 {
            if escaped {
                escaped = false
            } else if byte == UInt8(ascii: "\\") {
                escaped = true
            } else if byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "[") {
                return true
            }
        }
        return false
    }

    /// `text` with a `\` before every byte that a pattern treats specially.
    static func escape(_ text: String) -> String {
        var escaped: [UInt8] = []
        for byte in text.utf8 {
            if "*?[]\\".utf8.contains(byte) { escaped.append(UInt8(ascii: "\\")) }
            escaped.append(byte)
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    /// The text that an escaped word without patterns stands for.
    static func unescape(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
        var plain: [UInt8] = []
        var escaped = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\\"), !escaped {
                escaped = true
            } else {
                plain.append(byte)
                escaped = false
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }

    /// The same for slices. A star that has to take more is tried again from the last one only, which is enough and
    /// keeps the time within the product of the lengths.
    static func matches(_ text: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        var (text, pattern) = (text, pattern)
        var star: (text: ArraySlice<UInt8>, pattern: ArraySlice<UInt8>)?
        while true {
            if pattern.first == UInt8(ascii: "*") {
                pattern.removeFirst()
                if pattern.isEmpty { return true }
                star = (text, pattern)
            } else if pattern.isEmpty ? text.isEmpty : takeOne(&text, &pattern) {
                if pattern.isEmpty, text.isEmpty { return true }
            } else {
                guard let last = star, !last.text.isEmpty else { return false }
                star = (last.text.dropFirst(), last.pattern)
                (text, pattern) = (last.text.dropFirst(), last.pattern)
            }
        }
    }

    /// Takes one element of the pattern and what it matches from both; false if it does not match.
    private static func takeOne(_ text: inout ArraySlice<UInt8>, _ pattern: inout ArraySlice<UInt8>) -> Bool {
        guard let symbol = pattern.first, let byte = text.popFirst() else { return false }
        if symbol == UInt8(ascii: "?") {
            if byte >= 0xC0 { while let more = text.first, more & 0xC0 == 0x80 { text.removeFirst() } }
            pattern.removeFirst()
            return true
        }
        if symbol == UInt8(ascii: "["), let set = ByteSet.parse(pattern) {
            pattern = pattern[set.end...]
            return set.contains(byte)
        }
        pattern.removeFirst()
        if symbol == UInt8(ascii: "\\"), let next = pattern.popFirst() { return byte == next }
        return byte == symbol
    }
}

/// A bracket expression.
struct ByteSet {
    private var members = [Bool](repeating: false, count: 256)
    private var isNegated = false
    /// Where the text goes on behind the closing bracket.
    private(set) var end: Int

    func contains(_ byte: UInt8) -> Bool { members[Int(byte)] != isNegated }

    /// Parses `[…]` at the start of `pattern`; nil when it is not closed.
    static func parse(_ pattern: ArraySlice<UInt8>, allowsEscapes: Bool = true) -> ByteSet? {
        var set = ByteSet(end: pattern.startIndex)
        var index = pattern.startIndex + 1
        func byte(_ index: Int) -> UInt8? { index < pattern.endIndex ? pattern[index] : nil }
        if byte(index) == UInt8(ascii: "!") || byte(index) == UInt8(ascii: "^") {
            set.isNegated = true
            index += 1
        }
        var isFirst = true
        while let current = byte(index), isFirst || current != UInt8(ascii: "]") {
            isFirst = false
            if current == UInt8(ascii: "["), byte(index + 1) == UInt8(ascii: ":"),
                let close = pattern[(index + 2)...].firstIndex(of: UInt8(ascii: ":")),
                byte(close + 1) == UInt8(ascii: "]")
            {
                guard set.insert(class: String(decoding: pattern[(index + 2)..<close], as: UTF8.self)) else {
                    return nil
                }
                index = close + 2
                continue
            }
            var low = current
            if allowsEscapes, low == UInt8(ascii: "\\"), let next = byte(index + 1) {
                low = next
                index += 1
            }
            if byte(index + 1) == UInt8(ascii: "-"), let high = byte(index + 2), high != UInt8(ascii: "]") {
                if low <= high { for member in low...high { set.members[Int(member)] = true } }
                index += 3
            } else {
                set.members[Int(low)] = true
                index += 1
            }
        }
        guard byte(index) == UInt8(ascii: "]") else { return nil }
        set.end = index + 1
        return set
    }

    private mutating func insert(class name: String) -> Bool {
        let test: (UInt8) -> Bool
        let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        let isUpper = { (byte: UInt8) in (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
        let isLower = { (byte: UInt8) in (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
        switch name {
        case "digit": test = isDigit
        case "upper": test = isUpper
        case "lower": test = isLower
        case "alpha": test = { isUpper($0) || isLower($0) }
        case "alnum": test = { isUpper($0) || isLower($0) || isDigit($0) }
        case "space": test = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        case "blank": test = { $0 == 0x20 || $0 == 0x09 }
        case "punct": test = { (0x21...0x7E).contains($0) && !isUpper($0) && !isLower($0) && !isDigit($0) }
        case "print": test = { (0x20...0x7E).contains($0) }
        case "xdigit":
            test = {
                isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
                    || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0)
            }
        default: return false
        }
        for byte in UInt8.min...UInt8.max where test(byte) { members[Int(byte)] = true }
        return true
    }
}
