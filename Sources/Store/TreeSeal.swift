//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// What a tree was like when it was finished, so that damage is noticed afterwards.
struct TreeSeal: Equatable {
    /// Covers the names, types, modes, sizes, times and targets of all entries, but not the content of files: a look at
    /// it costs no reading.
    let shape: Digest
    /// Covers the content of all files.
    let content: Digest

    /// What the file of a seal is called after the tree's key.
    static let suffix = ".seal"

    /// What the file of a seal says; nil if that is none.
    init?(_ record: [UInt8]) {
        guard record.count == 64, let shape = Digest(bytes: Array(record.prefix(32))),
            let content = Digest(bytes: Array(record.suffix(32)))
        else { return nil }
        (self.shape, self.content) = (shape, content)
    }

    /// Reads the folder at `path`.
    init(of path: FilePath) throws(StoreError) {
        var bytes: Int64 = 0
        try self.init(of: path, bytes: &bytes)
    }

    /// The same, adding up the bytes of its files.
    init(of path: FilePath, bytes: inout Int64) throws(StoreError) {
        var content = DigestHasher()
        var count: Int64 = 0
        shape = try Self.shape(of: path) { (path) throws(StoreError) in
            let file = try File(opening: path)
            defer { file.close() }
            var hasher = DigestHasher()
            try file.readPieces { (piece) throws(StoreError) in
                hasher.update(piece)
                count += Int64(piece.count)
            }
            content.update(hasher.finalize().bytes)
        }
        self.content = content.finalize()
        bytes += count
    }

    /// The content of its file.
    var record: [UInt8] { shape.bytes + content.bytes }

    /// The shape alone; calls `body` for every file in the order of names.
    static func shape(
        of path: FilePath, forEachFile body: (FilePath) throws(StoreError) -> Void = { _ in }
    ) throws(StoreError) -> Digest {
        var hasher = DigestHasher()
        try add(path, to: &hasher, body)
        return hasher.finalize()
    }

    private static func add(
        _ folder: FilePath, to hasher: inout DigestHasher, _ body: (FilePath) throws(StoreError) -> Void
    ) throws(StoreError) {
        var found: [(name: [UInt8], path: FilePath)] = []
        guard let stream = opendir(folder.string) else { throw StoreError("read", folder, .last) }
        while let entry = readdir(stream) {
            let name = entryName(entry)
            if isDotOrDotDot(name) { continue }
            found.append((name.map(UInt8.init(bitPattern:)), folder.pushing(FilePath(platformString: name))))
        }
        closedir(stream)
        found.sort { $0.name.lexicographicallyPrecedes($1.name) }
        for (name, path) in found {
            var status = stat()
            guard path.withPlatformString({ lstat($0, &status) }) == 0 else { throw StoreError("examine", path, .last) }
            let type = status.st_mode & S_IFMT
            var text = Array("\(type) \(status.st_mode & 0o7777) ".utf8)
            // Folders change their times and sizes with the file system.
            if type != S_IFDIR {
                text += Array("\(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) ".utf8)
            }
            hasher.update(text + name)
            if type == S_IFLNK { hasher.update(try target(of: path) + [0]) }
            if type == S_IFREG { try body(path) }
            if type == S_IFDIR {
                try add(path, to: &hasher, body)
                hasher.update([0])
            }
        }
    }

    private static func target(of link: FilePath) throws(StoreError) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = link.withPlatformString { readlink($0, &buffer, buffer.count) }
        guard count >= 0 else { throw StoreError("read", link, .last) }
        return buffer.prefix(count).map(UInt8.init(bitPattern:))
    }
}
