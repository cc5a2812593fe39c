//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Glibc
import Layers
import Store
import SystemPackage

/// A folder that lives as long as this value, with a store in it.
final class Workplace {
    let path: FilePath
    let store: Store

    init() throws {
        path = FilePath("/tmp/fitout-layers-\(getpid())-\(UInt64.random(in: .min ... .max))")
        store = try Store(at: path.appending("store"))
    }

    deinit { try? removeTree(path) }

    /// Writes a file, and gives its path.
    func file(_ name: String, _ content: [UInt8]) throws -> FilePath {
        let path = path.appending(name)
        let descriptor = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try descriptor.closeAfter { _ = try descriptor.writeAll(content) }
        return path
    }

    /// The fragment of a package with these entries.
    func fragment(
        _ name: String, _ entries: [TarItem], conversion: Conversion = Conversion()
    ) throws -> Fragment {
        let content = try deb(entries)
        let input = DebInput(package: name, path: try file(name + ".deb", content), digest: .sha256(content))
        return try convert(deb: input, by: conversion, in: store)
    }

    /// The entries of a layer as its tar has them.
    func list(_ layer: Layer) throws -> [String] {
        var reader = try TarReader(.file(path: store.blobPath(layer.digest).string))
        var lines: [String] = []
        while let header = try reader.next() { lines.append(line(header)) }
        return lines
    }
}

/// An entry for a tar, with the content of a file.
struct TarItem {
    var header: ArchiveEntry
    var content: [UInt8] = []

    static func file(
        _ path: String, _ content: String = "", mode: UInt16 = 0o644, user: String = "root", group: String = "root",
        mtime: Int64 = 1000
    ) -> TarItem {
        let bytes = Array(content.utf8)
        let header = ArchiveEntry(
            path: Array(path.utf8), kind: .file, mode: mode, uid: 7, gid: 7, userName: Array(user.utf8),
            groupName: Array(group.utf8), size: Int64(bytes.count), mtime: mtime)
        return TarItem(header: header, content: bytes)
    }

    static func other(_ path: String, _ kind: ArchiveEntry.Kind, mode: UInt16 = 0o755) -> TarItem {
        TarItem(header: ArchiveEntry(path: Array(path.utf8), kind: kind, mode: mode, mtime: 1000))
    }

    static func directory(_ path: String, mode: UInt16 = 0o755) -> TarItem { other(path, .directory, mode: mode) }

    static func symlink(_ path: String, _ target: String) -> TarItem {
        other(path, .symlink(target: Array(target.utf8)), mode: 0o777)
    }

    static func hardlink(_ path: String, _ target: String) -> TarItem {
        other(path, .hardlink(target: Array(target.utf8)), mode: 0o644)
    }
}

/// `usr/bin/x file 0644 0:0`
func line(_ header: ArchiveEntry) -> String {
    let kind =
        switch header.kind {
        case .file: "file"
        case .directory: "dir"
        case .symlink(let target): "-> " + String(decoding: target, as: UTF8.self)
        case .hardlink(let target): "== " + String(decoding: target, as: UTF8.self)
        default: "other"
        }
    let mode = String(header.mode, radix: 8)
    return "\(String(decoding: header.path, as: UTF8.self)) \(kind) \(mode) \(header.uid):\(header.gid)"
}

func tar(_ items: [TarItem]) throws -> [UInt8] {
    let output = Collector()
    var writer = try TarWriter { output.append($0) }
    for item in items {
        try writer.begin(item.header)
        if item.header.kind == .file { try writer.write(item.content.span) }
    }
    try writer.finish()
    return output.bytes
}

func compress(_ content: [UInt8], _ compression: Compression) throws -> [UInt8] {
    let output = Collector()
    var compressor = try Compressor(compression) { output.append($0) }
    try compressor.write(content.span)
    try compressor.finish()
    return output.bytes
}

/// A .deb with these entries in its data archive.
func deb(_ entries: [TarItem], compression: Compression = .zstd) throws -> [UInt8] {
    let suffix = [Compression.none: "", .gzip: ".gz", .zstd: ".zst"][compression] ?? ""
    let control = try tar([
        .file("./control", "Package: sample\nVersion: 1\n"), .file("./postinst", "#!/bin/sh\n", mode: 0o755),
    ])
    return ar([
        ("debian-binary", Array("2.0\n".utf8)), ("control.tar.gz", try compress(control, .gzip)),
        ("data.tar" + suffix, try compress(tar(entries), compression)),
    ])
}

func ar(_ members: [(name: String, content: [UInt8])]) -> [UInt8] {
    func padded(_ text: String, _ width: Int) -> [UInt8] {
        Array(text.utf8) + Array(repeating: UInt8(ascii: " "), count: width - text.utf8.count)
    }
    var bytes = Array("!<arch>\n".utf8)
    for member in members {
        bytes += padded(member.name, 16) + padded("0", 12) + padded("0", 6)
        bytes += padded("0", 6) + padded("100644", 8) + padded("\(member.content.count)", 10)
        bytes += [0x60, 0x0A]
        bytes += member.content
        if member.content.count % 2 != 0 { bytes.append(0x0A) }
    }
    return bytes
}

func path(_ text: String) throws -> EntryPath {
    guard let path = EntryPath(text) else { throw LayerError.missingFile(try path("invalid")) }
    return path
}

private final class Collector {
    private(set) var bytes: [UInt8] = []

    func append(_ piece: Span<UInt8>) { piece.withUnsafeBytes { bytes.append(contentsOf: $0) } }
}

/// The names in a folder.
func names(in folder: FilePath) throws -> [String] {
    guard let stream = opendir(folder.string) else { throw Errno(rawValue: errno) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
}
