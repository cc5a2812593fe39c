//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// What ``Store/verify()`` found.
public struct VerifyReport: Sendable, Equatable {
    /// How many blobs, records and trees were read.
    public var entries = 0
    /// How many bytes they hold.
    public var bytes: Int64 = 0
    /// What was not as it had been put there, and is removed: paths in the store, sorted.
    public var damaged: [String] = []

    /// A report of so much; of nothing by default.
    public init(entries: Int = 0, bytes: Int64 = 0, damaged: [String] = []) {
        self.entries = entries
        self.bytes = bytes
        self.damaged = damaged
    }
}

extension Store {
    /// Reads every blob, record and tree, and removes the damaged ones, so that they are made or fetched anew.
    ///
    /// The caches are other tools', which check them themselves; the beginnings of downloads are checked when these are
    /// whole.
    ///
    /// - Throws: ``StoreError`` if something cannot be read or removed.
    public func verify() throws(StoreError) -> VerifyReport {
        var report = VerifyReport()
        for entry in try entries(of: root.appending("blobs").appending("sha256")) {
            try verify(entry, "blobs/sha256", &report) { (bytes) throws(StoreError) in
                guard let expected = Digest(hex: entry.name) else { return false }
                var hasher = DigestHasher()
                let file = try File(opening: entry.path)
                defer { file.close() }
                try file.readPieces { (piece) throws(StoreError) in
                    hasher.update(piece)
                    bytes += Int64(piece.count)
                }
                return hasher.finalize() == expected
            }
        }
        for kind in try entries(of: root.appending("records")) {
            for entry in try entries(of: kind.path) {
                try verify(entry, "records/\(kind.name)", &report) { (bytes) throws(StoreError) in
                    guard let key = Digest(hex: entry.name), let content = record(kind.name, key) else { return false }
                    bytes += Int64(content.count)
                    return true
                }
            }
        }
        for kind in try entries(of: root.appending("trees")) {
            for entry in try entries(of: kind.path)
            where !entry.name.hasSuffix(Self.unfinishedSuffix) && !entry.name.hasSuffix(TreeSeal.suffix) {
                try verify(entry, "trees/\(kind.name)", &report) { (bytes) throws(StoreError) in
                    guard let seal = seal(ofTreeAt: entry.path) else { return false }
                    return try TreeSeal(of: entry.path, bytes: &bytes) == seal
                }
            }
        }
        report.damaged.sort()
        return report
    }

    private func verify(
        _ entry: FolderEntry, _ folder: String, _ report: inout VerifyReport,
        _ isWhole: (inout Int64) throws(StoreError) -> Bool
    ) throws(StoreError) {
        report.entries += 1
        do throws(StoreError) {
            if try isWhole(&report.bytes) { return }
        } catch .system(_, _, .noSuchFileOrDirectory) {
            // It is gone by now: another process has removed it.
            return
        }
        try removeTree(entry.path)
        try removeFile(FilePath(entry.path.string + TreeSeal.suffix))
        report.damaged.append("\(folder)/\(entry.name)")
    }
}
