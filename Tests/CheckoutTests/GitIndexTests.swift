//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Checkout

@Suite struct GitIndexTests {
    /// A work tree with files that are tracked although they are ignored.
    private func workTree(format: String = "sha1") throws -> TemporaryTree {
        let tree = try TemporaryTree()
        try tree.git("init", "--quiet", "--object-format=\(format)")
        try tree.write(".gitignore", "*.log\nbuild/\n")
        try tree.write("kept.log", "12345")
        try tree.write("lost.log")
        try tree.write("build/kept/a.txt", "123")
        try tree.write("build/kept/lost.txt")
        try tree.write("build/other/lost.txt")
        try tree.write("src/a.c", "1")
        try tree.write("new.c", "12")
        try tree.git("add", "-f", ".gitignore", "kept.log", "build/kept/a.txt", "src/a.c")
        return tree
    }

    private static let expected = [".gitignore", "build/kept/a.txt", "kept.log", "new.c", "src/a.c"]

    private func paths(_ tree: TemporaryTree, _ folder: String = "") throws -> [String] {
        try Checkout(root: folder.isEmpty ? tree.root : "\(tree.root)/\(folder)").files.map(\.path)
    }

    @Test(arguments: ["2", "3", "4"])
    func listsWhatIsTrackedAndIgnored(version: String) throws {
        let tree = try workTree()
        defer { tree.remove() }
        // An entry that is only intended makes version 3 of 2.
        try tree.git("update-index", "--index-version", version == "4" ? "4" : "2")
        if version == "3" { try tree.git("add", "-N", "new.c") }
        let index = try Data(contentsOf: URL(fileURLWithPath: "\(tree.root)/.git/index"))
        #expect(String(index[7]) == version)
        #expect(try paths(tree) == Self.expected)
        #expect(try tree.filesByGit() == Self.expected)
        #expect(try paths(tree, "src") == ["a.c"])
    }

    @Test func readsRepositoriesWithSHA256() throws {
        let tree = try workTree(format: "sha256")
        defer { tree.remove() }
        #expect(try paths(tree) == Self.expected)
    }

    @Test func readsTheIndexOfALinkedWorkTree() throws {
        let tree = try workTree()
        defer { tree.remove() }
        try tree.git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "x")
        try tree.git("worktree", "add", "-q", "linked")
        try tree.write("linked/lost.log")
        #expect(try paths(tree, "linked") == [".gitignore", "build/kept/a.txt", "kept.log", "src/a.c"])
    }

    @Test func doesWithoutASplitIndex() throws {
        let tree = try workTree()
        defer { tree.remove() }
        try tree.git("update-index", "--split-index")
        #expect(try paths(tree) == [".gitignore", "new.c", "src/a.c"])
    }

    @Test func listsAFileInConflictOnce() throws {
        let tree = try workTree()
        defer { tree.remove() }
        func commit(_ text: String) throws {
            try tree.write("kept.log", text)
            try tree.git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qam", text)
        }
        try commit("base")
        try tree.git("checkout", "-qb", "other")
        try commit("theirs")
        try tree.git("checkout", "-q", "-")
        try commit("ours")
        try tree.git("read-tree", "-m", "HEAD~1", "HEAD", "other")
        #expect(try tree.git("ls-files", "--unmerged").split(separator: 10).count == 3)
        #expect(try paths(tree) == Self.expected)
    }

    @Test func survivesAnIndexThatIsCutOrDamagedAnywhere() throws {
        let tree = try workTree()
        defer { tree.remove() }
        for version in ["2", "4"] {
            try tree.git("update-index", "--index-version", version)
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: "\(tree.root)/.git/index")))
            #expect(GitIndex(bytes)?.contains(Array("kept.log".utf8)) == true)
            for count in bytes.indices { _ = GitIndex(Array(bytes.prefix(count))) }
            for place in bytes.indices {
                var damaged = bytes
                damaged[place] ^= 0xFF
                _ = GitIndex(damaged)?.containsFiles(below: Array("build/".utf8))
            }
        }
    }
}
