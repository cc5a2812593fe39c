//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Glibc
import Store
public import SystemPackage

/// A folder read as the entries of a layer.
public struct TreeCapture: Sendable {
    /// The folder.
    public let root: FilePath
    /// Its entries sorted by path, whiteouts among them as the empty `.wh.` files that layers have.
    public internal(set) var entries: [Entry]
    /// The modification time of every entry, in seconds since 1970.
    let time: Int64
    /// Where the folder's content stands in the layer; nil for its root.
    var prefix: EntryPath?
    /// Sockets, which layers cannot hold.
    public let skipped: [EntryPath]
}

/// Reads the folder `directory` as the entries of a layer.
///
/// It may be the upper folder of an overlay: whiteouts (character devices 0:0, or files marked
/// `user.overlay.whiteout`) and opaque folders (`user.overlay.opaque`) become those of layers, overlayfs's own
/// attributes are dropped.
///
/// - Parameters:
///   - time: the modification time of every entry, in seconds since 1970.
///   - owner: the user and the group in the layer for those in the folder; root by default.
///   - isIncluded: whether a path, and what lies below it, is read; all are by default.
/// - Throws: ``LayerError/cannotCapture(path:reason:)``, also for devices and named pipes.
public func captureTree(
    _ directory: FilePath, time: Int64,
    owner: @escaping (UInt32, UInt32) -> (uid: UInt32, gid: UInt32) = { _, _ in (0, 0) },
    including isIncluded: @escaping (EntryPath) -> Bool = { _ in true }
) throws(LayerError) -> TreeCapture {
    let root = open(directory.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard root >= 0 else { throw .cannotCapture(path: directory.string, reason: errnoText()) }
    defer { close(root) }
    var capture = try Capture(time: time, owner: owner, isIncluded: isIncluded)
    try capture.read(root, at: nil)
    return TreeCapture(
        root: directory, entries: linked(capture.entries), time: time, skipped: capture.skipped.sorted())
}

private struct Capture: ~Copyable {
    let time: Int64
    let owner: (UInt32, UInt32) -> (uid: UInt32, gid: UInt32)
    let isIncluded: (EntryPath) -> Bool
    var entries: [Captured] = []
    var skipped: [EntryPath] = []
    private var attributeReader: AttributeReader

    init(
        time: Int64, owner: @escaping (UInt32, UInt32) -> (uid: UInt32, gid: UInt32),
        isIncluded: @escaping (EntryPath) -> Bool
    ) throws(LayerError) {
        do throws(ArchiveError) { attributeReader = try AttributeReader() } catch { throw .archive(error) }
        self.time = time
        self.owner = owner
        self.isIncluded = isIncluded
    }

    mutating func read(_ folder: Int32, at path: EntryPath?) throws(LayerError) {
        guard let names = directoryNames(folder) else { throw failure(path) }
        let prefix = path.map { $0.bytes + [UInt8(ascii: "/")] } ?? []
        for name in names {
            guard let path = EntryPath(prefix + name) else { throw failure(path) }
            guard isIncluded(path) else { continue }
            guard !name.starts(with: ".wh.".utf8) else {
                throw .cannotCapture(path: path.description, reason: "layers reserve names that begin with `.wh.`")
            }
            try readEntry(folder, name, path)
        }
    }

    private mutating func readEntry(_ folder: Int32, _ name: [UInt8], _ path: EntryPath) throws(LayerError) {
        var status = stat()
        guard withTerminator(name, { fstatat(folder, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0 else {
            throw failure(path)
        }
        let (uid, gid) = owner(status.st_uid, status.st_gid)
        var entry = Entry(
            path: path, kind: .directory, mode: UInt16(status.st_mode & 0o7777), uid: uid, gid: gid, mtime: time)
        switch status.st_mode & S_IFMT {
        case S_IFDIR: try readDirectory(folder, name, &entry)
        case S_IFREG: try readFile(folder, name, entry, status)
        case S_IFLNK:
            entry.kind = .symlink(target: try target(folder, name, path))
            entry.mode = 0o777
            entries.append(Captured(entry: entry))
        case S_IFCHR where status.st_rdev == 0: try addWhiteout(path)
        case S_IFSOCK: skipped.append(path)
        default:
            throw .cannotCapture(path: path.description, reason: "layers hold only files, directories and links")
        }
    }

    private mutating func readDirectory(
        _ folder: Int32, _ name: [UInt8], _ entry: inout Entry
    ) throws(LayerError) {
        let path = entry.path
        let descriptor = try openEntry(folder, name, path, O_DIRECTORY)
        defer { close(descriptor) }
        let attributes = try attributes(of: descriptor, path)
        if attributes.has("overlay.redirect") {
            throw .cannotCapture(path: path.description, reason: "it is a renamed folder of a lower layer")
        }
        entry.xattrs = attributes.kept
        entries.append(Captured(entry: entry))
        if attributes.value("overlay.opaque") == [UInt8(ascii: "y")], let marker = path.appending(".wh..wh..opq") {
            entries.append(Captured(entry: Self.marker(marker, time)))
        }
        try read(descriptor, at: path)
    }

    private mutating func readFile(
        _ folder: Int32, _ name: [UInt8], _ template: Entry, _ status: stat
    ) throws(LayerError) {
        var entry = template
        let path = entry.path
        let descriptor = try openEntry(folder, name, path, 0)
        defer { close(descriptor) }
        let attributes = try attributes(of: descriptor, path)
        if attributes.has("overlay.whiteout") { return try addWhiteout(path) }
        if attributes.has("overlay.metacopy") {
            throw .cannotCapture(path: path.description, reason: "its content is in a lower layer")
        }
        entry.xattrs = attributes.kept
        var hasher = DigestHasher()
        var size: Int64 = 0
        guard
            readPieces(
                descriptor,
                {
                    hasher.update($0); size += Int64($0.count)
                })
        else { throw failure(path) }
        entry.kind = .file(size: size, digest: hasher.finalize())
        let inode = status.st_nlink > 1 ? [UInt64(status.st_dev), UInt64(status.st_ino)] : nil
        entries.append(Captured(entry: entry, inode: inode))
    }

    private mutating func addWhiteout(_ path: EntryPath) throws(LayerError) {
        guard let whiteout = GeneratedEntry.whiteout(path, mtime: time) else {
            throw .cannotCapture(path: path.description, reason: "its name is too long for a whiteout")
        }
        entries.append(Captured(entry: whiteout.entry))
    }

    private static func marker(_ path: EntryPath, _ time: Int64) -> Entry {
        GeneratedEntry.file(path, [], mtime: time).entry
    }

    private func target(_ folder: Int32, _ name: [UInt8], _ path: EntryPath) throws(LayerError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = withTerminator(name) { name in
            buffer.withUnsafeMutableBytes { bytes in
                bytes.bindMemory(to: CChar.self).baseAddress.map { readlinkat(folder, name, $0, bytes.count) } ?? -1
            }
        }
        guard count > 0 else { throw failure(path) }
        return Array(buffer.prefix(count))
    }

    private func openEntry(
        _ folder: Int32, _ name: [UInt8], _ path: EntryPath, _ flags: Int32
    ) throws(LayerError) -> Int32 {
        let descriptor = withTerminator(name) {
            openat(folder, $0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | flags)
        }
        guard descriptor >= 0 else { throw failure(path) }
        return descriptor
    }

    private mutating func attributes(of descriptor: Int32, _ path: EntryPath) throws(LayerError) -> FileAttributes {
        do throws(ArchiveError) {
            return FileAttributes(try attributeReader.attributes(of: descriptor))
        } catch {
            throw .cannotCapture(path: path.description, reason: error.description)
        }
    }

    private func failure(_ path: EntryPath?) -> LayerError {
        .cannotCapture(path: path?.description ?? ".", reason: errnoText())
    }
}

/// An entry, and for a file with several names the inode that they share.
private struct Captured {
    var entry: Entry
    var inode: [UInt64]?
}

/// The entries sorted by path, where each further name of an inode is a hard link to the first.
private func linked(_ captured: [Captured]) -> [Entry] {
    var first: [[UInt64]: EntryPath] = [:]
    return captured.sorted { $0.entry.path < $1.entry.path }.map { captured in
        guard let inode = captured.inode else { return captured.entry }
        var entry = captured.entry
        if let target = first[inode] {
            entry.kind = .hardlink(to: target)
            entry.xattrs = []
        } else {
            first[inode] = entry.path
        }
        return entry
    }
}

/// Calls `body` with the content of an open file piece by piece; false with `errno` set after a failure.
func readPieces(_ descriptor: Int32, _ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 16)
    defer { buffer.deallocate() }
    while true {
        let count = read(descriptor, buffer.baseAddress, buffer.count)
        if count == 0 { return true }
        if count < 0 && errno != EINTR { return false }
        if count > 0 { body(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
    }
}
