//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The fields of a stanza that the index keeps.
enum StanzaField: Int {
    case package, version, architecture, priority, essential, important, protected, multiArch, preDepends, depends
    case conflicts, breaks, recommends, suggests, replaces, enhances, provides

    /// The names in lower case, in the order of the cases.
    fileprivate static let names = [
        "package", "version", "architecture", "priority", "essential", "important", "protected", "multi-arch",
        "pre-depends", "depends", "conflicts", "breaks", "recommends", "suggests", "replaces", "enhances", "provides",
    ].map { [UInt8]($0.utf8) }
}

/// Where the fields of one stanza stand; an absent field is an empty range.
struct StanzaFields {
    /// Where the stanza starts; nil before its first line.
    private(set) var start: Int?
    private var ranges = [Range<Int>](repeating: 0..<0, count: StanzaField.names.count)
    /// The number of the field that a continuation line belongs to, of those kept.
    private var last: Int?
    private let names = StanzaField.names

    /// Where the value of a field stands.
    subscript(field: StanzaField) -> Range<Int> {
        ranges[field.rawValue]
    }

    /// Forgets the stanza.
    mutating func reset() {
        start = nil
        last = nil
        for number in ranges.indices { ranges[number] = 0..<0 }
    }

    /// Takes up one line, which is not empty; false if it is not part of a control file.
    mutating func add(_ text: UnsafeRawBufferPointer, _ line: Range<Int>) -> Bool {
        if isBlank(text[line.lowerBound]) {
            guard start != nil else { return false }
            // A continuation line directly follows its field, so the field's range grows over the line break.
            if let last { ranges[last] = ranges[last].lowerBound..<line.upperBound }
            return true
        }
        if start == nil { start = line.lowerBound }
        guard let colon = colon(text, line) else { return false }
        last = number(text, line.lowerBound..<colon)
        if let last { ranges[last] = trimmed(text, colon + 1..<line.upperBound) }
        return true
    }

    private func number(_ text: UnsafeRawBufferPointer, _ name: Range<Int>) -> Int? {
        for (number, field) in names.enumerated() where field.count == name.count {
            var index = 0
            while index < field.count, lowercased(text[name.lowerBound + index]) == field[index] { index += 1 }
            if index == field.count { return number }
        }
        return nil
    }

    private func colon(_ text: UnsafeRawBufferPointer, _ line: Range<Int>) -> Int? {
        for index in line where text[index] == UInt8(ascii: ":") { return index > line.lowerBound ? index : nil }
        return nil
    }

    private func trimmed(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, isBlank(text[lower]) { lower += 1 }
        while upper > lower, isBlank(text[upper - 1]) || text[upper - 1] == UInt8(ascii: "\r") { upper -= 1 }
        return lower..<upper
    }
}

/// The position of the next line feed, or the end of the text.
func endOfLine(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
    guard start < text.count, let base = text.baseAddress,
        let found = memchr(base + start, Int32(UInt8(ascii: "\n")), text.count - start)
    else { return text.count }
    return UnsafeRawPointer(found) - base
}
