//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Store

/// What a package's data archive has yielded so far.
struct PackageContent {
    let package: String
    let conversion: Conversion
    /// Entries that are not directories, in their order.
    private(set) var members: [Fragment.Member] = []
    /// The package's directories.
    private(set) var directories: [EntryPath: Entry] = [:]
    /// The entries as the archive lists them.
    private var listed: [(path: EntryPath, isMoved: Bool)] = []
    private var positions: [EntryPath: Int] = [:]
    private var largeObjects: [Int] = []

    /// No system call takes a longer path (`PATH_MAX`).
    private static let longestPath = 4096

    init(package: String, conversion: Conversion) {
        self.package = package
        self.conversion = conversion
    }

    /// Takes in the entry that `reader` stands at; what is not a directory goes to `frame` with its content.
    mutating func add(
        _ header: ArchiveEntry, from reader: inout TarReader, to frame: FrameWriter
    ) throws(LayerError) {
        guard let path = try path(header) else { return }
        listed.append((path, EntryPath(header.path) != path))
        guard let uid = OwnerTable.resolve(header.userName, header.uid, in: conversion.owners.users),
            let gid = OwnerTable.resolve(header.groupName, header.gid, in: conversion.owners.groups)
        else { throw refusal(header, "its owner has an impossible number") }
        var entry = Entry(
            path: path, kind: .directory, mode: header.mode, uid: uid, gid: gid, mtime: header.mtime,
            xattrs: header.attributes.map { ExtendedAttribute(name: $0.name, value: $0.value) })
        if header.kind == .directory {
            guard positions[path] == nil else { throw refusal(header, "it stands twice") }
            // Of `lib` and `usr/lib` in one package, the first is the one that unpacking would make.
            if directories[path] == nil { directories[path] = entry }
            return
        }
        guard positions[path] == nil, directories[path] == nil else { throw refusal(header, "it stands twice") }
        positions[path] = members.count
        switch header.kind {
        case .file: try addFile(&entry, header, from: &reader, to: frame)
        case .symlink(let target):
            guard !target.isEmpty else { throw refusal(header, "it is a symbolic link to nothing") }
            guard target.count < Self.longestPath else { throw refusal(header, "its target is too long") }
            entry.kind = .symlink(target: target)
            try addLink(entry, to: frame)
        case .hardlink(let target):
            entry.kind = .hardlink(to: try self.target(of: header, named: target))
            try addLink(entry, to: frame)
        case .directory, .characterDevice, .blockDevice, .fifo, .socket, .unknown:
            throw refusal(header, "packages hold only files, directories and links")
        }
    }

    /// The archive's entries by their places in a fragment with these directories.
    func listing(_ directories: [Entry]) -> [Fragment.Listed] {
        var places: [EntryPath: Int] = [:]
        for (index, directory) in directories.enumerated() { places[directory.path] = index }
        return listed.compactMap { item in
            let place = positions[item.path].map { $0 + directories.count } ?? places[item.path]
            return place.map { Fragment.Listed(index: $0, isMoved: item.isMoved) }
        }
    }

    /// The canonical path; nil for the root directory.
    private func path(_ header: ArchiveEntry) throws(LayerError) -> EntryPath? {
        if header.kind == .directory, header.path.allSatisfy({ $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }) {
            if header.path.starts(with: "..".utf8) { throw refusal(header, "its path leads out of the root") }
            return nil
        }
        guard header.path.count < Self.longestPath else { throw refusal(header, "its path is too long") }
        guard header.path.first != UInt8(ascii: "/") else { throw refusal(header, "its path is absolute") }
        guard let path = EntryPath(header.path) else { throw refusal(header, "its path leads out of the root") }
        guard !path.bytes.split(separator: UInt8(ascii: "/")).contains(where: { $0.starts(with: ".wh.".utf8) }) else {
            throw refusal(header, "layers reserve names that begin with `.wh.`")
        }
        // dpkg refuses them too: its database has one path in a line.
        guard !path.bytes.contains(0x0A) else { throw refusal(header, "its path holds a newline") }
        guard conversion.isUsrMerged else { return path }
        return UsrMerge.resolve(path, isDirectory: header.kind == .directory)
    }

    /// The first name of the file that a hard link names.
    private func target(of header: ArchiveEntry, named raw: [UInt8]) throws(LayerError) -> EntryPath {
        guard raw.first != UInt8(ascii: "/"), let plain = EntryPath(raw) else {
            throw refusal(header, "its target leads out of the root")
        }
        let target = conversion.isUsrMerged ? UsrMerge.resolve(plain, isDirectory: false) : plain
        guard let position = positions[target], position < members.count else {
            throw refusal(header, "it is a hard link to `\(target)`, which does not stand before it")
        }
        if case .hardlink(let first) = members[position].entry.kind { return first }
        return target
    }

    private mutating func addFile(
        _ entry: inout Entry, _ header: ArchiveEntry, from reader: inout TarReader, to frame: FrameWriter
    ) throws(LayerError) {
        let size = header.size ?? 0
        let isObject = SharedObject.isCandidate(entry.path)
        let isSmall = size <= Self.bufferedObjectSize
        var head: [UInt8] = []
        var hasher = DigestHasher()
        // The header does not hold the digest, which is known afterwards.
        entry.kind = .file(size: size, digest: .sha256([]))
        let start: Int64
        let contentOffset: Int64
        do throws(ArchiveError) {
            start = try frame.begin(entry)
            contentOffset = frame.position
            while try reader.nextBlock() {
                try reader.withBlock { (block) throws(ArchiveError) in
                    block.withUnsafeBytes { bytes in
                        hasher.update(bytes)
                        if isObject && (isSmall || head.isEmpty) { head.append(contentsOf: bytes) }
                    }
                    try frame.write(block)
                }
            }
        } catch {
            throw LayerError(error, package: package)
        }
        entry.kind = .file(size: size, digest: hasher.finalize())
        if isObject && !isSmall && head.starts(with: SharedObject.magic) { largeObjects.append(members.count) }
        members.append(
            Fragment.Member(
                entry: entry, headerOffset: start, contentOffset: contentOffset,
                sharedObject: isObject && isSmall ? SharedObject(elf: head) : nil))
    }

    private mutating func addLink(_ entry: Entry, to frame: FrameWriter) throws(LayerError) {
        let start: Int64
        do throws(ArchiveError) { start = try frame.begin(entry) } catch { throw LayerError(error, package: package) }
        members.append(
            Fragment.Member(
                entry: entry, headerOffset: start, contentOffset: frame.position, sharedObject: nil))
    }

    /// Refuses a path that leads through something of the same package that is no directory: unpacking it would
    /// follow a link that the package planted.
    func checkParents() throws(LayerError) {
        for path in members.map(\.entry.path) + directories.keys.sorted() {
            var parent = path.parent
            while let directory = parent {
                if positions[directory] != nil {
                    throw .refusedEntry(
                        package: package, path: path.description, reason: "it leads through `\(directory)`")
                }
                parent = directory.parent
            }
        }
    }

    /// Shared objects above this size are not kept in memory while they pass.
    private static let bufferedObjectSize: Int64 = 16 << 20

    /// The members, with what the large shared objects among them say, read again from the frame.
    func withLargeSharedObjects(of frame: Digest, in store: Store) throws(LayerError) -> [Fragment.Member] {
        var members = members
        for index in largeObjects {
            let member = members[index]
            guard case .file(let size, _) = member.entry.kind else { continue }
            var failure: LayerError?
            let object = SharedObject(size: size) { range in
                do throws(LayerError) {
                    return try readFrame(frame, from: member.contentOffset + range.lowerBound, range.count, store)
                } catch {
                    failure = error
                    return nil
                }
            }
            if let failure { throw failure }
            members[index] = Fragment.Member(
                entry: member.entry, headerOffset: member.headerOffset, contentOffset: member.contentOffset,
                sharedObject: object)
        }
        return members
    }

    private func refusal(_ header: ArchiveEntry, _ reason: String) -> LayerError {
        .refusedEntry(
            package: package, path: String(decoding: header.path.prefix(Self.longestPath), as: UTF8.self),
            reason: reason)
    }
}

extension LayerError {
    /// What an archive's failure means for the package that it was met in.
    init(_ error: ArchiveError, package: String) {
        self =
            switch error {
            case .malformed(let reason): .malformedPackage(package, reason: reason)
            case .tooLarge(let limit): .malformedPackage(package, reason: "it holds more than \(limit) bytes")
            default: .archive(error)
            }
    }
}
