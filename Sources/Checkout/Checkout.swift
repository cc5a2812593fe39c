//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The files of a repository that are neither ignored by git nor part of its metadata.
///
/// The tree is walked once, when the value is made; contents are read on demand.
public struct Checkout: Sendable {
    /// The path of the tree as it was given; empty for a checkout in memory.
    public let root: String
    /// The files, sorted by the bytes of their paths.
    public let files: [CheckoutFile]
    /// Symbolic links that are not among ``files``, because they lead to a folder, out of the tree or nowhere; sorted.
    public let otherLinks: [String]
    /// What could not be looked at, sorted by path.
    public let unreadable: [UnreadablePath]
    /// Whether there is a `.git` in the root.
    public let hasGitMetadata: Bool

    let contents: [[UInt8]]?
    let reads = ReadLog()

    /// Walks the directory `root`.
    ///
    /// Follows gitignore(5): `.gitignore` in every directory, also in those above `root` up to the top of its work
    /// tree, and `.git/info/exclude`; what git's index tracks is listed all the same. The user's global ignore file is not
    /// consulted. `.git` is left
    /// out at every depth. A symbolic link to a regular file in the tree is listed, any other goes to ``otherLinks``,
    /// and none is followed to a directory. What cannot be read does not stop the walk and is listed in ``unreadable``.
    ///
    /// - Throws: ``CheckoutError/cannotOpen(root:reason:)``.
    public init(root: String) throws(CheckoutError) {
        let tree = try TreeWalk.walk(root)
        self.root = root
        files = tree.files
        otherLinks = tree.otherLinks.sorted { $0.precedesByBytes($1) }
        unreadable = tree.unreadable.sorted { $0.path.precedesByBytes($1.path) }
        hasGitMetadata = tree.hasGitMetadata
        contents = nil
    }

    /// A checkout in memory: contents by path. Nothing is ignored but what is below `.git`.
    public init(files contents: [String: String], executables: Set<String> = []) {
        root = ""
        let paths = contents.keys.sorted { $0.precedesByBytes($1) }
        let isMetadata = { (path: String) in path.split(separator: "/").contains(".git") }
        hasGitMetadata = paths.contains { $0.hasPrefix(".git/") || $0 == ".git" }
        let texts = paths.filter { !isMetadata($0) }.map { (path: $0, bytes: Array((contents[$0] ?? "").utf8)) }
        var directories: [Substring: CheckoutDirectory] = [:]
        files = texts.enumerated().map { place, text in
            let (path, bytes) = text
            let start = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) } ?? path.startIndex
            return CheckoutFile(
                path: path, name: String(path[start...]),
                parent: Self.directory(path[..<start].dropLast(), &directories), number: place, isSymbolicLink: false,
                memory: CheckoutFile.Memory(size: Int64(bytes.count), isExecutable: executables.contains(path)))
        }
        self.contents = texts.map(\.bytes)
        otherLinks = []
        unreadable = []
    }

    /// The directory at `path` of a checkout in memory, made with those above it where it is not there yet.
    private static func directory(
        _ path: Substring, _ known: inout [Substring: CheckoutDirectory]
    ) -> CheckoutDirectory {
        var missing: [Substring] = []
        var rest = path
        var found = known[rest]
        while found == nil, !rest.isEmpty {
            missing.append(rest)
            rest = rest.lastIndex(of: "/").map { rest[..<$0] } ?? ""
            found = known[rest]
        }
        var directory = found ?? CheckoutDirectory(path: "", parent: nil, number: 0, tree: nil)
        known[rest] = directory
        for path in missing.reversed() {
            directory = CheckoutDirectory(path: String(path), parent: directory, number: known.count, tree: nil)
            known[path] = directory
        }
        return directory
    }

    /// The file at `path`, as in ``CheckoutFile/path``.
    public subscript(path: String) -> CheckoutFile? {
        index(of: path).map { files[$0] }
    }

    /// The place of `path` in ``files``.
    func index(of path: String) -> Int? {
        var low = 0
        var high = files.count
        while low < high {
            let middle = low + (high - low) / 2
            if files[middle].path.precedesByBytes(path) { low = middle + 1 } else { high = middle }
        }
        guard low < files.count, files[low].path.utf8.elementsEqual(path.utf8) else { return nil }
        return low
    }
}
