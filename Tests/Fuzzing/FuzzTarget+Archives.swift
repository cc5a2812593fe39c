//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Layers
import Store
import SystemPackage

extension FuzzTarget {
    private static let tarWords = [
        "ustar\0", "ustar  \0", "../", "./", "12 path=a\n", "GNU.sparse.", "SCHILY.xattr.", "L", "K", "x", "g",
    ]

    /// Packages, the archives in them, and what is looked for in their files.
    static let archives = [
        FuzzTarget("tar", words: tarWords) { bytes in _ = try accepted({ try readTar(bytes) }) },
        FuzzTarget("archive", words: tarWords + ["PK\u{3}\u{4}", "!<arch>\n", "`\n"]) { bytes in
            _ = try accepted({ try readArchive(bytes) })
            _ = try accepted({ try decompress(bytes, limit: 4 << 20) })
        },
        FuzzTarget("elf", words: ["\u{7F}ELF"]) { _ = SharedObject(elf: $0) },
        FuzzTarget("deb", words: tarWords + ["!<arch>\n", "debian-binary", "control.tar", "data.tar", "`\n", "2.0\n"]) {
            bytes in
            try Scratch.withFile(bytes, named: "sample.deb") { try checkConversion(of: $0, bytes) }
        },
    ]
}

private func readTar(_ bytes: [UInt8]) throws(ArchiveError) {
    var reader = try TarReader(.memory(bytes), limit: 4 << 20)
    while try reader.next() != nil {
        while try reader.nextBlock() { reader.withBlock { _ = $0.count } }
    }
    _ = try reader.readTrailer()
}

private func readArchive(_ bytes: [UInt8]) throws(ArchiveError) {
    var reader = try ArchiveReader(.memory(bytes), limit: 4 << 20)
    while try reader.next() != nil { _ = try reader.readAll(limit: 1 << 20) }
}

/// Converts a package in an empty store, which holds one fragment afterwards, or nothing at all.
private func checkConversion(of path: FilePath, _ bytes: [UInt8]) throws {
    let store = try Store(at: Scratch.folder.appending("store"))
    let input = DebInput(package: "sample", path: path, digest: .sha256(bytes))
    let conversion = Conversion(sizeLimit: 4 << 20)
    var kept = 0
    do {
        let fragment = try convert(deb: input, by: conversion, in: store)
        kept = 1
        try expectSame(storedFragment(conversion.key(of: input.digest), in: store), fragment, "a fragment's record")
        for member in fragment.members {
            guard case .file = member.entry.kind else { continue }
            guard
                try accepted({ try contents(of: member.entry.path, in: [fragment], from: store) })
                    != nil
            else { throw BrokenProperty("`\(member.entry.path)` cannot be read back") }
        }
    } catch let error as LayerError {
        if !error.description.contains("`sample`") { throw BrokenProperty("no package's name: \(error)") }
    }
    let usage = try store.usage()
    try expectSame(usage.map(\.kind), kept == 0 ? [] : ["blobs", "records/fragment"], "what the store holds")
    try expectSame(usage.map(\.files), kept == 0 ? [] : [1, 1], "what the store holds")
    _ = try store.prune(keeping: [])
}
