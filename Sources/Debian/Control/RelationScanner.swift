//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Reads the entries of a relation field from its bytes, as ranges of them.
///
/// The one parser of relations: `PackageRelation` makes values of what it finds, and the package index keeps the ranges.
struct RelationScanner {
    /// One alternative, as ranges into the bytes scanned.
    struct Item {
        var name: Range<Int>
        var qualifier: Range<Int>?
        var comparison: PackageRelation.Comparison?
        var version: Range<Int> = 0..<0
        /// What stands between `[` and `]`.
        var architectures: Range<Int>?
        /// What stands between each `<` and `>`.
        var profiles: [Range<Int>] = []
        /// Whether a `|` follows: the next item is an alternative to this one.
        var hasAlternative = false
    }

    /// Why scanning stopped.
    struct Problem: Error {
        var text: String
    }

    private let bytes: UnsafeRawBufferPointer
    private var position: Int
    private let end: Int

    /// A scanner of `range` of `bytes`, which has to lie inside.
    init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        self.bytes = bytes
        let range = range.clamped(to: 0..<bytes.count)
        position = range.lowerBound
        end = range.upperBound
    }

    /// The next alternative; `nil` at the end of the field.
    mutating func next() throws(Problem) -> Item? {
        skipSpace()
        while peek() == UInt8(ascii: ",") {
            position += 1
            skipSpace()
        }
        guard position < end else { return nil }
        var item = Item(name: try token("a package name", isNameByte))
        if peek() == UInt8(ascii: ":") {
            position += 1
            item.qualifier = try token("an architecture", isNameByte)
        }
        skipSpace()
        if peek() == UInt8(ascii: "(") { try scanBound(into: &item) }
        if peek() == UInt8(ascii: "[") { item.architectures = try enclosed(by: UInt8(ascii: "]")) }
        while peek() == UInt8(ascii: "<") { item.profiles.append(try enclosed(by: UInt8(ascii: ">"))) }
        switch peek() {
        case UInt8(ascii: "|"):
            position += 1
            item.hasAlternative = true
            skipSpace()
            if position == end || peek() == UInt8(ascii: ",") { throw Problem(text: "nothing follows `|`") }
        case UInt8(ascii: ","): position += 1
        case nil: break
        case let byte?: throw Problem(text: "unexpected `\(Character(UnicodeScalar(byte)))`")
        }
        return item
    }

    private mutating func scanBound(into item: inout Item) throws(Problem) {
        position += 1
        skipSpace()
        let start = position
        while let byte = peek(), byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "=") {
            position += 1
        }
        item.comparison = try comparison(start..<position)
        skipSpace()
        item.version = try token("a version") { $0 > 0x20 && $0 != UInt8(ascii: ")") }
        skipSpace()
        guard peek() == UInt8(ascii: ")") else { throw Problem(text: "`)` is missing") }
        position += 1
        skipSpace()
    }

    /// `<` and `>` alone mean `<=` and `>=`, as dpkg reads them.
    private func comparison(_ range: Range<Int>) throws(Problem) -> PackageRelation.Comparison {
        let first = range.isEmpty ? 0 : bytes[range.lowerBound]
        let second = range.count == 2 ? bytes[range.lowerBound + 1] : 0
        switch (first, second, range.count) {
        case (UInt8(ascii: "="), 0, 1): return .equal
        case (UInt8(ascii: "<"), UInt8(ascii: "<"), 2): return .earlier
        case (UInt8(ascii: ">"), UInt8(ascii: ">"), 2): return .later
        case (UInt8(ascii: "<"), UInt8(ascii: "="), 2), (UInt8(ascii: "<"), 0, 1): return .earlierOrEqual
        case (UInt8(ascii: ">"), UInt8(ascii: "="), 2), (UInt8(ascii: ">"), 0, 1): return .laterOrEqual
        default: throw Problem(text: "a bound starts with one of `<<`, `<=`, `=`, `>=`, `>>`")
        }
    }

    private mutating func enclosed(by close: UInt8) throws(Problem) -> Range<Int> {
        position += 1
        let start = position
        while let byte = peek(), byte != close { position += 1 }
        guard position < end else {
            throw Problem(text: "`\(Character(UnicodeScalar(close)))` is missing")
        }
        let range = start..<position
        position += 1
        skipSpace()
        return range
    }

    private mutating func token(_ what: String, _ isPart: (UInt8) -> Bool) throws(Problem) -> Range<Int> {
        let start = position
        while position < end, isPart(bytes[position]) { position += 1 }
        guard position > start else { throw Problem(text: "\(what) is missing") }
        return start..<position
    }

    private func peek() -> UInt8? {
        position < end ? bytes[position] : nil
    }

    private mutating func skipSpace() {
        while position < end, isSpace(bytes[position]) { position += 1 }
    }
}

/// Whether a byte may stand in a package name; lenient, as archives hold capitals and underscores too.
private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"):
        true
    default: false
    }
}

/// Whether a byte is white space.
func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (byte >= 0x09 && byte <= 0x0D)
}
