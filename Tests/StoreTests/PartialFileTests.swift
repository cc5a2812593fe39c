//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Store
import SystemPackage
import Testing

@Suite struct PartialFileTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func write(_ bytes: [UInt8], to file: inout PartialFile) throws {
        try bytes.withUnsafeBytes { try file.write($0) }
    }

    @Test func goesOnWhereAnotherProcessStopped() async throws {
        let digest = Digest.sha256([1, 2, 3, 4])
        func begin() async throws {
            guard var file = try await scratch.store().partialFile(digest) else { return }
            try write([1, 2], to: &file)
        }
        try await begin()
        let store = try scratch.store()
        guard var file = try await store.partialFile(digest) else {
            Issue.record("the blob is not there yet")
            return
        }
        #expect(file.size == 2)
        try write([3, 4], to: &file)
        #expect(file.size == 4)
        #expect(file.currentDigest == digest)
        try file.commit()
        #expect(try store.read(digest) == [1, 2, 3, 4])
        #expect(names(in: scratch.path("store/partial")) == [])
    }

    @Test func startsAgain() async throws {
        let store = try scratch.store()
        guard var file = try await store.partialFile(.sha256([3])) else { return }
        try write([1, 2], to: &file)
        try file.restart()
        #expect(file.size == 0)
        try write([3], to: &file)
        try file.commit()
        #expect(try store.read(.sha256([3])) == [3])
    }

    @Test func isNeverCommittedAsWhatItIsNot() async throws {
        let store = try scratch.store()
        guard var file = try await store.partialFile(.sha256([3])) else { return }
        try write([1], to: &file)
        do {
            try file.commit()
            Issue.record("a wrong file was committed")
        } catch {
            #expect(!store.contains(.sha256([3])))
        }
    }

    @Test func whoWaitsFindsTheFinishedBlob() async throws {
        let store = try scratch.store()
        guard var file = try await store.partialFile(.sha256([3])) else { return }
        async let second = store.partialFile(.sha256([3])) == nil
        try write([3], to: &file)
        try file.commit()
        #expect(try await second)
        #expect(names(in: scratch.path("store/partial")) == [])
    }

    @Test func waitingEndsWhenTheTaskIsCancelled() async throws {
        let store = try scratch.store()
        guard let file = try await store.partialFile(.sha256([3])) else { return }
        let second = Task { try await store.partialFile(.sha256([3])) == nil }
        second.cancel()
        await #expect(throws: CancellationError.self) { _ = try await second.value }
        try file.discard()
    }
}
