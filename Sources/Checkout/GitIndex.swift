//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The files that git tracks in a work tree, as its index has them (gitformat-index(5), versions 2 to 4).
///
/// An index that is split, or that cannot be understood, counts as none: what it says is then found out from the files.
struct GitIndex {
    private struct Entry {
        var start: Int
        var count: Int
    }

    /// An index of more bytes is not read.
    private static let limit = 1 << 29

    /// The paths one behind the other, those below the root of the walk only and relative to it.
    private var names: [UInt8] = []
    private var entries: [Entry] = []

    /// The index of the work tree of a git directory; nil where there is none that can be used.
    ///
    /// - Parameters:
    ///   - directory: The git directory of the work tree, a linked one's own.
    ///   - usesSHA256: Whether the repository names its objects by SHA-256.
    ///   - prefix: The path from the top of the work tree to the root of the walk, with a slash at its end.
    init?(in directory: String, usesSHA256: Bool, prefix: [UInt8]) {
        guard let bytes = try? readFile(at: AT_FDCWD, "\(directory)/index", options: 0, limit: Self.limit),
            read(bytes, hashSize: usesSHA256 ? 32 : 20, prefix: prefix)
        else { return nil }
    }

    /// The index in `bytes`; nil where it cannot be used.
    init?(_ bytes: [UInt8], prefix: [UInt8] = []) {
        guard read(bytes, hashSize: 20, prefix: prefix) else { return nil }
    }

    /// Whether the file is tracked.
    func contains(_ path: [UInt8]) -> Bool {
        let place = firstIndex(notBefore: path)
        return place < entries.count && compare(entries[place], path) == 0
    }

    /// Whether a file below the directory, written with a slash at its end, is tracked.
    func containsFiles(below directory: [UInt8]) -> Bool {
        let place = firstIndex(notBefore: directory)
        return place < entries.count && entries[place].count > directory.count
            && names[entries[place].start...].starts(with: directory)
    }

    private func firstIndex(notBefore path: [UInt8]) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = low + (high - low) / 2
            if compare(entries[middle], path) < 0 { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func compare(_ entry: Entry, _ path: [UInt8]) -> Int32 {
        path.withUnsafeBufferPointer { compare(entry, $0) }
    }

    private func compare(_ entry: Entry, _ path: UnsafeBufferPointer<UInt8>) -> Int32 {
        names.withUnsafeBufferPointer { names in
            let common = min(entry.count, path.count)
            guard common > 0, let left = names.baseAddress, let right = path.baseAddress else {
                return Int32(truncatingIfNeeded: (entry.count - path.count).signum())
            }
            let order = memcmp(left + entry.start, right, common)
            return order != 0 ? order : Int32(truncatingIfNeeded: (entry.count - path.count).signum())
        }
    }

    /// Reads the entries; false where the bytes are no index of these versions, or one that needs another file.
    private mutating func read(_ bytes: [UInt8], hashSize: Int, prefix: [UInt8]) -> Bool {
        func number(_ place: Int, _ count: Int) -> Int {
            (place..<place + count).reduce(0) { $0 << 8 | Int(bytes[$1]) }
        }
        guard bytes.count > 12 + hashSize, bytes.starts(with: "DIRC".utf8) else { return false }
        let version = number(4, 4)
        let count = number(8, 4)
        let end = bytes.count - hashSize
        guard (2...4).contains(version), count <= end / (42 + hashSize) else { return false }
        entries.reserveCapacity(count)
        names.reserveCapacity(count * 32)
        var place = 12
        var name: [UInt8] = []
        for _ in 0..<count {
            let start = place
            guard place + 42 + hashSize <= end else { return false }
            let mode = number(place + 24, 4)
            let flags = number(place + 40 + hashSize, 2)
            place += 42 + hashSize
            if flags & 0x4000 != 0 { place += 2 }
            if version == 4 {
                guard let strip = Self.variableNumber(bytes, &place, end), strip <= name.count else { return false }
                name.removeLast(strip)
            } else {
                name.removeAll(keepingCapacity: true)
            }
            guard place <= end, let zero = bytes[place..<end].firstIndex(of: 0) else { return false }
            name += bytes[place..<zero]
            place = version == 4 ? zero + 1 : start + (zero - start + 8) / 8 * 8
            // Files and links only: a directory stands for what a sparse checkout leaves out, a commit for a submodule.
            guard mode & 0o170000 == 0o100000 || mode & 0o170000 == 0o120000, name.starts(with: prefix) else {
                continue
            }
            let path = name.dropFirst(prefix.count)
            // A file in conflict has several entries.
            if let last = entries.last, last.count == path.count, names[last.start...].elementsEqual(path) { continue }
            entries.append(Entry(start: names.count, count: path.count))
            names += path
        }
        return !Self.isSplit(bytes, from: place, to: end) && isSorted
    }

    /// Lower-case extensions have to be understood: `link` names another file with the rest of the entries.
    private static func isSplit(_ bytes: [UInt8], from start: Int, to end: Int) -> Bool {
        var place = start
        while place + 8 <= end {
            if bytes[place..<place + 4].elementsEqual("link".utf8) { return true }
            let size = bytes[place + 4..<place + 8].reduce(0) { $0 << 8 | Int($1) }
            place += 8 + size
        }
        return false
    }

    private var isSorted: Bool {
        names.withUnsafeBufferPointer { names in
            entries.indices.dropFirst().allSatisfy { index in
                let next = entries[index]
                let path = UnsafeBufferPointer(rebasing: names[next.start..<next.start + next.count])
                return compare(entries[index - 1], path) < 0
            }
        }
    }

    /// A number as the names of version 4 have in front of them: seven bits to a byte, the highest first.
    private static func variableNumber(_ bytes: [UInt8], _ place: inout Int, _ end: Int) -> Int? {
        guard place < end else { return nil }
        var value = Int(bytes[place] & 0x7F)
        while bytes[place] & 0x80 != 0 {
            place += 1
            guard place < end, value < 1 << 40 else { return nil }
            value = (value + 1) << 7 | Int(bytes[place] & 0x7F)
        }
        place += 1
        return value
    }
}
