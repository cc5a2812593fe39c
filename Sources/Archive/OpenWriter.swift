//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

internal import CArchive

/// What a libarchive handle is to write.
enum WriteFormat {
    case tar
    case raw(Compression)
}

/// A handle that writes to `sink`, which must outlive it.
func openWriter(_ sink: OutputSink, _ format: WriteFormat) throws(ArchiveError) -> OpaquePointer {
    try UTF8Locale.require()
    guard let archive = archive_write_new() else { throw .unsupported(reason: "out of memory") }
    do throws(ArchiveError) {
        try configure(archive, format)
        // No blocking: every piece goes to the sink at once, and nothing is padded.
        try check(archive, archive_write_set_bytes_per_block(archive, 0))
        let context = Unmanaged.passUnretained(sink).toOpaque()
        try check(archive, archive_write_open(archive, context, nil, writeCallback, nil))
    } catch {
        archive_write_free(archive)
        throw error
    }
    return archive
}

private func configure(_ archive: OpaquePointer, _ format: WriteFormat) throws(ArchiveError) {
    switch format {
    case .tar:
        try check(archive, archive_write_set_format_pax_restricted(archive))
        // Readers of layers know `SCHILY.xattr` alone; by default libarchive adds its own form.
        try check(archive, archive_write_set_format_option(archive, "pax", "xattrheader", "SCHILY"))
    case .raw(let compression):
        try check(archive, archive_write_set_format_raw(archive))
        switch compression {
        case .none: break
        case .gzip:
            try check(archive, archive_write_add_filter_gzip(archive))
            try check(archive, archive_write_set_filter_option(archive, "gzip", "compression-level", "6"))
            // The clock would be part of the output.
            try check(archive, archive_write_set_filter_option(archive, "gzip", "timestamp", nil))
        case .zstd:
            try check(archive, archive_write_add_filter_zstd(archive))
            // Level 3 has a window of 2 MiB; readers of layers take at most 8.
            try check(archive, archive_write_set_filter_option(archive, "zstd", "compression-level", "3"))
        }
    }
}

private func check(_ archive: OpaquePointer, _ code: Int32) throws(ArchiveError) {
    guard code == ARCHIVE_OK else { throw .unsupported(reason: message(of: archive)) }
}

private func writeCallback(
    _: OpaquePointer?, context: UnsafeMutableRawPointer?, bytes: UnsafeRawPointer?, count: Int
) -> Int {
    guard let context else { return -1 }
    let sink = Unmanaged<OutputSink>.fromOpaque(context).takeUnretainedValue()
    return sink.write(UnsafeRawBufferPointer(start: bytes, count: count))
}
