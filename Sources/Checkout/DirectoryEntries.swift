//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The entries of a directory, sorted as the paths below it sort: a directory counts as its name with a slash.
struct DirectoryEntries {
    enum Kind { case file, directory, link, other, unknown }

    struct Entry {
        var start: Int
        var count: Int
        var kind: Kind
    }

    /// The names one behind the other, each with a NUL at its end.
    private var names: [UInt8] = []
    private(set) var entries: [Entry] = []
    /// What ended the reading early.
    private(set) var failure: String?

    /// Reads the directory open as `stream`.
    init(_ stream: OpaquePointer) {
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: UInt8.self)
            let count = strlen(UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self))
            let isDot = name[0] == UInt8(ascii: ".")
            if isDot, count == 1 || (count == 2 && name[1] == UInt8(ascii: ".")) { continue }
            entries.append(Entry(start: names.count, count: count, kind: Kind(entry.pointee.d_type)))
            names.append(contentsOf: UnsafeBufferPointer(start: name, count: count + 1))
        }
        if errno != 0 { failure = systemError() }
    }

    /// The name of `entry`.
    func name(of entry: Entry) -> ArraySlice<UInt8> {
        names[entry.start..<entry.start + entry.count]
    }

    /// Whether there is an entry `name`.
    func contains(_ name: StaticString) -> Bool {
        entries.contains { entry in
            entry.count == name.utf8CodeUnitCount
                && self.name(of: entry).elementsEqual(
                    UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        }
    }

    /// Keeps the entries for which `keep` holds, and lets it settle their kind. The name has a NUL behind its end.
    mutating func filter(_ keep: (UnsafeBufferPointer<UInt8>, inout Entry) -> Bool) {
        names.withUnsafeBufferPointer { names in
            var kept = 0
            for index in entries.indices {
                var entry = entries[index]
                let name = UnsafeBufferPointer(rebasing: names[entry.start..<entry.start + entry.count])
                guard keep(name, &entry) else { continue }
                entries[kept] = entry
                kept += 1
            }
            entries.removeSubrange(kept...)
        }
    }

    /// Brings the entries into the order of the paths below them.
    mutating func sort() {
        names.withUnsafeBufferPointer { names in
            entries.sort { lhs, rhs in
                let common = min(lhs.count, rhs.count)
                guard let base = names.baseAddress else { return false }
                let order = memcmp(base + lhs.start, base + rhs.start, common)
                if order != 0 { return order < 0 }
                let slash = UInt8(ascii: "/")
                let left = lhs.count > common ? names[lhs.start + common] : lhs.kind == .directory ? slash : 0
                let right = rhs.count > common ? names[rhs.start + common] : rhs.kind == .directory ? slash : 0
                return left < right
            }
        }
    }
}

extension DirectoryEntries.Kind {
    fileprivate init(_ type: UInt8) {
        switch Int(type) {
        case Int(DT_REG): self = .file
        case Int(DT_DIR): self = .directory
        case Int(DT_LNK): self = .link
        case Int(DT_UNKNOWN): self = .unknown
        default: self = .other
        }
    }
}
