//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive

/// One kind of things that packages hold: sorted lines of a key, then for each set of suites that agree, after a tab,
/// the set as a bit mask in hexadecimal and the packages, best first, separated by blanks.
struct CatalogTable: Sendable {
    private let bytes: [UInt8]

    /// The table in `text`.
    init(_ text: [UInt8]) throws(CatalogError) {
        guard text.last == newline else { throw .damaged("a table does not end with a whole line") }
        bytes = text
    }

    /// The table in `bytes`, which are compressed.
    init(compressed bytes: [UInt8]) throws(CatalogError) {
        let text: [UInt8]
        do throws(ArchiveError) {
            text = try decompress(bytes, limit: 1 << 28)
        } catch {
            throw .damaged("\(error)")
        }
        try self.init(text)
    }

    /// The packages behind `key` in the suite of that bit, best first; nil where the suite does not know the key.
    func packages(for key: String, suite bit: Int) -> [String]? {
        guard let line = line(of: key) else { return nil }
        for group in bytes[line].split(separator: tab).dropFirst() {
            let words = group.split(separator: blank)
            guard let mask = words.first.flatMap(number), mask >> bit & 1 == 1 else { continue }
            return words.dropFirst().map { String(decoding: $0, as: UTF8.self) }
        }
        return nil
    }

    /// The line that starts with `key`, found by halving.
    private func line(of key: String) -> Range<Int>? {
        let wanted = Array(key.utf8)
        var low = 0
        var high = bytes.count
        while low < high {
            var start = low + (high - low) / 2
            while start > low, bytes[start - 1] != newline { start -= 1 }
            guard let end = bytes[start...].firstIndex(of: newline) else { return nil }
            let found = bytes[start..<end].prefix { $0 != tab }
            if found.elementsEqual(wanted) { return start..<end }
            if found.lexicographicallyPrecedes(wanted) { low = end + 1 } else { high = start }
        }
        return nil
    }
}

private let blank = UInt8(ascii: " ")
private let newline = UInt8(ascii: "\n")
private let tab = UInt8(ascii: "\t")

private func number(_ digits: ArraySlice<UInt8>) -> Int? {
    Int(String(decoding: digits, as: UTF8.self), radix: 16)
}
