//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import SystemPackage

extension Store {
    /// The folder of this kind that was built from what `key` stands for, built now if it is not there.
    ///
    /// `build` fills an empty folder, which gets its name when it is whole and on the disk. Others who want the same
    /// tree wait meanwhile, and then find it. A tree that is no longer what it was, as far as that shows without reading
    /// its files, is built anew.
    ///
    /// - Throws: ``StoreError`` if folders cannot be made, and what `build` throws.
    public func tree(_ kind: String, _ key: Digest, build: (FilePath) throws -> Void) throws -> FilePath {
        let path = try treePath(kind, key)
        if try isWhole(kind, key) { return path }
        return try withLock(treeLock(kind, key)) {
            guard let unfinished = try beginTree(kind, key) else { return path }
            try build(unfinished)
            try finishTree(unfinished, kind, key)
            return path
        }
    }

    /// The folder of this kind that was built from what `key` stands for, built now if it is not there.
    ///
    /// `build` fills an empty folder, which gets its name when it is whole and on the disk. Others who want the same
    /// tree wait meanwhile, and then find it. A tree that is no longer what it was, as far as that shows without reading
    /// its files, is built anew.
    ///
    /// - Throws: ``StoreError`` if folders cannot be made, `CancellationError`, and what `build` throws.
    public func tree(
        _ kind: String, _ key: Digest, isolation: isolated (any Actor)? = #isolation,
        build: (FilePath) async throws -> Void
    ) async throws -> FilePath {
        let path = try treePath(kind, key)
        if try isWhole(kind, key) { return path }
        return try await withLock(treeLock(kind, key)) {
            guard let unfinished = try beginTree(kind, key) else { return path }
            try await build(unfinished)
            try finishTree(unfinished, kind, key)
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

    /// What the tree at `path` was like when it was finished; nil if nobody can tell.
    func seal(ofTreeAt path: FilePath) -> TreeSeal? {
        guard let file = try? File(opening: FilePath(path.string + TreeSeal.suffix)) else { return nil }
        defer { file.close() }
        return (try? file.readAll()).flatMap { TreeSeal($0) }
    }

    private func treeLock(_ kind: String, _ key: Digest) -> String { "tree-\(kind)-\(key.hex)" }

    /// Whether a tree is there and looks as it did when it was finished.
    private func isWhole(_ kind: String, _ key: Digest) throws(StoreError) -> Bool {
        let path = try treePath(kind, key)
        guard touch(path), let seal = seal(ofTreeAt: path) else { return false }
        // A tree that cannot be read is as bad as one that has changed.
        return (try? TreeSeal.shape(of: path)) == seal.shape
    }

    /// An empty folder for the tree, or nil if somebody else finished it. Only under the tree's lock: what is there
    /// already was left by a killed process, or is damaged.
    private func beginTree(_ kind: String, _ key: Digest) throws(StoreError) -> FilePath? {
        if try isWhole(kind, key) { return nil }
        let path = try treePath(kind, key)
        let unfinished = FilePath(path.string + Self.unfinishedSuffix)
        try removeTree(path)
        try removeTree(unfinished)
        try makeFolders(unfinished)
        return unfinished
    }

    private func finishTree(_ unfinished: FilePath, _ kind: String, _ key: Digest) throws(StoreError) {
        let path = try treePath(kind, key)
        let seal = try TreeSeal(of: unfinished)
        // The tree's content is not hashed again when it is used: it must not be in memory alone under its final name.
        try synchronizeFileSystem(of: unfinished)
        try finish(
            createTemporaryFile(), with: seal.record, at: FilePath(path.string + TreeSeal.suffix), mode: .ownerReadWrite
        )
        try rename(unfinished, to: path)
        try synchronizeFolder(path.removingLastComponent())
    }
}
