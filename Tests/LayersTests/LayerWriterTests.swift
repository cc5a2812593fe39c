//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Layers
import Store
import Testing

@Suite struct LayerWriterTests {
    let workplace: Workplace

    init() throws { workplace = try Workplace() }

    func plan(
        _ parts: [(String, [TarItem], Set<EntryPath>)], generated: [GeneratedEntry] = [],
        compression: Compression = .zstd
    ) throws -> LayerPlan {
        LayerPlan(
            parts: try parts.map {
                LayerPlan.Part(name: $0.0, fragment: try workplace.fragment($0.0, $0.1), excluding: $0.2)
            }, generated: generated, time: 5, compression: compression)
    }

    static let one: (String, [TarItem], Set<EntryPath>) = (
        "one", [.directory("./usr/", mode: 0o750), .file("./usr/a", "a"), .hardlink("./usr/b", "./usr/a")], []
    )
    static let two: (String, [TarItem], Set<EntryPath>) = (
        "two", [.directory("./usr/"), .directory("./var/"), .file("./var/lib/c", "c"), .symlink("./usr/l", "a")], []
    )

    @Test(arguments: Compression.allCases)
    func putsDirectoriesFirstAndEachPathOnce(compression: Compression) async throws {
        let generated = [GeneratedEntry.file(try path("etc/made"), Array("made".utf8), mtime: 9)]
        let layer = try await writeLayer(
            plan([Self.one, Self.two], generated: generated, compression: compression), in: workplace.store)
        #expect(
            try workplace.list(layer) == [
                "etc/ dir 755 0:0", "usr/ dir 750 0:0", "var/ dir 755 0:0", "var/lib/ dir 755 0:0",
                "usr/a file 644 0:0", "usr/b == usr/a 644 0:0", "var/lib/c file 644 0:0", "usr/l -> a 777 0:0",
                "etc/made file 644 0:0",
            ])
        #expect(layer.compression == compression)
    }

    @Test(arguments: Compression.allCases)
    func knowsTheDigestsOfWhatItWrote(compression: Compression) async throws {
        let layer = try await writeLayer(plan([Self.one, Self.two], compression: compression), in: workplace.store)
        let blob = try workplace.store.read(layer.digest)
        let content = try decompress(blob, limit: 1 << 20)
        #expect(layer.size == Int64(blob.count))
        #expect(layer.uncompressedSize == Int64(content.count))
        #expect(layer.diffID == .sha256(content))
        #expect(content.suffix(1024).allSatisfy { $0 == 0 })
    }

    @Test func givesTheSameTarInEveryCompression() async throws {
        let zstd = try await writeLayer(plan([Self.one, Self.two]), in: workplace.store)
        let gzip = try await writeLayer(plan([Self.one, Self.two], compression: .gzip), in: workplace.store)
        #expect(zstd.diffID == gzip.diffID)
    }

    @Test func findsAnEqualLayerWithoutItsFragments() async throws {
        let plan = try plan([Self.one])
        let layer = try await writeLayer(plan, in: workplace.store)
        try removeTree(workplace.store.blobPath(plan.parts[0].fragment.frame))
        #expect(try await writeLayer(plan, in: workplace.store) == layer)
        #expect(try inventory(of: layer, in: workplace.store).map(\.origin) == ["", "one", "one"])
    }

    @Test func writesALayerAnewWhoseEntriesAreLost() async throws {
        let plan = try plan([Self.one])
        let layer = try await writeLayer(plan, in: workplace.store)
        try workplace.store.removeRecord("inventory", layer.diffID)
        #expect(try await writeLayer(plan, in: workplace.store) == layer)
        #expect(try inventory(of: layer, in: workplace.store).count == 3)
    }

    @Test func refusesAPathOfTwoPackages() async throws {
        let plan = try plan([Self.one, ("other", [.file("./usr/a", "other")], [])])
        await #expect(throws: LayerError.collision(path: try path("usr/a"), first: "one", second: "other")) {
            try await writeLayer(plan, in: workplace.store)
        }
    }

    @Test func refusesAPathOfALowerPackage() async throws {
        let lower = try await writeLayer(plan([Self.one]), in: workplace.store)
        let plan = try plan([("other", [.file("./usr/a", "other")], [])])
        await #expect(throws: LayerError.collision(path: try path("usr/a"), first: "one", second: "other")) {
            try await writeLayer(plan, over: [lower], in: workplace.store)
        }
    }

    @Test func refusesAPathThroughAnotherPackagesLink() async throws {
        let plan = try plan([("link", [.symlink("./opt", "/srv")], []), ("file", [.file("./opt/x")], [])])
        await #expect(
            throws: LayerError.throughNonDirectory(path: try path("opt"), package: "file", other: "link")
        ) { try await writeLayer(plan, in: workplace.store) }
    }

    @Test func leavesOutWhatAnotherPackageReplaces() async throws {
        let replaced: (String, [TarItem], Set<EntryPath>) = (Self.one.0, Self.one.1, [try path("usr/a")])
        let layer = try await writeLayer(
            plan([replaced, ("new", [.file("./usr/a", "new")], [])]), in: workplace.store)
        // The file stays under its other name, which was a hard link.
        #expect(
            try workplace.list(layer) == ["usr/ dir 750 0:0", "usr/b file 644 0:0", "usr/a file 644 0:0"])
    }

    @Test func keepsTheAttributesOfLowerDirectories() async throws {
        let lower = try await writeLayer(plan([Self.one]), in: workplace.store)
        let layer = try await writeLayer(plan([Self.two]), over: [lower], in: workplace.store)
        #expect(try workplace.list(layer).contains("usr/ dir 750 0:0"))
    }

    @Test func writesWhiteouts() async throws {
        let whiteout = try #require(GeneratedEntry.whiteout(try path("usr/a"), mtime: 0))
        let layer = try await writeLayer(plan([], generated: [whiteout]), in: workplace.store)
        #expect(try workplace.list(layer) == ["usr/ dir 755 0:0", "usr/.wh.a file 644 0:0"])
    }

    @Test func refusesToSpliceADamagedFrame() async throws {
        let plan = try plan([Self.one])
        let frame = workplace.store.blobPath(plan.parts[0].fragment.frame)
        var bytes = try workplace.store.read(plan.parts[0].fragment.frame)
        bytes[bytes.count - 1] ^= 1
        try removeTree(frame)
        _ = try workplace.file("store/blobs/sha256/" + plan.parts[0].fragment.frame.hex, bytes)
        await #expect(throws: (any Error).self) { try await writeLayer(plan, in: workplace.store) }
    }

    @Test func readsContentsOfManyFilesAtOnce() throws {
        let fragments = [try workplace.fragment("one", Self.one.1), try workplace.fragment("two", Self.two.1)]
        let contents = FragmentContents(of: fragments, in: workplace.store)
        let all = try contents.contents(of: [try path("usr/a"), try path("usr/b"), try path("var/lib/c")])
        #expect(all[try path("usr/b")] == Array("a".utf8))
        #expect(all[try path("var/lib/c")] == Array("c".utf8))
        #expect(throws: LayerError.missingFile(try path("usr/l"))) { try contents.contents(of: path("usr/l")) }
        #expect(throws: LayerError.missingFile(try path("none"))) { try contents.contents(of: path("none")) }
    }

    @Test func answersFromTheCacheAsFromTheFragments() throws {
        let fragments = [try workplace.fragment("one", Self.one.1), try workplace.fragment("two", Self.two.1)]
        let contents = FragmentContents(of: fragments, in: workplace.store)
        let cache = FragmentContentCache(contents)
        for name in ["usr/a", "var/lib/c", "usr/b", "usr/a"] {
            #expect(try cache.contents(of: path(name)) == contents.contents(of: path(name)))
        }
        #expect(throws: LayerError.missingFile(try path("none"))) { try cache.contents(of: path("none")) }
    }
}
