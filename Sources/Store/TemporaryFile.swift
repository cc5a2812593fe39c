//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import SystemPackage

/// A file in the making, which becomes a blob when it is committed and is removed when it is not.
public struct TemporaryFile: ~Copyable, Sendable {
    /// Where the file is until it is committed.
    public let path: FilePath
    /// How many bytes ``write(_:)-([UInt8])`` has written.
    public private(set) var size: Int64 = 0

    private let store: Store
    private let file: File
    private var hasher = DigestHasher()
    private var committed = false

    init(in store: Store) throws(StoreError) {
        let file = try store.createTemporaryFile()
        self.file = file
        self.store = store
        path = file.path
    }

    deinit {
        // Removal can fail only if somebody else removed it, or will (`removeAbandonedFiles`).
        if !committed { try? removeFile(path) }
        file.close()
    }

    /// The open file, for libraries that write by themselves; commit then reads the file again to know its digest.
    public var descriptor: FileDescriptor { file.descriptor }

    /// The digest of what was written so far with ``write(_:)-([UInt8])``.
    public var digest: Digest { hasher.finalize() }

    /// Appends bytes.
    ///
    /// - Throws: ``StoreError`` if the disk is full or fails.
    public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        try file.write(bytes)
        hasher.update(bytes)
        size += Int64(bytes.count)
    }

    /// Appends bytes.
    ///
    /// - Throws: ``StoreError`` if the disk is full or fails.
    public mutating func write(_ bytes: [UInt8]) throws(StoreError) {
        var failure: StoreError?
        bytes.withUnsafeBytes { buffer in
            do throws(StoreError) { try write(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Brings the file to the disk and to its place among the blobs, and gives its digest.
    ///
    /// - Throws: ``StoreError``; the file is removed then.
    @discardableResult
    public consuming func commit() throws(StoreError) -> Digest {
        let digest = try wholeDigest()
        try finish(as: digest)
        return digest
    }

    /// Brings the file to the disk and to its place among the blobs, if it is the one expected.
    ///
    /// - Throws: ``StoreError``, `wrongDigest` if it is another; the file is removed then.
    public consuming func commit(as expected: Digest) throws(StoreError) {
        let digest = try wholeDigest()
        guard digest == expected else { throw .wrongDigest(path: path, expected: expected, actual: digest) }
        try finish(as: digest)
    }

    private func wholeDigest() throws(StoreError) -> Digest {
        // What went past `write` into the descriptor is not in the running digest.
        try file.size() == size ? digest : Digest.sha256(fileAt: path)
    }

    private mutating func finish(as digest: Digest) throws(StoreError) {
        try store.place(file, as: digest)
        committed = true
    }
}

extension Store {
    /// A new file that becomes a blob when it is committed. It is locked while it is open: that is how other
    /// processes see that its owner lives.
    ///
    /// - Throws: ``StoreError`` if it cannot be made.
    public func makeTemporaryFile() throws(StoreError) -> TemporaryFile {
        try TemporaryFile(in: self)
    }

    /// A new locked file in `temporary`.
    func createTemporaryFile() throws(StoreError) -> File {
        let folder = root.appending("temporary")
        while true {
            let name = String(UInt64.random(in: .min ... .max), radix: 36)
            let file = try File(opening: folder.appending(name), .readWrite, options: [.create, .exclusiveCreate])
            // Between these two calls another process may take the file for an abandoned one and remove it.
            do throws(StoreError) {
                if try file.lock(waiting: false), try file.isStillAtPath() { return file }
            } catch {
                file.close()
                throw error
            }
            file.close()
        }
    }

    /// Removes the temporary files whose owners were killed.
    func removeAbandonedFiles() throws(StoreError) {
        for entry in try entries(of: root.appending("temporary")) {
            // One that is gone by now was committed or removed by its owner.
            guard let file = try? File(opening: entry.path) else { continue }
            defer { file.close() }
            if try file.lock(waiting: false), try file.isStillAtPath() { try removeFile(entry.path) }
        }
    }

    /// Brings a whole file to the disk and to its place among the blobs.
    func place(_ file: File, as digest: Digest) throws(StoreError) {
        try file.setMode([.ownerRead, .groupRead, .otherRead])
        try file.synchronize()
        // The name may be lost when the machine stops; the blob is absent then, but never damaged.
        try rename(file.path, to: blobPath(digest))
    }
}
