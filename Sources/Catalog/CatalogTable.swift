//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Synchronization

/// A sorted text of keys with their packages, in blocks that are decompressed when one of their keys is asked for.
///
/// A line is a key and, behind tabs, groups of a bit mask of suites in hexadecimal and packages, best first. The
/// compressed form is zstd frames (RFC 8878) of whole lines, behind a skippable frame with a line for each of them: its
/// first key, a tab, and its compressed size in bytes.
final class CatalogTable: Sendable {
    private struct Block {
        let firstKey: [UInt8]
        let range: Range<Int>
    }

    private let compressed: [UInt8]
    private let blocks: [Block]
    /// Texts of blocks by their number.
    private let texts: Mutex<[Int: [UInt8]]>

    /// The table in `text`.
    init(_ text: [UInt8]) throws(CatalogError) {
        compressed = []
        blocks = [Block(firstKey: [], range: 0..<0)]
        texts = Mutex([0: try Self.checked(text)])
    }

    /// The table in `bytes`, which are compressed.
    init(compressed bytes: [UInt8]) throws(CatalogError) {
        let magic: [UInt8] = [0x50, 0x2A, 0x4D, 0x18]
        guard bytes.count >= 8, bytes.starts(with: magic) else {
            throw .damaged("a table does not begin with its blocks")
        }
        let size = bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard size <= bytes.count - 8 else { throw .damaged("the blocks of a table are not whole") }
        var blocks: [Block] = []
        var place = 8 + size
        for line in bytes[8..<8 + size].split(separator: newline) {
            let fields = line.split(separator: tab)
            guard fields.count == 2, let count = Int(String(decoding: fields[1], as: UTF8.self)), count > 0,
                count <= bytes.count - place
            else { throw .damaged("a block of a table is not whole") }
            blocks.append(Block(firstKey: Array(fields[0]), range: place..<place + count))
            place += count
        }
        guard place == bytes.count, !blocks.isEmpty else { throw .damaged("a table does not end with its last block") }
        compressed = bytes
        self.blocks = blocks
        texts = Mutex([:])
    }

    /// The packages behind `key` in the suite of that bit, best first; nil where the suite does not know the key.
    ///
    /// - Throws: ``CatalogError/damaged(_:)`` where the block of the key cannot be decompressed.
    func packages(for key: String, suite bit: Int) throws(CatalogError) -> [String]? {
        let wanted = Array(key.utf8)
        let bytes = try text(of: block(of: wanted))
        guard let line = line(of: wanted, in: bytes) else { return nil }
        for group in bytes[line].split(separator: tab).dropFirst() {
            let words = group.split(separator: blank)
            guard let mask = words.first.flatMap(number), mask >> bit & 1 == 1 else { continue }
            return words.dropFirst().map { String(decoding: $0, as: UTF8.self) }
        }
        return nil
    }

    /// Decompresses every block.
    ///
    /// - Throws: ``CatalogError/damaged(_:)`` where one cannot be decompressed.
    func check() throws(CatalogError) {
        for number in blocks.indices { _ = try text(of: number) }
    }

    /// The number of the last block that does not begin behind `key`.
    private func block(of key: [UInt8]) -> Int {
        var low = 0
        var high = blocks.count
        while low < high {
            let middle = low + (high - low) / 2
            if key.lexicographicallyPrecedes(blocks[middle].firstKey) { high = middle } else { low = middle + 1 }
        }
        return max(low - 1, 0)
    }

    private func text(of block: Int) throws(CatalogError) -> [UInt8] {
        if let known = texts.withLock({ $0[block] }) { return known }
        let text: [UInt8]
        do throws(ArchiveError) {
            text = try decompress(Array(compressed[blocks[block].range]), limit: 1 << 24)
        } catch {
            throw .damaged("\(error)")
        }
        let checked = try Self.checked(text)
        texts.withLock { $0[block] = checked }
        return checked
    }

    private static func checked(_ text: [UInt8]) throws(CatalogError) -> [UInt8] {
        guard text.last == newline else { throw .damaged("a table does not end with a whole line") }
        return text
    }

    /// The line that starts with `key`, found by halving.
    private func line(of wanted: [UInt8], in bytes: [UInt8]) -> Range<Int>? {
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
