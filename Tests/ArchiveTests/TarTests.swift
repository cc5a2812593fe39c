//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Testing

@Suite struct TarTests {
    static let entries: [ArchiveEntry] = [
        ArchiveEntry(path: Array("usr/".utf8), kind: .directory, mode: 0o755, mtime: 1_700_000_000),
        ArchiveEntry(path: Array("usr/plain".utf8), kind: .file, mode: 0o4755, uid: 1, gid: 8, size: 3, mtime: 0),
        ArchiveEntry(
            path: Array("usr/link".utf8), kind: .symlink(target: Array("../etc/x".utf8)), mode: 0o777, mtime: 1),
        ArchiveEntry(
            path: Array("usr/hard".utf8), kind: .hardlink(target: Array("usr/plain".utf8)), mode: 0o644, mtime: 1),
        ArchiveEntry(
            path: Array("usr/ping".utf8), kind: .file, mode: 0o755, uid: 4_000_000, gid: 3_000_000, size: 3, mtime: -5,
            attributes: [
                .init(name: "security.capability", value: [1, 0, 0, 2, 0, 0x20] + Array(repeating: 0, count: 14)),
                .init(name: "user.z", value: Array("v".utf8)),
            ]),
        ArchiveEntry(path: Array("usr/größe".utf8), kind: .file, mode: 0o644, size: 3, mtime: 1),
        ArchiveEntry(
            path: Array("usr/".utf8) + Array(repeating: 0x61, count: 200), kind: .file, mode: 0o644, size: 3, mtime: 1),
        // Two names that are canonically equivalent, and one that is not UTF-8 at all.
        ArchiveEntry(path: Array("usr/e\u{301}".utf8), kind: .file, mode: 0o644, size: 3, mtime: 1),
        ArchiveEntry(path: Array("usr/\u{E9}".utf8), kind: .file, mode: 0o644, size: 3, mtime: 1),
        ArchiveEntry(path: Array("usr/".utf8) + [0xE9, 0xFF], kind: .file, mode: 0o644, size: 3, mtime: 1),
    ]

    @Test(arguments: Compression.allCases)
    func readsBackWhatItWrote(compression: Compression) throws {
        let read = try listExactly(compress(tar(Self.entries), compression))
        try #require(read.count == Self.entries.count)
        for (read, written) in zip(read, Self.entries) {
            #expect(read == written)
        }
    }

    @Test func agreesWithLibarchive() throws {
        var expected = Self.entries
        // libarchive composes the one name that is decomposed.
        expected[7].path = expected[8].path
        let read = try list(tar(Self.entries))
        #expect(read.map(\.path) == expected.map(\.path))
        #expect(read.map(\.kind) == expected.map(\.kind))
        #expect(read.map(\.attributes) == expected.map(\.attributes))
        #expect(read.map(\.mtime) == expected.map(\.mtime))
        #expect(read.map(\.uid) == expected.map(\.uid))
    }

    @Test func tellsWhereEntriesStand() throws {
        let archive = try tar(Self.entries)
        var reader = try TarReader(.memory(archive))
        while let entry = try reader.next() {
            guard entry.kind == .file else { continue }
            let content = try reader.readAll(limit: 3)
            #expect(Array(archive[Int(reader.contentOffset)...].prefix(3)) == content)
            #expect(reader.headerOffset % 512 == 0 && reader.headerOffset < reader.contentOffset)
        }
        #expect(try reader.readTrailer() == TarReader.Trailer(zeroBlocks: 2, hasDataBehind: false))
    }

    @Test func seesDataBehindTheEnd() throws {
        let archive = try tar([Self.entries[1]]) + tar([Self.entries[0]])
        var reader = try TarReader(.memory(archive))
        while try reader.next() != nil {}
        #expect(try reader.readTrailer() == TarReader.Trailer(zeroBlocks: 2, hasDataBehind: true))
    }

    @Test func writesPlainHeadersWherePossible() throws {
        #expect(try tar([Self.entries[1]], ending: .open).count == 1024)
        #expect(try tar([Self.entries[1]]).count == 2048)
    }

    @Test func writesNoTimesOfAccessNorInodes() throws {
        let text = String(decoding: try tar(Self.entries), as: UTF8.self)
        for key in ["atime=", "ctime=", "SCHILY.dev", "SCHILY.ino", "SCHILY.nlink", "LIBARCHIVE."] {
            #expect(!text.contains(key), "\(key)")
        }
        #expect(text.contains("SCHILY.xattr.security.capability="))
    }

    @Test func leavesOpenWhatIsToBeContinued() throws {
        let first = try tar([Self.entries[1]], ending: .open), second = try tar([Self.entries[0]])
        #expect(try list(first + second).map(\.path) == [Self.entries[1].path, Self.entries[0].path])
    }

    @Test func refusesContentBeyondTheHeader() throws {
        #expect(throws: ArchiveError.self) {
            var writer = try TarWriter { _ in }
            try writer.begin(Self.entries[1])
            try writer.write([1, 2, 3, 4].span)
        }
    }

    @Test func refusesAnArchiveCutInsideAnEntry() throws {
        let whole = try tar([Self.entries[4]], ending: .open)
        for length in stride(from: 1, to: whole.count - 512, by: 7) {
            #expect(throws: ArchiveError.self, "cut after \(length) bytes") { try list(Array(whole[..<length])) }
            #expect(throws: ArchiveError.self, "cut after \(length) bytes") {
                try listExactly(Array(whole[..<length]))
            }
        }
    }

    @Test func refusesToExpandWithoutEnd() throws {
        let entry = ArchiveEntry(path: Array("zeros".utf8), kind: .file, mode: 0o644, size: 3_000_000, mtime: 0)
        let bomb = try compress(tar([entry], content: [UInt8](repeating: 0, count: 3_000_000)), .zstd)
        #expect(throws: ArchiveError.tooLarge(limit: 1_000_000)) { try list(bomb, limit: 1_000_000) }
        #expect(throws: ArchiveError.tooLarge(limit: 1_000_000)) { try listExactly(bomb, limit: 1_000_000) }
    }

    @Test func acceptsOnlyTarWhereOnlyTarIsExpected() throws {
        let zip = bytes("504b0506000000000000000000000000000000000000")
        #expect(try list(zip).isEmpty)
        #expect(throws: ArchiveError.self) {
            var reader = try ArchiveReader(.memory(zip), format: .tar)
            _ = try reader.next()
        }
    }

    @Test func namesTheFileItCannotOpen() {
        #expect(throws: ArchiveError.unreadable(path: "/nowhere/x", reason: "No such file or directory")) {
            _ = try ArchiveReader(.file(path: "/nowhere/x"))
        }
    }
}
