//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import SystemPackage

/// A content-addressed folder, shared safely between processes.
///
/// | folder                   | holds                                                          |
/// |--------------------------|----------------------------------------------------------------|
/// | `blobs/sha256/<hex>`     | files under their own digest, read-only                        |
/// | `records/<kind>/<hex>`   | small results under the digest of what they were computed from |
/// | `trees/<kind>/<hex>`     | folders under the digest of what they were built from; seals    |
/// | `partial/<hex>`          | the beginnings of blobs that are still on their way            |
/// | `caches/<name>`          | what other tools keep for themselves                           |
/// | `locks`, `temporary`     | nothing, while no process uses the store                       |
///
/// A file reaches its place by being renamed when it is whole and on the disk, so a killed process leaves nothing
/// behind that a later one would trust.
public struct Store: Sendable {
    /// The store's folder.
    public let root: FilePath
    let lease: StoreLease

    /// Opens the store in the folder `root`, which is made if it is not there, for this user alone; and removes what
    /// killed processes left in `temporary`.
    ///
    /// - Throws: ``StoreError`` if a folder cannot be made.
    public init(at root: FilePath) throws(StoreError) {
        self.root = root
        for folder in [["blobs", "sha256"], ["records"], ["trees"], ["partial"], ["caches"], ["locks"], ["temporary"]] {
            try makeFolders(folder.reduce(root) { $0.appending($1) })
        }
        lease = try StoreLease(of: root)
        try removeAbandonedFiles()
    }

    /// Where the blob of this digest is or would be: `blobs/sha256/<hex>`.
    public func blobPath(_ digest: Digest) -> FilePath {
        root.appending("blobs").appending("sha256").appending(digest.hex)
    }

    /// Whether the store holds this blob. A blob asked for counts as used (see ``prune(keeping:downTo:unusedSince:)``).
    public func contains(_ digest: Digest) -> Bool {
        touch(blobPath(digest))
    }

    /// Puts bytes into the store.
    ///
    /// - Throws: ``StoreError`` if they cannot be written.
    @discardableResult
    public func insert(_ bytes: [UInt8]) throws(StoreError) -> Digest {
        let digest = Digest.sha256(bytes)
        if contains(digest) { return digest }
        var file = try makeTemporaryFile()
        try file.write(bytes)
        return try file.commit()
    }

    /// Puts a copy of a file into the store.
    ///
    /// - Throws: ``StoreError``, among them `wrongDigest` if the content is not that of `expecting`.
    @discardableResult
    public func insert(fileAt path: FilePath, expecting: Digest? = nil) throws(StoreError) -> Digest {
        let source = try File(opening: path)
        defer { source.close() }
        var file = try makeTemporaryFile()
        try source.readPieces { (piece) throws(StoreError) in try file.write(piece) }
        let actual = file.digest
        if let expecting, expecting != actual {
            throw .wrongDigest(path: path, expected: expecting, actual: actual)
        }
        return try file.commit()
    }

    /// A blob's bytes, hashed again on the way. A damaged blob is removed, so that it can be put in anew.
    ///
    /// - Throws: ``StoreError``, `missing` and `wrongDigest` among them.
    public func read(_ digest: Digest) throws(StoreError) -> [UInt8] {
        guard contains(digest) else { throw .missing(digest) }
        let path = blobPath(digest)
        let file = try File(opening: path)
        defer { file.close() }
        let bytes = try file.readAll()
        let actual = Digest.sha256(bytes)
        guard actual == digest else {
            try removeFile(path)
            throw .wrongDigest(path: path, expected: digest, actual: actual)
        }
        return bytes
    }

    /// Hashes a blob again. A damaged blob is removed, so that it can be put in anew.
    ///
    /// - Throws: ``StoreError``, `missing` and `damaged` among them.
    public func check(_ digest: Digest) throws(StoreError) {
        guard contains(digest) else { throw .missing(digest) }
        let path = blobPath(digest)
        if try Digest.sha256(fileAt: path) == digest { return }
        try removeFile(path)
        throw .damaged(digest)
    }

    /// The folder `caches/<name>`, where another tool may keep what it likes from one build to the next.
    ///
    /// - Throws: ``StoreError`` if `name` is no file name or the folder cannot be made.
    public func cacheDirectory(_ name: String) throws(StoreError) -> FilePath {
        let path = root.appending("caches").appending(try component(name))
        try makeFolders(path)
        _ = touch(path)
        return path
    }

    /// `name` as one component of a path.
    func component(_ name: String) throws(StoreError) -> FilePath.Component {
        guard !name.utf8.contains(0), let component = FilePath.Component(name), component.kind == .regular,
            component.string == name
        else { throw .invalidName(name) }
        return component
    }
}
