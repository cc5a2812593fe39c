//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// What ``Store/prune(keeping:downTo:unusedSince:dryRun:)`` removed.
public struct PruneReport: Sendable, Equatable {
    /// How many blobs, records, trees and so on were removed.
    public var entries = 0
    /// How many bytes their files held.
    public var bytes: Int64 = 0

    /// A report of so much; of nothing by default.
    public init(entries: Int = 0, bytes: Int64 = 0) {
        self.entries = entries
        self.bytes = bytes
    }
}

extension Store {
    /// How many files and bytes there are of every kind, for example `blobs`, `trees/rootfs` and `caches/uv`, sorted by
    /// name. Kinds of which there is nothing are left out.
    ///
    /// - Throws: ``StoreError`` if a folder cannot be read.
    public func usage() throws(StoreError) -> [(kind: String, files: Int, bytes: Int64)] {
        var totals: [String: (files: Int, bytes: Int64)] = [:]
        for entry in try allEntries() {
            totals[entry.kind, default: (0, 0)].files += entry.files
            totals[entry.kind, default: (0, 0)].bytes += entry.bytes
        }
        return totals.sorted { $0.key < $1.key }.map { ($0.key, $0.value.files, $0.value.bytes) }
    }

    /// Removes what was not used for the longest time, until the store is small enough, and whatever killed processes
    /// left unfinished.
    ///
    /// - Parameters:
    ///   - keeping: blobs, and the keys of records and trees, that stay in any case.
    ///   - bytes: remove until no more than this is left; nil for no such limit.
    ///   - instant: remove only what was last used before this time (seconds since 1970); nil for anything.
    ///   - dryRun: remove nothing and only tell what would be.
    /// - Throws: ``StoreError``, `inUse` if another process uses the store.
    public func prune(
        keeping: Set<Digest>, downTo bytes: Int64? = nil, unusedSince instant: Int64? = nil, dryRun: Bool = false
    ) throws(StoreError) -> PruneReport {
        try lease.alone { () throws(StoreError) in
            var report = PruneReport()
            let found = try allEntries()
            var left = found.reduce(Int64(0)) { $0 + $1.bytes }
            // Among those used at the same time, the order is that of their paths, which is stable.
            for entry in found.sorted(by: { ($0.isGarbage ? .min : $0.lastUse) < ($1.isGarbage ? .min : $1.lastUse) }) {
                if !entry.isGarbage {
                    if let bytes, left <= bytes { break }
                    if let instant, entry.lastUse >= instant { break }
                    if let digest = entry.digest, keeping.contains(digest) { continue }
                }
                if !dryRun {
                    try removeTree(entry.path)
                    try removeFile(FilePath(entry.path.string + TreeSeal.suffix))
                }
                left -= entry.bytes
                report.entries += 1
                report.bytes += entry.bytes
            }
            return report
        }
    }

    /// Every single thing in the store that can be removed alone.
    private func allEntries() throws(StoreError) -> [StoreEntry] {
        var found: [StoreEntry] = []
        for entry in try entries(of: root.appending("blobs").appending("sha256")) {
            found.append(try StoreEntry(entry, kind: "blobs"))
        }
        for entry in try entries(of: root.appending("partial")) { found.append(try StoreEntry(entry, kind: "partial")) }
        for entry in try entries(of: root.appending("caches")) {
            found.append(try StoreEntry(entry, kind: "caches/" + entry.name))
        }
        for folder in ["records", "trees"] {
            for kind in try entries(of: root.appending(folder)) {
                // A seal goes with its tree.
                for entry in try entries(of: kind.path) where !entry.name.hasSuffix(TreeSeal.suffix) {
                    found.append(try StoreEntry(entry, kind: folder + "/" + kind.name))
                }
            }
        }
        return found
    }
}

/// One thing in the store that can be removed alone: a blob, a record, a tree, a cache.
private struct StoreEntry {
    var kind: String
    var path: FilePath
    /// The digest that is its name, if that is one.
    var digest: Digest?
    /// Whether it is an unfinished tree that nobody builds any more.
    var isGarbage: Bool
    var files = 0
    var bytes: Int64 = 0
    /// When it was last used, in seconds since 1970.
    var lastUse: Int64 = 0

    init(_ entry: FolderEntry, kind: String) throws(StoreError) {
        self.kind = kind
        path = entry.path
        digest = Digest(hex: entry.name)
        isGarbage = entry.name.hasSuffix(Store.unfinishedSuffix)
        var status = stat()
        if lstat(entry.path.string, &status) == 0 { lastUse = Int64(status.st_atim.tv_sec) }
        try add(entry)
    }

    private mutating func add(_ entry: FolderEntry) throws(StoreError) {
        if entry.isFolder {
            for child in try entries(of: entry.path) { try add(child) }
            return
        }
        var status = stat()
        // A cache of another tool may change while it is measured.
        guard lstat(entry.path.string, &status) == 0 else { return }
        files += 1
        bytes += Int64(status.st_size)
    }
}
