//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Testing

@testable import Detection

struct FileIndexTests {
    @Test func findsEveryNameOfATree() {
        let paths = (0..<3_000).map {
            "d\($0 % 7)/e\($0 % 11)/\(["a", "file", "a.long.name.of.a.file"][$0 % 3])\($0).x\($0 % 5)"
        }
        let checkout = Checkout(files: Dictionary(uniqueKeysWithValues: paths.map { ($0, "") }))
        let index = FileIndex(checkout.files)
        for file in checkout.files {
            #expect(index.files(named: file.name).map(\.path) == [file.path])
            #expect(index.files(in: file.directory).contains { $0 === file })
        }
        #expect(index.files(named: "nothing").isEmpty && index.files(in: "d0").isEmpty)
        #expect((0..<5).reduce(0) { $0 + index.groups(withExtension: "x\($1)").files.count } == 3_000)
    }

    @Test func listsFilesOfOneNameNearestFirst() {
        let index = FileIndex(Checkout(files: ["b/m": "", "a/x/m": "", "m": "", "a.b/m": "", "a/m": ""]).files)
        #expect(index.files(named: "m").map(\.path) == ["m", "a.b/m", "a/m", "b/m", "a/x/m"])
    }

    @Test func groupsFilesByDirectory() {
        let paths = ["s/b.c", "s/a.c", "s/t/c.c", "s/a.h", "r.c", "s.d/e.c"]
        let groups = FileIndex(Checkout(files: Dictionary(uniqueKeysWithValues: paths.map { ($0, "") })).files)
            .groups(withExtension: "c")
        #expect(groups.groups.map { $0.files.map(\.path) } == [["r.c"], ["s.d/e.c"], ["s/a.c", "s/b.c"], ["s/t/c.c"]])
        #expect(groups.groups.map(\.parent.path) == ["", "s.d", "s", "s/t"])
        #expect(groups.filter { $0.depth == 1 }.map(\.path) == ["s.d/e.c", "s/a.c", "s/b.c"])
        #expect(groups.count { $0.path == "s" } == 2)
    }

    @Test func knowsTheDirectoriesAboveFiles() {
        let index = FileIndex(Checkout(files: ["a/b/c/d.txt": "", "a/e.txt": ""]).files)
        #expect(index.directory("a/b/c")?.parent?.path == "a/b")
        #expect(index.directory("a/b")?.name == "b" && index.directory("")?.parent == nil)
        #expect(index.directory("a/b/c/d.txt") == nil && index.directory("b") == nil)
        #expect(FileIndex([]).directory("") == nil)
    }
}
