//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A byte string whose lexicographic order is the order of the versions of one dialect.
///
/// Each dialect writes the parts of a version in falling weight, with tags between them that put "nothing more" on its
/// right place. Two spellings of one version have one key, so equality and hash follow from the bytes. No byte after a
/// complete part is 0xFF: a key that ends in it lies above all that share its prefix.
struct SortKey: Hashable, Comparable, Sendable {
    private(set) var bytes: [UInt8] = []

    static func < (lhs: SortKey, rhs: SortKey) -> Bool {
        lhs.bytes.lexicographicallyPrecedes(rhs.bytes)
    }

    mutating func append(tag: UInt8) { bytes.append(tag) }

    mutating func append(_ key: SortKey) { bytes += key.bytes }

    /// A number of any length: the count of its digits, then the digits.
    mutating func append(digits: some Sequence<UInt8>) {
        let significant = Array(digits.drop { $0 == 0x30 })
        bytes.append(UInt8(truncatingIfNeeded: min(significant.count, 0x7FFF) >> 8))
        bytes.append(UInt8(truncatingIfNeeded: significant.count))
        bytes += significant
    }

    mutating func append(number: Int) {
        append(digits: String(number).utf8)
    }

    /// A word of non-zero bytes: a prefix comes before the longer word.
    mutating func append(word: some Sequence<UInt8>) {
        bytes += word
        bytes.append(0)
    }

    /// The release numbers without the zeros at their end, closed below any further number.
    mutating func append(release: [Int]) {
        for number in release.prefix(release.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0) {
            append(tag: Tag.number)
            append(number: number)
        }
        append(tag: Tag.end)
    }

    /// Above every key that starts with this one, this one included.
    var aboveAllThatStartWithIt: SortKey {
        var key = self
        key.append(tag: 0xFF)
        return key
    }

    /// Tags that several dialects share, in their order.
    enum Tag {
        static let end: UInt8 = 0x01
        static let word: UInt8 = 0x10
        static let number: UInt8 = 0x40
        static let none: UInt8 = 0x80
    }
}
