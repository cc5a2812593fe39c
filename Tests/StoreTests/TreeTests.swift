//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Store
import Synchronization
import SystemPackage
import Testing

@Suite struct TreeTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private struct Refused: Error {}

    /// How often and by how many at once something was entered.
    private final class Count: Sendable {
        private let state = Mutex((total: 0, now: 0, most: 0))
        var total: Int { state.withLock(\.total) }
        var most: Int { state.withLock(\.most) }

        func enter() {
            state.withLock {
                $0.total += 1
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
        }

        func leave() { state.withLock { $0.now -= 1 } }
    }

    private let key = Digest.sha256([1])

    @Test func buildsATreeOnce() async throws {
        let builds = Count()
        let paths = try await withThrowingTaskGroup(of: FilePath.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try await scratch.store().tree("rootfs", Digest.sha256([1])) { folder in
                        builds.enter()
                        await Task.yield()
                        try writeAtomically([7], to: folder.appending("file"))
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(builds.total == 1)
        #expect(Set(paths) == [scratch.path("store/trees/rootfs/\(key.hex)")])
        #expect(try content(paths[0].appending("file")) == [7])
        #expect(names(in: scratch.path("store/trees/rootfs")) == [key.hex, key.hex + ".seal"])
        #expect(names(in: scratch.path("store/locks")) == [])
    }

    @Test func trustsNothingThatWasNotFinished() throws {
        let store = try scratch.store()
        #expect(throws: Refused.self) {
            try store.tree("rootfs", key) { folder in
                try writeAtomically([1], to: folder.appending("half"))
                throw Refused()
            }
        }
        #expect(!store.containsTree("rootfs", key))
        let path = try store.tree("rootfs", key) { try writeAtomically([1], to: $0.appending("whole")) }
        #expect(names(in: path) == ["whole"])
        #expect(store.containsTree("rootfs", key))
    }

    @Test func locksOneAtATime() async throws {
        let inside = Count()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    try await scratch.store().withLock("any name / at all") {
                        inside.enter()
                        await Task.yield()
                        inside.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(inside.most == 1)
        #expect(names(in: scratch.path("store/locks")) == [])
    }

    @Test func removesTreesThatResist() throws {
        let top = scratch.path("top")
        try writeFolder(top)
        for name in ["unreadable", "unwritable"] {
            try writeFolder(top.appending(name))
            try writeFolder(top.appending(name).appending("inner"))
            try writeAtomically([1], to: top.appending(name).appending("inner").appending("file"))
            chmod(top.appending(name).appending("inner").string, 0)
        }
        chmod(top.appending("unreadable").string, 0)
        chmod(top.appending("unwritable").string, 0o500)
        try writeFolder(scratch.path("elsewhere"))
        try writeAtomically([1], to: scratch.path("elsewhere/kept"))
        symlink(scratch.path("elsewhere").string, top.appending("link").string)
        symlink("nowhere", top.appending("broken").string)
        // A name that is not UTF-8.
        let name: [CChar] = [CChar(bitPattern: 0xff), CChar(bitPattern: 0xe9), 0]
        try writeFolder(top.pushing(FilePath(platformString: name)))
        try removeTree(top)
        #expect(names(in: scratch.path) == ["elsewhere"])
        #expect(names(in: scratch.path("elsewhere")) == ["kept"])
        try removeTree(scratch.path("absent"))
        try removeTree(scratch.path("elsewhere/kept"))
        #expect(names(in: scratch.path("elsewhere")) == [])
    }

    @Test func removesDeepTrees() throws {
        let top = scratch.path("top")
        try writeFolder(top)
        // Deeper than a process may have files open, and longer than a path may be.
        let here = open(top.string, O_RDONLY | O_DIRECTORY)
        var folder = here
        for _ in 0..<2000 {
            #expect(mkdirat(folder, "abc", 0o755) == 0)
            let next = openat(folder, "abc", O_RDONLY | O_DIRECTORY)
            close(folder)
            folder = next
        }
        close(folder)
        try removeTree(top)
        #expect(names(in: scratch.path) == [])
    }
}
