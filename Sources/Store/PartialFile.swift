//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import SystemPackage

/// The beginning of a blob that is on its way, kept from one process to the next so that a download can go on where
/// it broke off. At most one process has it open.
public struct PartialFile: ~Copyable, Sendable {
    /// The digest that the whole file must have.
    public let digest: Digest
    /// How many bytes there are.
    public private(set) var size: Int64

    private let store: Store
    private let file: File
    private var hasher: DigestHasher

    fileprivate init(_ file: File, _ digest: Digest, in store: Store) throws(StoreError) {
        var hasher = DigestHasher()
        var size: Int64 = 0
        try file.readPieces { (piece) throws(StoreError) in
            hasher.update(piece)
            size += Int64(piece.count)
        }
        self.size = size
        self.hasher = hasher
        self.digest = digest
        self.file = file
        self.store = store
    }

    deinit { file.close() }

    /// Where the file is until it is committed.
    public var path: FilePath { file.path }

    /// The digest of the bytes that there are.
    public var currentDigest: Digest { hasher.finalize() }

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

    /// Throws away what there is.
    ///
    /// - Throws: ``StoreError`` if the file cannot be changed.
    public mutating func restart() throws(StoreError) {
        do {
            try file.descriptor.resize(to: 0)
            try file.descriptor.seek(offset: 0, from: .start)
        } catch {
            throw StoreError("write", path, Errno(error))
        }
        hasher = DigestHasher()
        size = 0
    }

    /// Brings what there is to the disk, so that ``commit()`` need not wait for that. It may run on any thread, as long
    /// as the file is open.
    public var synchronization: @Sendable () throws -> Void {
        { [file] in try file.synchronize() }
    }

    /// Brings the file to the disk and to its place among the blobs.
    ///
    /// - Throws: ``StoreError``, `wrongDigest` if it is not the blob; the file stays as it is then.
    public consuming func commit() throws(StoreError) {
        let actual = hasher.finalize()
        guard actual == digest else { throw .wrongDigest(path: path, expected: digest, actual: actual) }
        try store.place(file, as: digest)
    }

    /// Removes the file.
    ///
    /// - Throws: ``StoreError`` if it cannot be removed.
    public consuming func discard() throws(StoreError) {
        try removeFile(path)
    }
}

extension Store {
    /// What there is of this blob so far, perhaps nothing; waits while another process is at it. Nil if the blob itself
    /// is there.
    ///
    /// - Throws: ``StoreError`` if the file cannot be made, `CancellationError` if the task is cancelled.
    public func partialFile(_ digest: Digest) async throws -> PartialFile? {
        let path = root.appending("partial").appending(digest.hex)
        let file = try await pollLock(at: path)
        // The one who held the lock may have finished the download.
        guard !contains(digest) else {
            defer { file.close() }
            try removeFile(path)
            return nil
        }
        do {
            return try PartialFile(file, digest, in: self)
        } catch {
            file.close()
            throw error
        }
    }
}
