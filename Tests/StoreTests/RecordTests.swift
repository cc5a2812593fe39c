//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Store
import SystemPackage
import Testing

@Suite struct RecordTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private let key = Digest.sha256([1])

    @Test func keepsTheLastResult() throws {
        let store = try scratch.store()
        #expect(store.record("index", key) == nil)
        try store.setRecord("index", key, [])
        #expect(store.record("index", key) == [])
        try store.setRecord("index", key, [1, 2, 3])
        #expect(try scratch.store().record("index", key) == [1, 2, 3])
        #expect(store.record("layer", key) == nil)
        #expect(names(in: scratch.path("store/temporary")) == [])
        try store.removeRecord("index", key)
        #expect(store.record("index", key) == nil)
    }

    @Test func forgetsADamagedRecord() throws {
        let store = try scratch.store()
        try store.setRecord("index", key, [1, 2, 3])
        let path = scratch.path("store/records/index/\(key.hex)")
        try damage(path)
        #expect(store.record("index", key) == nil)
        #expect(names(in: path.removingLastComponent()) == [])
    }

    @Test(arguments: [0, 5, 31])
    func forgetsATruncatedRecord(size: Int64) throws {
        let store = try scratch.store()
        try store.setRecord("index", key, [1, 2, 3])
        let file = try FileDescriptor.open(scratch.path("store/records/index/\(key.hex)"), .writeOnly)
        try file.closeAfter { try file.resize(to: size) }
        #expect(store.record("index", key) == nil)
    }

    @Test func doesNotTakeARecordForAnother() throws {
        let store = try scratch.store()
        try store.setRecord("index", key, [1, 2, 3])
        try store.setRecord("layer", key, [4])
        let moved = try content(scratch.path("store/records/index/\(key.hex)"))
        try writeAtomically(moved, to: scratch.path("store/records/layer/\(key.hex)"))
        #expect(store.record("layer", key) == nil)
    }
}
