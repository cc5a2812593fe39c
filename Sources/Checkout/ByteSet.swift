//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A set of bytes, as a bracket expression of a glob names it.
struct ByteSet {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    func contains(_ byte: UInt8) -> Bool {
        let bit: UInt64 = 1 << UInt64(byte & 63)
        return switch byte >> 6 {
        case 0: words.0 & bit != 0
        case 1: words.1 & bit != 0
        case 2: words.2 & bit != 0
        default: words.3 & bit != 0
        }
    }

    private mutating func insert(_ byte: UInt8) {
        let bit: UInt64 = 1 << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    /// Reads `!a-z[:digit:]]` behind an opening bracket from `rest`; `nil` if it does not end or names no class.
    init?(bracket rest: inout ArraySlice<UInt8>) {
        var isNegated = false
        if let first = rest.first, first == UInt8(ascii: "!") || first == UInt8(ascii: "^") {
            isNegated = true
            rest.removeFirst()
        }
        var lower: UInt8?
        var isFirst = true
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "]"), !isFirst {
                if isNegated { words = (~words.0, ~words.1, ~words.2, ~words.3) }
                return
            }
            isFirst = false
            if byte == UInt8(ascii: "-"), let from = lower, let next = rest.first, next != UInt8(ascii: "]") {
                guard let to = Self.member(&rest) else { return nil }
                if from <= to { for value in from...to { insert(value) } }
                lower = nil
            } else if byte == UInt8(ascii: "["), rest.first == UInt8(ascii: ":"),
                let end = rest.firstIndex(of: UInt8(ascii: "]"))
            {
                let name = rest[..<end].dropFirst()
                if name.last == UInt8(ascii: ":") {
                    guard insert(class: String(decoding: name.dropLast(), as: UTF8.self)) else { return nil }
                    rest = rest[(end + 1)...]
                    lower = nil
                } else {
                    insert(byte)
                    lower = byte
                }
            } else {
                var member = byte
                if byte == UInt8(ascii: "\\") {
                    guard let escaped = rest.popFirst() else { return nil }
                    member = escaped
                }
                insert(member)
                lower = member
            }
        }
        return nil
    }

    private static func member(_ rest: inout ArraySlice<UInt8>) -> UInt8? {
        guard let byte = rest.popFirst() else { return nil }
        return byte == UInt8(ascii: "\\") ? rest.popFirst() : byte
    }

    /// Adds the POSIX class `name` as in the C locale.
    private mutating func insert(class name: String) -> Bool {
        let digits: [ClosedRange<UInt8>] = [0x30...0x39]
        let upper: [ClosedRange<UInt8>] = [0x41...0x5A]
        let lower: [ClosedRange<UInt8>] = [0x61...0x7A]
        let ranges: [ClosedRange<UInt8>]
        switch name {
        case "alnum": ranges = digits + upper + lower
        case "alpha": ranges = upper + lower
        case "blank": ranges = [0x09...0x09, 0x20...0x20]
        case "cntrl": ranges = [0x00...0x1F, 0x7F...0x7F]
        case "digit": ranges = digits
        case "graph": ranges = [0x21...0x7E]
        case "lower": ranges = lower
        case "print": ranges = [0x20...0x7E]
        case "punct": ranges = [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]
        case "space": ranges = [0x09...0x0D, 0x20...0x20]
        case "upper": ranges = upper
        case "xdigit": ranges = digits + [0x41...0x46, 0x61...0x66]
        default: return false
        }
        for range in ranges { for byte in range { insert(byte) } }
        return true
    }
}
