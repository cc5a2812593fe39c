//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

internal import CArchive

/// Undoes the compression of `bytes` (xz, gzip, zstd, bzip2, lzma; or none), recognised by its content. Several
/// compressed streams one after another yield their contents one after another.
///
/// - Parameter limit: how many bytes may come out.
/// - Throws: ``ArchiveError/tooLarge(limit:)`` beyond `limit`, ``ArchiveError/malformed(reason:)`` for damaged or
///   truncated input.
public func decompress(_ bytes: [UInt8], limit: Int) throws(ArchiveError) -> [UInt8] {
    var decompressor = try Decompressor(.memory(bytes))
    var output: [UInt8] = []
    while try decompressor.nextBlock() {
        let fits = decompressor.withBlock { block in
            guard block.count <= limit - output.count else { return false }
            block.withUnsafeBytes { output.append(contentsOf: $0) }
            return true
        }
        guard fits else { throw .tooLarge(limit: Int64(limit)) }
    }
    return output
}

/// Undoes the compression of a source piece by piece.
public struct Decompressor: ~Copyable {
    private let archive: OpaquePointer
    private let source: OpenSource
    /// The present block, valid until the next one is asked for.
    private(set) var block = UnsafeRawBufferPointer(start: nil, count: 0)
    private let isEmpty: Bool

    /// Opens `source`, whose compression is recognised by its content.
    public init(_ source: ArchiveSource) throws(ArchiveError) {
        let source = try OpenSource(source)
        (archive, isEmpty) = try Self.open(source)
        self.source = source
    }

    private static func open(_ source: OpenSource) throws(ArchiveError) -> (OpaquePointer, isEmpty: Bool) {
        let archive = try openReader(source, .raw)
        var header: OpaquePointer?
        let code = archive_read_next_header(archive, &header)
        let isEmpty = code == ARCHIVE_EOF
        guard code == ARCHIVE_OK || isEmpty else {
            let failure = source.failure ?? .malformed(reason: message(of: archive))
            archive_read_free(archive)
            throw failure
        }
        return (archive, isEmpty)
    }

    deinit {
        // It also closes; nothing that was only read can be lost.
        archive_read_free(archive)
    }

    /// Moves to the next block of uncompressed bytes; false at the end.
    public mutating func nextBlock() throws(ArchiveError) -> Bool {
        if isEmpty { return false }
        var start: UnsafeRawPointer?
        var count = 0
        var offset: Int64 = 0
        let code = archive_read_data_block(archive, &start, &count, &offset)
        block = UnsafeRawBufferPointer(start: start, count: code == ARCHIVE_OK ? count : 0)
        if code == ARCHIVE_EOF { return false }
        guard code == ARCHIVE_OK else { throw source.failure ?? .malformed(reason: message(of: archive)) }
        return true
    }

    /// Lends the present block.
    public func withBlock<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(block.bindMemory(to: UInt8.self).span)
    }
}
