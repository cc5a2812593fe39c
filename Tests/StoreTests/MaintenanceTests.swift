//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Store
import SystemPackage
import Testing

@Suite struct MaintenanceTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private let key = Digest.sha256([9])

    private func filledStore() throws -> Store {
        let store = try scratch.store()
        for (byte, lastUse) in [(UInt8(1), 300), (2, 100), (3, 200)] {
            let digest = try store.insert(Array(repeating: byte, count: 10))
            setLastUse(store.blobPath(digest), lastUse)
        }
        let tree = try store.tree("rootfs", key) { folder in
            try writeAtomically([1, 2, 3], to: folder.appending("file"))
            try writeFolder(folder.appending("inner"))
            try writeAtomically([4], to: folder.appending("inner").appending("file"))
        }
        setLastUse(tree, 400)
        return store
    }

    private func blob(_ byte: UInt8) -> Digest { .sha256(Array(repeating: byte, count: 10)) }

    @Test func countsFilesAndBytes() throws {
        let store = try filledStore()
        try store.setRecord("index", key, [1, 2, 3])
        try writeAtomically([1, 2], to: store.cacheDirectory("uv").appending("file"))
        let lines = try store.usage().map { "\($0.kind) \($0.files) \($0.bytes)" }
        #expect(lines == ["blobs 3 30", "caches/uv 1 2", "records/index 1 35", "trees/rootfs 2 4"])
        #expect(try Store(at: scratch.path("empty")).usage().isEmpty)
    }

    @Test(
        arguments: [
            (34, nil, [], "123t", 0), (25, nil, [], "13t", 10), (24, nil, [], "13t", 10), (23, nil, [], "1t", 20),
            (14, nil, [UInt8(2)], "2t", 20), (nil, 250, [], "1t", 20), (nil, 250, [2], "12t", 10),
            (25, 50, [], "123t", 0), (nil, nil, [1], "1", 24), (0, nil, [], "", 34),
        ] as [(Int64?, Int64?, [UInt8], String, Int64)])
    func prunesTheLongestUnused(
        bytes: Int64?, instant: Int64?, keeping: [UInt8], left: String, removed: Int64
    ) throws {
        let store = try filledStore()
        let keys = Set(keeping.map { blob($0) })
        let planned = try store.prune(keeping: keys, downTo: bytes, unusedSince: instant, dryRun: true)
        #expect(planned.bytes == removed)
        #expect(try store.usage().reduce(0) { $0 + $1.bytes } == 34)
        #expect(try store.prune(keeping: keys, downTo: bytes, unusedSince: instant) == planned)
        let blobs = [UInt8(1), 2, 3].filter { store.contains(blob($0)) }.map { "\($0)" }.joined()
        #expect(blobs + (store.containsTree("rootfs", key) ? "t" : "") == left)
    }

    @Test func useIsNoted() throws {
        let store = try filledStore()
        #expect(store.contains(blob(2)))
        _ = try store.prune(keeping: [], unusedSince: 1000)
        #expect(store.contains(blob(2)) && !store.contains(blob(1)))
    }

    @Test func prunesNothingWhileAnotherUsesTheStore() throws {
        let store = try filledStore()
        func other() throws {
            let other = try scratch.store()
            #expect(throws: StoreError.inUse(path: store.root)) { try store.prune(keeping: []) }
            #expect(other.contains(blob(1)))
        }
        try other()
        #expect(try store.prune(keeping: []).entries == 4)
    }

    @Test func removesWhatKilledBuildsLeft() throws {
        let store = try filledStore()
        #expect(throws: StoreError.self) {
            try store.tree("rootfs", .sha256([1])) { folder in
                try writeAtomically([1], to: folder.appending("half"))
                throw StoreError.missing(.sha256([1]))
            }
        }
        #expect(try store.prune(keeping: [], downTo: .max) == PruneReport(entries: 1, bytes: 1))
        #expect(names(in: scratch.path("store/trees/rootfs")) == [key.hex, key.hex + ".seal"])
    }

    @Test func replacesFilesAtomically() throws {
        try writeAtomically([1], to: scratch.path("file"))
        try writeAtomically([2, 3], to: scratch.path("file"), mode: [.ownerReadWrite])
        #expect(try content(scratch.path("file")) == [2, 3])
        #expect(names(in: scratch.path) == ["file"])
        let target = scratch.path("absent/file")
        #expect(throws: StoreError.system(verb: "create", path: target, .noSuchFileOrDirectory)) {
            try writeAtomically([1], to: target)
        }
    }
}
