//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

internal import CArchive

/// Undoes any compression that libarchive knows, and passes on bytes that are not compressed.
final class FilterDecoder: Decoder {
    private let archive: OpaquePointer
    private let source: OpenSource
    private let isEmpty: Bool

    init(_ source: OpenSource) throws(ArchiveError) {
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

    func next() throws(ArchiveError) -> UnsafeRawBufferPointer? {
        if isEmpty { return nil }
        var start: UnsafeRawPointer?
        var count = 0
        var offset: Int64 = 0
        let code = archive_read_data_block(archive, &start, &count, &offset)
        if code == ARCHIVE_EOF { return nil }
        guard code == ARCHIVE_OK else { throw source.failure ?? .malformed(reason: message(of: archive)) }
        return UnsafeRawBufferPointer(start: start, count: count)
    }
}
