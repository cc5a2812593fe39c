//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import SystemPackage

extension Store {
    /// The folder of this kind that was built from what `key` stands for, built now if it is not there.
    ///
    /// `build` fills an empty folder, which gets its name when it is whole and on the disk. Others who want the same
    /// tree wait meanwhile, and then find it.
    ///
    /// - Throws: ``StoreError`` if folders cannot be made, and what `build` throws.
    public func tree(_ kind: String, _ key: Digest, build: (FilePath) throws -> Void) throws -> FilePath {
        let path = try treePath(kind, key)
        if touch(path) { return path }
        return try withLock(treeLock(kind, key)) {
            guard let unfinished = try beginTree(at: path) else { return path }
            try build(unfinished)
            try finishTree(unfinished, at: path)
            return path
        }
    }

    /// The folder of this kind that was built from what `key` stands for, built now if it is not there.
    ///
    /// `build` fills an empty folder, which gets its name when it is whole and on the disk. Others who want the same
    /// tree wait meanwhile, and then find it.
    ///
    /// - Throws: ``StoreError`` if folders cannot be made, `CancellationError`, and what `build` throws.
    public func tree(
        _ kind: String, _ key: Digest, isolation: isolated (any Actor)? = #isolation,
        build: (FilePath) async throws -> Void
    ) async throws -> FilePath {
        let path = try treePath(kind, key)
        if touch(path) { return path }
        return try await withLock(treeLock(kind, key)) {
            guard let unfinished = try beginTree(at: path) else { return path }
            try await build(unfinished)
            try finishTree(unfinished, at: path)
            return path
        }
    }

    /// Whether a tree of this kind and key is there.
    public func containsTree(_ kind: String, _ key: Digest) -> Bool {
        guard let path = try? treePath(kind, key) else { return false }
        return touch(path)
    }

    /// What the folder of an unfinished tree is called after its key.
    static var unfinishedSuffix: String { ".unfinished" }

    func treePath(_ kind: String, _ key: Digest) throws(StoreError) -> FilePath {
        root.appending("trees").appending(try component(kind)).appending(key.hex)
    }

    private func treeLock(_ kind: String, _ key: Digest) -> String { "tree-\(kind)-\(key.hex)" }

    /// An empty folder for the tree, or nil if somebody else finished it. Only under the tree's lock: what is there
    /// already was left by a killed process.
    private func beginTree(at path: FilePath) throws(StoreError) -> FilePath? {
        if touch(path) { return nil }
        let unfinished = FilePath(path.string + Self.unfinishedSuffix)
        try removeTree(unfinished)
        try makeFolders(unfinished)
        return unfinished
    }

    private func finishTree(_ unfinished: FilePath, at path: FilePath) throws(StoreError) {
        // The tree's content is not hashed again when it is used: it must not be in memory alone under its final name.
        try synchronizeFileSystem(of: unfinished)
        try rename(unfinished, to: path)
        try synchronizeFolder(path.removingLastComponent())
    }
}
