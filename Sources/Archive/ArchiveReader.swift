//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

internal import CArchive

/// Reads an archive from front to back: tar (plain or compressed), zip or ar, recognised by its content.
///
/// libarchive gives the names of pax headers in Unicode's composed form; where names must keep their bytes, as in
/// packages and layers, use ``TarReader``.
///
/// The content of an entry is handed out in blocks, so that memory does not grow with the archive:
/// ```swift
/// var reader = try ArchiveReader(.file(path: path))
/// while let entry = try reader.next() {
///     while try reader.nextBlock() { reader.withBlock { hash.update($0) } }
/// }
/// ```
public struct ArchiveReader: ~Copyable {
    /// Which archives are accepted.
    public enum Format: Sendable {
        /// Tar, zip or ar.
        case any
        /// Tar alone.
        case tar
    }

    private let archive: OpaquePointer
    private let source: OpenSource
    private let limit: Int64
    private var block = UnsafeRawBufferPointer(start: nil, count: 0)
    private var blockOffset: Int64 = 0
    private var contentBytes: Int64 = 0

    /// Opens `source`.
    ///
    /// - Parameter limit: how many bytes it may hold uncompressed, headers included, before reading ends with
    ///   ``ArchiveError/tooLarge(limit:)``: the protection against archives that expand without end.
    public init(_ source: ArchiveSource, format: Format = .any, limit: Int64 = .max) throws(ArchiveError) {
        let source = try OpenSource(source)
        archive = try openReader(source, format == .tar ? .tar : .any)
        self.source = source
        self.limit = limit
    }

    deinit {
        // It also closes; nothing that was only read can be lost.
        archive_read_free(archive)
    }

    /// The header of the next entry; nil after the last one. What is left of the present entry's content is skipped.
    public mutating func next() throws(ArchiveError) -> ArchiveEntry? {
        (block, blockOffset) = (UnsafeRawBufferPointer(start: nil, count: 0), 0)
        var header: OpaquePointer?
        let code = UTF8Locale.run { archive_read_next_header(archive, &header) }
        try checkLimit()
        if code == ARCHIVE_EOF {
            if let failure = source.failure { throw failure }
            return nil
        }
        // A warning says that a name is not UTF-8; its bytes are there all the same.
        guard code == ARCHIVE_OK || code == ARCHIVE_WARN, let header else {
            throw source.failure ?? .malformed(reason: message(of: archive))
        }
        guard let entry = UTF8Locale.run({ ArchiveEntry(reading: header) }) else {
            throw .malformed(reason: "an entry has no name")
        }
        return entry
    }

    /// Moves to the next block of the present entry's content; false at its end.
    public mutating func nextBlock() throws(ArchiveError) -> Bool {
        var start: UnsafeRawPointer?
        var count = 0
        var offset: Int64 = 0
        let code = archive_read_data_block(archive, &start, &count, &offset)
        guard code == ARCHIVE_OK || code == ARCHIVE_EOF else {
            throw source.failure ?? .malformed(reason: message(of: archive))
        }
        // A hole in a sparse file would have to be filled with zeros: packages have none, and layers may not.
        guard offset <= blockOffset else { throw .malformed(reason: "sparse files are not supported") }
        if code == ARCHIVE_EOF { return false }
        block = UnsafeRawBufferPointer(start: start, count: count)
        blockOffset = offset + Int64(count)
        contentBytes += Int64(count)
        try checkLimit()
        return true
    }

    /// Lends the present block.
    public func withBlock<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(block.bindMemory(to: UInt8.self).span)
    }

    /// The whole content of the present entry, from the present position to its end.
    ///
    /// - Parameter limit: how many bytes it may have.
    public mutating func readAll(limit: Int) throws(ArchiveError) -> [UInt8] {
        var content: [UInt8] = []
        while try nextBlock() {
            guard block.count <= limit - content.count else { throw .tooLarge(limit: Int64(limit)) }
            content.append(contentsOf: block)
        }
        return content
    }

    private func checkLimit() throws(ArchiveError) {
        if max(contentBytes, archive_filter_bytes(archive, 0)) > limit { throw .tooLarge(limit: limit) }
    }
}
