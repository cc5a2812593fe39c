//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

internal import CArchive

/// Writes tar in libarchive's "pax restricted" form: plain ustar headers, and a pax header only where ustar cannot say
/// something. The bytes depend on the entries alone, not on locale, clock or environment.
///
/// ```swift
/// var writer = try TarWriter { try file.write($0) }
/// try writer.begin(entry)
/// try writer.write(content.span)
/// try writer.finish()
/// ```
public struct TarWriter: ~Copyable {
    /// What stands behind the last entry.
    public enum Ending: Sendable {
        /// The two zero blocks that end an archive.
        case endOfArchive
        /// Nothing, so that more entries can follow in another piece.
        case open
    }

    private let archive: OpaquePointer
    private let entry: OpaquePointer
    private let sink: OutputSink

    /// A writer whose output goes to `receive`.
    public init(_ receive: @escaping ByteSink) throws(ArchiveError) {
        let sink = OutputSink(receive)
        (archive, entry) = try Self.open(sink)
        self.sink = sink
    }

    private static func open(_ sink: OutputSink) throws(ArchiveError) -> (OpaquePointer, OpaquePointer) {
        let archive = try openWriter(sink)
        guard let entry = archive_entry_new() else {
            archive_write_free(archive)
            throw .unsupported(reason: "out of memory")
        }
        return (archive, entry)
    }

    deinit {
        // Reached unfinished only after a failure, or where no end of archive is wanted.
        sink.isClosed = true
        archive_write_free(archive)
        archive_entry_free(entry)
    }

    /// How many bytes have been written, including those of the present entry.
    public var position: Int64 { sink.count }

    /// Ends the present entry and writes the header of the next one; its content is to follow if it is a file.
    public mutating func begin(_ header: ArchiveEntry) throws(ArchiveError) {
        try finishEntry()
        let code = UTF8Locale.run {
            header.fill(entry)
            return archive_write_header(archive, entry)
        }
        // A warning says that a name is not UTF-8: it is written as it is, marked `hdrcharset=BINARY`.
        guard code == ARCHIVE_OK || code == ARCHIVE_WARN else { throw failure() }
    }

    /// Writes content of the present entry: in all exactly as much as its header says.
    public mutating func write(_ bytes: Span<UInt8>) throws(ArchiveError) {
        let written = bytes.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
        guard written == bytes.count else {
            throw written < 0 ? failure() : .unwritable(reason: "an entry has more content than its header says")
        }
    }

    /// Pads the present entry to a full block.
    public mutating func finishEntry() throws(ArchiveError) {
        guard archive_write_finish_entry(archive) == ARCHIVE_OK else { throw failure() }
    }

    /// Ends the last entry, and the archive.
    public consuming func finish(_ ending: Ending = .endOfArchive) throws(ArchiveError) {
        try finishEntry()
        if ending == .open { return }
        guard archive_write_close(archive) == ARCHIVE_OK else { throw failure() }
    }

    private func failure() -> ArchiveError {
        sink.failure ?? .unwritable(reason: message(of: archive))
    }
}
