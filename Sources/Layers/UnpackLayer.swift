//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Glibc
public import Store
public import SystemPackage

/// Unpacks a layer into the folder `directory`, on top of what earlier layers have put there, as an unprivileged user
/// can: without owners, set-id bits and extended attributes; directories and files stay writable for their owner.
/// Whiteouts remove.
///
/// Nothing outside of `directory` is touched: no symbolic link is followed, whoever made it.
///
/// - Throws: ``LayerError/cannotUnpack(path:reason:)``.
public func unpackLayer(_ layer: Layer, from store: Store, to directory: FilePath) throws(LayerError) {
    try unpack(.file(path: store.blobPath(layer.digest).string), to: directory)
}

/// The same for a layer that is not in the store.
func unpack(_ source: ArchiveSource, to directory: FilePath) throws(LayerError) {
    let unpacker = try Unpacker(directory)
    do throws(ArchiveError) {
        var reader = try TarReader(source)
        while let header = try reader.next() { try unpacker.unpack(header, from: &reader) }
    } catch {
        throw unpacker.failure ?? .archive(error)
    }
    try unpacker.finish()
}

private final class Unpacker {
    /// Why the last entry could not be unpacked.
    private(set) var failure: LayerError?
    private let tree: TreeEditor
    private var directories: [(path: EntryPath, mtime: Int64)] = []
    private var added: Set<EntryPath> = []

    init(_ directory: FilePath) throws(LayerError) {
        tree = try TreeEditor(directory)
    }

    func unpack(_ header: ArchiveEntry, from reader: inout TarReader) throws(ArchiveError) {
        do throws(LayerError) {
            try place(header, from: &reader)
        } catch {
            failure = error
            throw .malformed(reason: error.description)
        }
    }

    private func place(_ header: ArchiveEntry, from reader: inout TarReader) throws(LayerError) {
        let name = String(decoding: header.path, as: UTF8.self)
        guard let path = EntryPath(header.path) else {
            if header.kind == .directory && !header.path.starts(with: "..".utf8) { return }
            throw .cannotUnpack(path: name, reason: "its path leads out of the folder")
        }
        if path.name.starts(with: ".wh.".utf8) { return try remove(path) }
        added.insert(path)
        switch header.kind {
        case .directory:
            try tree.makeDirectory(path, mode: header.mode)
            directories.append((path, header.mtime))
        case .file: try writeFile(path, header, from: &reader)
        case .symlink(let target): try tree.makeSymlink(path, to: target, mtime: header.mtime)
        case .hardlink(let target):
            guard let target = EntryPath(target) else {
                throw .cannotUnpack(path: name, reason: "its target leads out of the folder")
            }
            try tree.makeLink(path, to: target)
        case .characterDevice, .blockDevice, .fifo, .socket, .unknown:
            throw .cannotUnpack(path: name, reason: "layers hold only files, directories and links")
        }
    }

    private func writeFile(
        _ path: EntryPath, _ header: ArchiveEntry, from reader: inout TarReader
    ) throws(LayerError) {
        let descriptor = try tree.createFile(path)
        defer { close(descriptor) }
        while true {
            do throws(ArchiveError) { guard try reader.nextBlock() else { break } } catch { throw .archive(error) }
            try reader.withBlock { (block) throws(LayerError) in try tree.write(block, to: descriptor, path) }
        }
        try tree.finishFile(descriptor, path, mode: header.mode, mtime: header.mtime)
    }

    /// Applies a whiteout; what this layer itself has put there stays.
    private func remove(_ marker: EntryPath) throws(LayerError) {
        if marker.name == Array(".wh..wh..opq".utf8) {
            try tree.removeChildren(of: marker.parent, except: added)
            return
        }
        let parent = marker.parent.map { $0.bytes + [UInt8(ascii: "/")] } ?? []
        guard let path = EntryPath(parent + marker.name.dropFirst(4)), path.name.count == marker.name.count - 4 else {
            throw .cannotUnpack(path: marker.description, reason: "it is a whiteout of nothing")
        }
        if !added.contains(path) { try tree.remove(path) }
    }

    /// Sets the times of directories, which change while entries are made in them.
    func finish() throws(LayerError) {
        for (path, mtime) in directories.reversed() { try tree.setTime(path, mtime) }
    }
}
