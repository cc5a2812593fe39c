//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Store
import SystemPackage
import Testing

/// Damage in the store is found wherever it is, and what is damaged is made anew.
@Suite struct VerificationTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private let key = Digest.sha256([9])

    /// Builds the tree, and tells whether it had to be built.
    @discardableResult
    private func build(_ store: Store) throws -> Bool {
        var isNew = false
        _ = try store.tree("rootfs", key) { folder in
            isNew = true
            try writeAtomically([1, 2, 3], to: folder.appending("file"))
            try writeFolder(folder.appending("inner"))
            try writeAtomically([4], to: folder.appending("inner").appending("file"))
            symlink("file", folder.appending("link").string)
        }
        return isNew
    }

    @Test func findsDamageInEverything() throws {
        let store = try scratch.store()
        let blobs = try [UInt8(1), 2, 3].map { try store.insert(Array(repeating: $0, count: 10)) }
        try store.setRecord("index", key, [1, 2, 3])
        try build(store)
        #expect(try store.verify() == VerifyReport(entries: 5, bytes: 37))
        let record = "records/index/\(key.hex)"
        let tree = "trees/rootfs/\(key.hex)"
        try damage(store.blobPath(blobs[1]))
        try damage(scratch.path("store/\(record)"))
        try damage(scratch.path("store/\(tree)/inner/file"))
        #expect(try store.verify().damaged == ["blobs/sha256/\(blobs[1].hex)", record, tree])
        #expect(try store.verify() == VerifyReport(entries: 2, bytes: 20))
        #expect(store.contains(blobs[0]) && !store.contains(blobs[1]) && store.record("index", key) == nil)
        #expect(names(in: scratch.path("store/trees/rootfs")) == [])
        #expect(try build(store))
        #expect(try store.verify().damaged.isEmpty)
    }

    @Test(arguments: [
        "truncate -s 1 file", "printf x > inner/file", "rm file", "touch new", "chmod 600 file", "ln -sf inner link",
        "rm -r inner", "mkdir inner/more", "rm ../*.seal", "truncate -s 0 ../*.seal",
        "for f in ../*.seal; do printf x > $f; done",
    ])
    func buildsADamagedTreeAnew(damage: String) throws {
        let store = try scratch.store()
        #expect(try build(store))
        system("cd \(scratch.path("store/trees/rootfs/\(key.hex)")) && \(damage)")
        #expect(try build(store))
        #expect(try build(store) == false)
        #expect(try store.verify().damaged.isEmpty)
    }

    @Test func findsAChangeThatLeavesTheTimes() throws {
        let store = try scratch.store()
        try build(store)
        let file = scratch.path("store/trees/rootfs/\(key.hex)/file")
        system("cp -p \(file) \(file).old && printf xyz > \(file) && touch -r \(file).old \(file) && rm \(file).old")
        #expect(try build(store) == false)
        #expect(try store.verify().damaged == ["trees/rootfs/\(key.hex)"])
        #expect(try build(store))
    }

    @Test func forgetsASealWithItsTree() throws {
        let store = try scratch.store()
        try build(store)
        #expect(names(in: scratch.path("store/trees/rootfs")) == [key.hex, key.hex + ".seal"])
        _ = try store.prune(keeping: [])
        #expect(names(in: scratch.path("store/trees/rootfs")) == [])
    }
}
