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
/// first key, a tab, and where it begins, in bytes from the end of the skippable frame.
final class CatalogTable: Sendable {
    /// The lines of the skippable frame.
    private nonisolated(unsafe) let index: UnsafeRawBufferPointer
    private nonisolated(unsafe) let frames: UnsafeRawBufferPointer
    /// Texts of blocks by where they begin.
    private let texts = Mutex<[Int: [UInt8]]>([:])

    /// The table in `bytes`, which are compressed and outlive it.
    init(_ bytes: UnsafeRawBufferPointer) throws(CatalogError) {
        let magic: [UInt8] = [0x50, 0x2A, 0x4D, 0x18]
        guard bytes.count >= 8, bytes.starts(with: magic) else {
            throw .damaged("a table does not begin with its blocks")
        }
        let size = bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard size <= bytes.count - 8 else { throw .damaged("the blocks of a table are not whole") }
        index = UnsafeRawBufferPointer(rebasing: bytes[8..<8 + size])
        frames = UnsafeRawBufferPointer(rebasing: bytes[(8 + size)...])
    }

    /// The packages behind `key` in the suite of that bit, best first; nil where the suite does not know the key.
    ///
    /// - Throws: ``CatalogError/damaged(_:)`` where the block of the key cannot be decompressed.
    func packages(for key: String, suite bit: Int) throws(CatalogError) -> [String]? {
        let wanted = Array(key.utf8)
        guard let block = line(of: wanted, in: index, orBefore: true) else { return nil }
        let bytes = try text(of: block)
        return bytes.withUnsafeBytes { bytes in
            guard let line = line(of: wanted, in: bytes, orBefore: false) else { return nil }
            for group in bytes[line].split(separator: tab).dropFirst() {
                let words = group.split(separator: blank)
                guard let mask = words.first.flatMap(hexadecimal), mask >> bit & 1 == 1 else { continue }
                return words.dropFirst().map { String(decoding: $0, as: UTF8.self) }
            }
            return nil
        }
    }

    /// Decompresses every block.
    ///
    /// - Throws: ``CatalogError/damaged(_:)`` where one cannot be decompressed.
    func check() throws(CatalogError) {
        var start = 0
        while start < index.count {
            let end = index[start...].firstIndex(of: newline) ?? index.count
            _ = try text(of: start..<end)
            start = end + 1
        }
    }

    /// The text of the block with that line of the index.
    private func text(of line: Range<Int>) throws(CatalogError) -> [UInt8] {
        let next = line.upperBound + 1
        let nextLine = next < index.count ? next..<(index[next...].firstIndex(of: newline) ?? index.count) : nil
        guard let start = place(in: line), let end = nextLine.map({ place(in: $0) }) ?? frames.count,
            start >= 0, start < end, end <= frames.count
        else { throw .damaged("a block of a table is not whole") }
        if let known = texts.withLock({ $0[start] }) { return known }
        let text: [UInt8]
        do throws(ArchiveError) {
            text = try decompressFrame(UnsafeRawBufferPointer(rebasing: frames[start..<end]), limit: 1 << 24)
        } catch {
            throw .damaged("\(error)")
        }
        guard text.last == newline else { throw .damaged("a block of a table does not end with a whole line") }
        texts.withLock { $0[start] = text }
        return text
    }

    /// Where the block with that line of the index begins.
    private func place(in line: Range<Int>) -> Int? {
        guard let tab = index[line].lastIndex(of: tab) else { return nil }
        return Int(String(decoding: index[(tab + 1)..<line.upperBound], as: UTF8.self))
    }
}

/// The line of `text` that starts with the key `wanted`, found by halving; with `orBefore` the last one that does not
/// stand behind it, or the first line.
private func line(of wanted: [UInt8], in text: UnsafeRawBufferPointer, orBefore: Bool) -> Range<Int>? {
    var low = 0
    var high = text.count
    var before: Range<Int>?
    while low < high {
        var start = low + (high - low) / 2
        while start > low, text[start - 1] != newline { start -= 1 }
        let end = text[start..<high].firstIndex(of: newline) ?? high
        let found = text[start..<end].prefix { $0 != tab }
        if found.elementsEqual(wanted) { return start..<end }
        if found.lexicographicallyPrecedes(wanted) {
            before = start..<end
            low = end + 1
        } else {
            high = start
        }
    }
    guard orBefore, !text.isEmpty else { return nil }
    return before ?? 0..<(text.firstIndex(of: newline) ?? text.count)
}

private let blank = UInt8(ascii: " ")
private let newline = UInt8(ascii: "\n")
private let tab = UInt8(ascii: "\t")

private func hexadecimal(_ digits: Slice<UnsafeRawBufferPointer>) -> Int? {
    Int(String(decoding: digits, as: UTF8.self), radix: 16)
}
