//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A cursor over the bytes of a version or constraint.
struct ByteScanner {
    let bytes: [UInt8]
    var position = 0

    init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

    init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    var isAtEnd: Bool { position >= bytes.count }

    var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    func peek(_ offset: Int) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    /// What has not been scanned, for messages.
    var rest: String { String(decoding: bytes[min(position, bytes.count)...], as: UTF8.self) }

    mutating func scan(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    mutating func scan(_ literal: String) -> Bool {
        guard bytes[position...].starts(with: literal.utf8) else { return false }
        position += literal.utf8.count
        return true
    }

    /// The first of the literals that stands here. Put longer ones before their prefixes.
    mutating func scan(firstOf literals: [String]) -> String? {
        for literal in literals where scan(literal) { return literal }
        return nil
    }

    mutating func scan(while condition: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let start = position
        while let byte = current, condition(byte) { position += 1 }
        return bytes[start..<position]
    }

    /// A run of digits, or nil and nothing scanned.
    mutating func scanDigits() -> ArraySlice<UInt8>? {
        let digits = scan(while: \.isDigit)
        return digits.isEmpty ? nil : digits
    }

    /// A run of digits as a number, or nil when there is none or it has more than 18 digits.
    mutating func scanInteger() -> Int? {
        scanDigits().flatMap(integer)
    }

    @discardableResult
    mutating func skipSpaces() -> Bool {
        !scan(while: \.isSpace).isEmpty
    }
}

extension UInt8 {
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }

    var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }

    var isAlphanumeric: Bool { isDigit || isLetter }

    var isSpace: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D) }

    var lowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }
}

/// The value of a run of digits, or nil when it has more than 18 that count.
func integer(_ digits: ArraySlice<UInt8>) -> Int? {
    let significant = digits.drop { $0 == 0x30 }
    guard significant.count <= 18 else { return nil }
    return significant.reduce(0) { $0 * 10 + Int($1 - 0x30) }
}

/// The bytes without white space at either end.
func trimmed(_ bytes: some BidirectionalCollection<UInt8>) -> ArraySlice<UInt8> {
    var result = ArraySlice(bytes)
    while let first = result.first, first.isSpace { result.removeFirst() }
    while let last = result.last, last.isSpace { result.removeLast() }
    return result
}
