//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

internal import CArchive

/// How bytes are compressed. The parameters are fixed: they are part of the digests of what is built.
public enum Compression: String, Hashable, Sendable, CaseIterable {
    /// No compression.
    case none
    /// One gzip member (RFC 1952) of level 6 without time or name.
    case gzip
    /// One Zstandard frame (RFC 8878) of level 3, with a window of 2 MiB.
    case zstd
}

/// Compresses a stream of bytes into one frame or member.
public struct Compressor: ~Copyable {
    private let archive: OpaquePointer
    private let sink: OutputSink

    /// A compressor whose output goes to `receive`.
    public init(_ compression: Compression, to receive: @escaping ByteSink) throws(ArchiveError) {
        let sink = OutputSink(receive)
        archive = try Self.open(sink, compression)
        self.sink = sink
    }

    private static func open(_ sink: OutputSink, _ compression: Compression) throws(ArchiveError) -> OpaquePointer {
        let archive = try openWriter(sink, .raw(compression))
        let entry = archive_entry_new()
        defer { archive_entry_free(entry) }
        archive_entry_set_filetype(entry, FileType.regular)
        guard archive_write_header(archive, entry) == ARCHIVE_OK else {
            let reason = message(of: archive)
            archive_write_free(archive)
            throw .unsupported(reason: reason)
        }
        return archive
    }

    deinit {
        // Reached unfinished only after a failure: the rest is not wanted.
        sink.isClosed = true
        archive_write_free(archive)
    }

    /// How many compressed bytes have come out.
    public var outputCount: Int64 { sink.count }

    /// Compresses `bytes`; output may come later.
    public mutating func write(_ bytes: Span<UInt8>) throws(ArchiveError) {
        let written = bytes.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
        guard written == bytes.count else { throw sink.failure ?? .unwritable(reason: message(of: archive)) }
    }

    /// Ends the frame: all output has then come.
    public consuming func finish() throws(ArchiveError) {
        guard archive_write_close(archive) == ARCHIVE_OK else {
            throw sink.failure ?? .unwritable(reason: message(of: archive))
        }
    }
}
