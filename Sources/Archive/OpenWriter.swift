//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

internal import CArchive

/// A handle that writes tar to `sink`, which must outlive it.
func openWriter(_ sink: OutputSink) throws(ArchiveError) -> OpaquePointer {
    try UTF8Locale.require()
    guard let archive = archive_write_new() else { throw .unsupported(reason: "out of memory") }
    do throws(ArchiveError) {
        try configure(archive)
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

private func configure(_ archive: OpaquePointer) throws(ArchiveError) {
    try check(archive, archive_write_set_format_pax_restricted(archive))
    // Readers of layers know `SCHILY.xattr` alone; by default libarchive adds its own form.
    try check(archive, archive_write_set_format_option(archive, "pax", "xattrheader", "SCHILY"))
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
