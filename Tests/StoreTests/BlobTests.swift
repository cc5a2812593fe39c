//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import Testing

@testable import Store

@Suite struct BlobTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func givesBackWhatWasInserted() throws {
        let digest = try scratch.store().insert(Array("hello".utf8))
        // Another process sees it too.
        let store = try scratch.store()
        #expect(store.contains(digest))
        #expect(try store.read(digest) == Array("hello".utf8))
        #expect(store.blobPath(digest) == scratch.path("store/blobs/sha256/\(digest.hex)"))
        #expect(!store.contains(.sha256([1])))
        #expect(throws: StoreError.missing(.sha256([1]))) { try store.read(.sha256([1])) }
    }

    @Test func isForItsUserAlone() throws {
        _ = try scratch.store()
        var status = stat()
        #expect(lstat(scratch.path("store").string, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o700)
    }

    @Test func removesADamagedBlobWhenItIsRead() throws {
        let store = try scratch.store()
        let digest = try store.insert(Array("hello".utf8))
        try damage(store.blobPath(digest))
        #expect(throws: StoreError.self) { try store.read(digest) }
        #expect(!store.contains(digest))
        try store.insert(Array("hello".utf8))
        #expect(try store.read(digest) == Array("hello".utf8))
    }

    @Test func insertsFilesThatAreTheExpectedOnes() throws {
        let store = try scratch.store()
        let file = scratch.path("file")
        try writeAtomically([1, 2, 3], to: file)
        #expect(try store.insert(fileAt: file) == .sha256([1, 2, 3]))
        #expect(try store.insert(fileAt: file, expecting: .sha256([1, 2, 3])) == .sha256([1, 2, 3]))
        #expect(throws: StoreError.wrongDigest(path: file, expected: .sha256([]), actual: .sha256([1, 2, 3]))) {
            try store.insert(fileAt: file, expecting: .sha256([]))
        }
        #expect(!store.contains(.sha256([])))
        #expect(names(in: scratch.path("store/temporary")) == [])
    }

    @Test func commitsWhatWentThroughTheDescriptorToo() throws {
        let store = try scratch.store()
        var file = try store.makeTemporaryFile()
        try file.write([1])
        try file.descriptor.writeAll([2, 3])
        try file.write([4])
        #expect(file.size == 2)
        #expect(try file.commit() == .sha256([1, 2, 3, 4]))
        #expect(try store.read(.sha256([1, 2, 3, 4])) == [1, 2, 3, 4])
    }

    @Test func discardsWhatIsNotCommittedOrNotExpected() throws {
        let store = try scratch.store()
        func abandon() throws {
            var file = try store.makeTemporaryFile()
            try file.write([1])
            #expect(names(in: scratch.path("store/temporary"))?.count == 1)
        }
        try abandon()
        #expect(names(in: scratch.path("store/temporary")) == [])
        var file = try store.makeTemporaryFile()
        try file.write([1])
        do {
            try file.commit(as: .sha256([2]))
            Issue.record("a wrong file was committed")
        } catch {
            #expect(!store.contains(.sha256([2])))
        }
        #expect(names(in: scratch.path("store/temporary")) == [])
    }

    @Test func cleansUpAfterTheDeadOnly() throws {
        let store = try scratch.store()
        var living = try store.makeTemporaryFile()
        try living.write([7])
        // What a killed process leaves: a file that nobody has locked.
        try writeAtomically([1, 2], to: scratch.path("store/temporary/dead"))
        _ = try scratch.store()
        #expect(names(in: scratch.path("store/temporary")) == living.path.lastComponent.map { [$0.string] })
        #expect(try living.commit() == .sha256([7]))
    }

    @Test func makesCacheFolders() throws {
        let store = try scratch.store()
        #expect(try store.cacheDirectory("uv") == scratch.path("store/caches/uv"))
        #expect(names(in: scratch.path("store/caches")) == ["uv"])
    }

    @Test(arguments: ["", ".", "..", "a/b", "/a", "a/", "a\0b"])
    func refusesWhatIsNoFileName(name: String) throws {
        let store = try scratch.store()
        #expect(throws: StoreError.invalidName(name)) { try store.cacheDirectory(name) }
        #expect(throws: StoreError.invalidName(name)) { try store.setRecord(name, .sha256([]), []) }
        #expect(store.record(name, .sha256([])) == nil)
    }

    @Test(arguments: [Errno.noSpace, .diskQuotaExceeded])
    func saysThatTheDiskIsFull(errno: Errno) throws {
        let error = StoreError("write", "/store/temporary/x", errno)
        #expect(error == .diskFull(path: "/store/temporary/x"))
        #expect(error.description.hasPrefix("cannot write `/store/temporary/x`: the disk is full\n\nhint: "))
    }

    @Test func namesPathAndCauseInItsErrors() {
        let error = StoreError.system(verb: "open", path: "/x", .permissionDenied)
        #expect(error.description == "cannot open `/x`: permission denied")
    }
}
