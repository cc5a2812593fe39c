//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Checkout

@Suite struct CheckoutTests {
    @Test func listsFilesByBytesOfTheirPaths() throws {
        let tree = try TemporaryTree()
        defer { tree.remove() }
        for path in ["b", "a/b/c.txt", "a.txt", "a-b", "a0", "é", "Z", "a/.hidden"] { try tree.write(path, "12345") }
        chmod(tree.root + "/a-b", 0o755)
        let checkout = try Checkout(root: tree.root)
        #expect(checkout.files.map(\.path) == ["Z", "a-b", "a.txt", "a/.hidden", "a/b/c.txt", "a0", "b", "é"])
        let file = try #require(checkout["a/b/c.txt"])
        #expect(file.name == "c.txt" && file.directory == "a/b" && file.depth == 2 && file.size == 5)
        #expect(checkout.files.filter(\.isExecutable).map(\.path) == ["a-b"])
        #expect(checkout["a"] == nil && checkout[""] == nil && checkout["zz"] == nil && checkout["e\u{301}"] == nil)
        #expect(!checkout.hasGitMetadata && checkout.unreadable.isEmpty)
    }

    @Test func knowsTheNewestModification() throws {
        let tree = try TemporaryTree()
        defer { tree.remove() }
        for (path, time) in [("a", 1000), ("b/c", 3000), ("d", 2000)] {
            try tree.write(path, modified: time)
        }
        #expect(try Checkout(root: tree.root).newestModification == 3000)
        try FileManager.default.removeItem(atPath: tree.root + "/a")
        try FileManager.default.removeItem(atPath: tree.root + "/b")
        #expect(try Checkout(root: tree.root).newestModification == 2000)
        #expect(Checkout(files: ["a": ""]).newestModification == nil)
    }

    @Test func countsNoFileOfItsOwnAsModified() throws {
        let tree = try TemporaryTree()
        defer { tree.remove() }
        try tree.write("a", modified: 1000)
        try tree.write("fitout.yaml", modified: 9000)
        #expect(try Checkout(root: tree.root).newestModification == 1000)
    }

    @Test func knowsWhenATreeWasArchived() throws {
        let tree = try TemporaryTree()
        defer { tree.remove() }
        for name in ["a", "b/c", "b/d", "e"] { try tree.write(name, modified: 1_600_000_001) }
        try tree.write("fitout.yaml", modified: 1_700_000_000)
        #expect(try Checkout(root: tree.root).archiveTime == 1_600_000_001)
        try tree.write("b/d", modified: 1_600_000_003)
        #expect(try Checkout(root: tree.root).archiveTime == nil)
        try tree.write("PKG-INFO", modified: 1_600_000_002)
        #expect(try Checkout(root: tree.root).archiveTime == 1_600_000_002)
        // Hatchling gives all files of a source distribution this time.
        try tree.write("PKG-INFO", modified: 1_580_601_600)
        #expect(try Checkout(root: tree.root).archiveTime == nil)
        #expect(Checkout(files: ["a": "", "b": "", "c": "", "d": ""]).archiveTime == nil)
    }

    @Test func listsLinksToFilesInTheTreeOnly() throws {
        let tree = try TemporaryTree()
        defer { tree.remove() }
        try tree.write("dir/file", "text")
        try tree.write(".git/config")
        try tree.link("in", to: "dir/file")
        try tree.link("dir/up", to: "../in")
        for (path, target) in [
            ("out", "/etc/passwd"), ("loop", "loop"), ("dangling", "nowhere"), ("folder", "dir"), ("self", "."),
            ("dir/parent", ".."), ("metadata", ".git/config"), ("device", "/dev/null"),
        ] { try tree.link(path, to: target) }
        let checkout = try Checkout(root: tree.root)
        #expect(checkout.files.map(\.path) == ["dir/file", "dir/up", "in"])
        #expect(checkout["in"].map { $0.isSymbolicLink && $0.size == 4 } == true)
        #expect(try checkout.read("dir/up") == Array("text".utf8))
        #expect(throws: CheckoutError.noSuchFile("out")) { try checkout.read("out") }
    }

    @Test func goesOnBehindWhatItCannotName() throws {
        let tree = try TemporaryTree()
        defer { tree.remove() }
        try tree.write("a")
        try tree.write("z")
        for bytes: [CChar] in [[0x62, -1, 0], [0x2E, 0x2F, 0x63, -2, 0]] {
            let path = Array(tree.root.utf8CString.dropLast()) + [0x2F] + bytes
            let descriptor = open(path, O_CREAT | O_WRONLY, 0o644)
            try #require(descriptor >= 0)
            close(descriptor)
        }
        try #require(mkfifo(tree.root + "/fifo", 0o644) == 0)
        let checkout = try Checkout(root: tree.root)
        #expect(checkout.files.map(\.path) == ["a", "z"])
        #expect(
            checkout.unreadable == [
                UnreadablePath(path: "b\u{FFFD}", reason: "the name is not UTF-8"),
                UnreadablePath(path: "c\u{FFFD}", reason: "the name is not UTF-8"),
            ])
    }

    /// Every path of the tree is longer than what the system takes in one call from somewhere on.
    @Test func survivesADepthBeyondTheLongestPath() throws {
        let tree = try TemporaryTree()
        defer { tree.remove() }
        let name = String(repeating: "d", count: 200)
        var directory = open(tree.root, O_RDONLY | O_DIRECTORY)
        for _ in 0..<30 {
            mkdirat(directory, name, 0o755)
            let next = openat(directory, name, O_RDONLY | O_DIRECTORY)
            close(directory)
            directory = next
        }
        close(directory)
        try tree.write("a")
        let checkout = try Checkout(root: tree.root)
        #expect(checkout.files.map(\.path) == ["a"])
        #expect(checkout.unreadable.map(\.reason) == ["File name too long"])
        try removeDeep(tree.root, name)
    }

    @Test func readsWithinALimitAndRecordsIt() throws {
        let tree = try TemporaryTree()
        defer { tree.remove() }
        let text = String(repeating: "0123456789", count: 30_000)
        try tree.write("big", text)
        try tree.write("a/small", "s")
        try tree.write("empty", "")
        let checkout = try Checkout(root: tree.root)
        #expect(try checkout.read("big") == Array(text.utf8))
        let copy = checkout
        #expect(try copy.read("a/small", limit: 1) == [UInt8(ascii: "s")])
        #expect(checkout.readPaths == ["a/small", "big"])
        #expect(try checkout.read("empty", limit: 0) == [])
        #expect(throws: CheckoutError.tooLarge("big", limit: 299_999)) { try checkout.read("big", limit: 299_999) }
        for path in ["../a", "/etc/passwd", "a", "a/", "a//small", "./empty", ""] {
            #expect(throws: CheckoutError.noSuchFile(path)) { try checkout.read(path) }
        }
        try FileManager.default.removeItem(atPath: tree.root + "/empty")
        #expect(checkout["empty"].map { $0.size == 0 && !$0.isExecutable } == true)
        #expect(throws: CheckoutError.cannotRead("empty", reason: "No such file or directory")) {
            try checkout.read("empty")
        }
    }

    @Test func refusesARootThatIsNoDirectory() throws {
        let tree = try TemporaryTree()
        defer { tree.remove() }
        try tree.write("file")
        #expect(throws: CheckoutError.cannotOpen(root: tree.root + "/file", reason: "Not a directory")) {
            try Checkout(root: tree.root + "/file")
        }
        #expect(throws: CheckoutError.cannotOpen(root: tree.root + "/none", reason: "No such file or directory")) {
            try Checkout(root: tree.root + "/none")
        }
    }

    @Test func livesInMemoryToo() throws {
        let checkout = Checkout(
            files: ["b/c.py": "é", "a": "1", "run": "", ".git/HEAD": "x", "b/c-d": ""], executables: ["run"])
        #expect(checkout.files.map(\.path) == ["a", "b/c-d", "b/c.py", "run"])
        #expect(
            checkout["b/c.py"].map { [$0.name, $0.directory, "\($0.depth)", "\($0.size)"] } == ["c.py", "b", "1", "2"])
        #expect(checkout["run"]?.isExecutable == true && checkout.hasGitMetadata)
        #expect(try checkout.read("a") == [UInt8(ascii: "1")] && checkout.readPaths == ["a"])
        #expect(throws: CheckoutError.tooLarge("a", limit: 0)) { try checkout.read("a", limit: 0) }
    }

    /// Removes directories `name` within each other, from the innermost.
    private func removeDeep(_ root: String, _ name: String) throws {
        var descriptors = [open(root, O_RDONLY | O_DIRECTORY)]
        while let last = descriptors.last, case let next = openat(last, name, O_RDONLY | O_DIRECTORY), next >= 0 {
            descriptors.append(next)
        }
        while let inner = descriptors.popLast() {
            close(inner)
            if let outer = descriptors.last { try #require(unlinkat(outer, name, AT_REMOVEDIR) == 0) }
        }
    }
}
