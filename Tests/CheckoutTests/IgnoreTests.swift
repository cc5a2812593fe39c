//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Checkout

@Suite struct IgnoreTests {
    /// Paths that rules below tell apart.
    static let paths = [
        "a", "b", "ab", "abc", "a.o", "b.o", ".o", "A.O", "foo", "foo.txt", "Foo", "x y", "trail ", "#hash", "!bang",
        "a*b",
        "a[b", "a\\b", "é.txt", "build/a", "build/keep/b", "src/build/c", "src/a", "src/a.o", "src/foo/a",
        "src/foo/bar/a",
        "src/foo/bar/baz/a.o", "foo2/bar", "foo2/x/bar", "foo2/x/y/bar", "docs/a.md", "docs/x/a.md", "docs/x/y/b.md",
        "logs/1.log", "logs/debug/1.log", "deep/a/b/c/d/e", "deep/a/x", "bar", "bar2/bar", "z/bar/z", "0", "5", "12",
        "a-b",
    ]

    static let rules = [
        "a", "/a", "a/", "*.o", "/*.o", "*", "/*", "*/", "**", "**/", "/**", "build", "build/", "/build/", "src/build",
        "build/*\n!build/keep", "build/**\n!build/keep/", "*.o\n!a.o", "!a.o\n*.o", "# a\n\n  \nab", "\\#hash",
        "\\!bang",
        "trail ", "trail\\ ", "x y  ", "a\\*b", "a[[]b", "a\\\\b", "a[\\\\]b", "?", "??", "[ab]", "[!a]", "[^a]",
        "[a-c]*",
        "[]a]", "[a-]", "[[:digit:]]", "[![:digit:]]", "[[:alpha:][:digit:]]", "[[:nope:]]", "[a", "a\\", "[b-a]",
        "a[*-]b",
        "foo2/*/bar", "foo2/**/bar", "foo2/**", "**/bar", "**/foo/bar", "src/**/a", "src/**/**/a", "/**/bar", "bar/**",
        "deep/**/c", "deep/**/c/**", "deep/*/x", "deep/a/**/e", "de*p/a", "de**p/a", "**foo/bar", "src/foo**", "a**",
        "***",
        "src/**a", "*/a", "*/*/a", "*/foo/", "docs/*.md", "docs/**/*.md\n!docs/x/*.md", "logs/**/*.log", "foo*", "*foo",
        "f?o*", "/", "//a", "./a", "/src//a", "é*", "\u{FEFF}ab", "*\n!*/\n!*.md", "*\n!/src\n!/src/a", "a\r\nb\r\n",
        "!",
        "docs/\n!docs/a.md", "src/[f]oo/bar", "src[/]a", "src?a", "[[:upper:]]*", "[[:space:]]", "*[[:space:]]*", "\\a",
        "*.O",
    ]

    @Test func agreesWithGit() throws {
        let tree = try TemporaryTree()
        defer { tree.remove() }
        for path in Self.paths { try tree.write(path) }
        try tree.git("init", "-q")
        for rules in Self.rules {
            try tree.write(".gitignore", rules + "\n")
            #expect(try Checkout(root: tree.root).files.map(\.path) == tree.filesByGit(), "\(rules)")
        }
    }

    @Test func nestedFilesAreStrongerAndSpeakOfTheirDirectory() throws {
        let tree = try TemporaryTree()
        defer { tree.remove() }
        for path in Self.paths { try tree.write(path) }
        try tree.git("init", "-q")
        try tree.write(".git/info/exclude", "docs\n*.o\n")
        try tree.write(".gitignore", "*.log\na\n!/src/a.o\n")
        try tree.write("src/.gitignore", "/foo/bar/a\n!a\nbuild/*\n")
        try tree.write("src/foo/.gitignore", "!*.o\n/a\n")
        try tree.write("logs/.gitignore", "!*.log\ndebug/\n")
        try tree.write("deep/a/.gitignore", "*\n")
        let expected = try tree.filesByGit()
        let checkout = try Checkout(root: tree.root)
        #expect(checkout.files.map(\.path) == expected)
        #expect(expected.contains("src/foo/bar/baz/a.o") && !expected.contains("docs/a.md"))

        let below = try Checkout(root: tree.root + "/src/foo")
        #expect(below.files.map(\.path) == (try tree.filesByGit(in: "src/foo")))
        #expect(!below.hasGitMetadata && checkout.hasGitMetadata)
    }

    @Test func readsTheExcludesOfALinkedWorkTree() throws {
        let tree = try TemporaryTree()
        defer { tree.remove() }
        try tree.write("main/a")
        try tree.git("init", "-q", in: "main")
        try tree.git("add", "a", in: "main")
        try tree.git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "a", in: "main")
        try tree.git("worktree", "add", "-q", "../linked", in: "main")
        try tree.write("main/.git/info/exclude", "*.o\n")
        for path in ["linked/b.o", "linked/c/d.o", "linked/c/d"] { try tree.write(path) }
        let checkout = try Checkout(root: tree.root + "/linked")
        #expect(checkout.files.map(\.path) == ["a", "c/d"])
        #expect(checkout.hasGitMetadata)
    }

    @Test func starsDoNotTakeExponentialTime() throws {
        let tree = try TemporaryTree()
        defer { tree.remove() }
        let name = String(repeating: "a", count: 200)
        let stars = String(repeating: "a*", count: 60) + "b"
        let doubleStars = String(repeating: "**/a/", count: 60) + "b"
        try tree.write(String(repeating: "a/", count: 100) + name)
        try tree.write(".gitignore", "\(stars)\n\(doubleStars)\n")
        #expect(try Checkout(root: tree.root).files.count == 2)
    }
}
