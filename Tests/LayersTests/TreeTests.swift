//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Glibc
import Layers
import Store
import SystemPackage
import Testing

@Suite struct TreeTests {
    let workplace: Workplace
    let tree: FilePath

    init() throws {
        workplace = try Workplace()
        tree = workplace.path.appending("tree")
        try #require(mkdir(tree.string, 0o755) == 0)
    }

    func layer(_ items: [TarItem], generated: [GeneratedEntry] = []) async throws -> Layer {
        let part = LayerPlan.Part(name: "p", fragment: try workplace.fragment("p\(items.count)", items))
        return try await writeLayer(LayerPlan(parts: [part], generated: generated, time: 5), in: workplace.store)
    }

    func status(_ name: String) -> stat? {
        var status = stat()
        return lstat(tree.appending(name).string, &status) == 0 ? status : nil
    }

    @Test func unpacksAsAUserCan() async throws {
        let layer = try await layer([
            .directory("./d/", mode: 0o2555), .file("./d/f", "content", mode: 0o6755, mtime: 77),
            .file("./d/unreadable", mode: 0o000), .symlink("./d/out", "/etc/passwd"), .hardlink("./d/g", "./d/f"),
        ])
        try unpackLayer(layer, from: workplace.store, to: tree)
        #expect(status("d")?.st_mode == S_IFDIR | 0o755)
        #expect(status("d")?.st_mtim.tv_sec == 1000)
        #expect(status("d/f")?.st_mode == S_IFREG | 0o755)
        #expect(status("d/f")?.st_mtim.tv_sec == 77)
        #expect(status("d/unreadable")?.st_mode == S_IFREG | 0o600)
        #expect(status("d/f")?.st_ino == status("d/g")?.st_ino)
        #expect(status("d/out").map { $0.st_mode & S_IFMT } == S_IFLNK)
    }

    @Test func neverWritesThroughALinkOfTheFolder() async throws {
        try #require(mkdir(workplace.path.appending("outside").string, 0o755) == 0)
        try #require(symlink("../outside", tree.appending("d").string) == 0)
        let layer = try await layer([.file("./d/f", "content")])
        // The layer's own directory replaces the link.
        try unpackLayer(layer, from: workplace.store, to: tree)
        #expect(status("d").map { $0.st_mode & S_IFMT } == S_IFDIR)
        #expect(access(workplace.path.appending("outside/f").string, F_OK) != 0)
    }

    @Test func appliesWhiteouts() async throws {
        try unpackLayer(
            try await layer([.file("./d/old"), .file("./d/e/old"), .file("./keep")]), from: workplace.store, to: tree)
        let generated = [
            GeneratedEntry.file(try path("d/.wh.e"), [], mtime: 0), .file(try path("d/new"), [], mtime: 0),
        ]
        try unpackLayer(try await layer([], generated: generated), from: workplace.store, to: tree)
        #expect(status("d/e") == nil && status("d/old") != nil && status("d/new") != nil)
        let opaque = [
            GeneratedEntry.file(try path("d/.wh..wh..opq"), [], mtime: 0), .file(try path("d/newer"), [], mtime: 0),
        ]
        try unpackLayer(try await layer([], generated: opaque), from: workplace.store, to: tree)
        #expect(status("d/old") == nil && status("d/new") == nil && status("d/newer") != nil && status("keep") != nil)
    }

    @Test func capturesWhatItUnpacked() async throws {
        let items: [TarItem] = [
            .directory("./d/"), .file("./d/f", "content", mode: 0o755), .hardlink("./d/g", "./d/f"),
            .symlink("./l", "d/f"),
        ]
        try unpackLayer(try await layer(items), from: workplace.store, to: tree)
        let capture = try captureTree(tree, time: 42)
        let layer = try writeLayer(fromTree: capture, time: 42, in: workplace.store)
        #expect(
            try workplace.list(layer) == [
                "d/ dir 755 0:0", "d/f file 755 0:0", "d/g == d/f 755 0:0", "l -> d/f 777 0:0",
            ])
        #expect(capture.entries.allSatisfy { $0.mtime == 42 })
        let content = try decompress(try workplace.store.read(layer.digest), limit: 1 << 20)
        #expect(layer.diffID == .sha256(content) && layer.uncompressedSize == Int64(content.count))
        #expect(try writeLayer(fromTree: capture, time: 42, in: workplace.store) == layer)
    }

    @Test func capturesWhatOverlaysRemove() throws {
        try #require(mkdir(tree.appending("opaque").string, 0o755) == 0)
        _ = try workplace.file("tree/opaque/new", [])
        _ = try workplace.file("tree/gone", [])
        try setAttribute("user.overlay.opaque", "y", of: tree.appending("opaque"))
        try setAttribute("user.overlay.whiteout", "y", of: tree.appending("gone"))
        try setAttribute("user.note", "kept", of: tree.appending("opaque/new"))
        let capture = try captureTree(tree, time: 1)
        let layer = try writeLayer(fromTree: capture, time: 1, in: workplace.store)
        #expect(
            try workplace.list(layer) == [
                "opaque/ dir 755 0:0", ".wh.gone file 644 0:0", "opaque/.wh..wh..opq file 644 0:0",
                "opaque/new file 600 0:0",
            ])
        let attributes = capture.entries.flatMap(\.xattrs)
        #expect(attributes == [ExtendedAttribute(name: "user.note", value: Array("kept".utf8))])
    }

    @Test func keepsOfSourceFilesWhatGitKeeps() throws {
        try #require(mkdir(tree.appending("d").string, 0o700) == 0)
        _ = try workplace.file("tree/d/f", Array("content".utf8))
        _ = try workplace.file("tree/other", [])
        try #require(link(tree.appending("d/f").string, tree.appending("g").string) == 0)
        try setAttribute("user.note", "of this machine", of: tree.appending("d/f"))
        let capture = try captureFiles(["d/f", "g"], of: tree, time: 1)
        let layer = try writeLayer(fromTree: capture.moved(below: try path("a/b")), time: 1, in: workplace.store)
        #expect(
            try workplace.list(layer) == [
                "a/ dir 755 0:0", "a/b/ dir 755 0:0", "a/b/d/ dir 755 0:0", "a/b/d/f file 644 0:0",
                "a/b/g file 644 0:0",
            ])
        #expect(capture.entries.allSatisfy { $0.xattrs.isEmpty })
    }

    @Test func mapsOwners() throws {
        _ = try workplace.file("tree/f", [])
        let capture = try captureTree(tree, time: 1) { uid, _ in (uid &+ 5, 9) }
        #expect(capture.entries.map(\.uid) == [getuid() &+ 5] && capture.entries.map(\.gid) == [9])
    }

    @Test func refusesReservedNamesAndPipes() throws {
        _ = try workplace.file("tree/.wh.x", [])
        #expect(throws: LayerError.self) { try captureTree(tree, time: 1) }
        try #require(unlink(tree.appending(".wh.x").string) == 0 && mkfifo(tree.appending("p").string, 0o600) == 0)
        #expect(throws: LayerError.self) { try captureTree(tree, time: 1) }
    }

    private func setAttribute(_ name: String, _ value: String, of path: FilePath) throws {
        try #require(setxattr(path.string, name, value, value.utf8.count, 0) == 0)
    }
}

/// `sys/xattr.h` is not in the module of the C library.
@_silgen_name("setxattr")
private func setxattr(
    _ path: UnsafePointer<CChar>, _ name: UnsafePointer<CChar>, _ value: UnsafePointer<CChar>, _ size: Int,
    _ flags: Int32
) -> Int32
