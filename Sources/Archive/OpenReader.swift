//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

internal import CArchive
import Glibc

/// What a libarchive handle is opened for.
enum ReadFormat {
    case any
    case tar
    /// No archive at all: only the compression is undone.
    case raw
}

/// A handle that reads from `source`, which must outlive it.
func openReader(_ source: OpenSource, _ format: ReadFormat) throws(ArchiveError) -> OpaquePointer {
    try UTF8Locale.require()
    guard let archive = archive_read_new() else { throw .unsupported(reason: "out of memory") }
    do throws(ArchiveError) {
        try configure(archive, format)
        let context = Unmanaged.passUnretained(source).toOpaque()
        try check(archive, archive_read_set_callback_data(archive, context))
        try check(archive, archive_read_set_read_callback(archive, readCallback))
        try check(archive, archive_read_set_seek_callback(archive, seekCallback))
        try check(archive, archive_read_set_skip_callback(archive, skipCallback))
        let code = UTF8Locale.run { archive_read_open1(archive) }
        guard code == ARCHIVE_OK else { throw source.failure ?? .malformed(reason: message(of: archive)) }
    } catch {
        archive_read_free(archive)
        throw error
    }
    return archive
}

private func configure(_ archive: OpaquePointer, _ format: ReadFormat) throws(ArchiveError) {
    // A warning here means that libarchive would run a program of the host instead: not accepted.
    let filters = [
        archive_read_support_filter_gzip, archive_read_support_filter_bzip2, archive_read_support_filter_xz,
        archive_read_support_filter_lzma, archive_read_support_filter_zstd,
    ]
    for filter in filters { try check(archive, filter(archive)) }
    try check(archive, archive_read_support_format_empty(archive))
    switch format {
    case .raw: try check(archive, archive_read_support_format_raw(archive))
    case .tar: try check(archive, archive_read_support_format_tar(archive))
    case .any:
        try check(archive, archive_read_support_format_tar(archive))
        try check(archive, archive_read_support_format_zip(archive))
        try check(archive, archive_read_support_format_ar(archive))
    }
}

private func check(_ archive: OpaquePointer, _ code: Int32) throws(ArchiveError) {
    guard code == ARCHIVE_OK else { throw .unsupported(reason: message(of: archive)) }
}

/// libarchive's text for the last failure of `archive`.
func message(of archive: OpaquePointer) -> String {
    guard let text = archive_error_string(archive) else { return "unknown failure" }
    return String(cString: text)
}

private func readCallback(
    _: OpaquePointer?, context: UnsafeMutableRawPointer?, piece: UnsafeMutablePointer<UnsafeRawPointer?>?
) -> Int {
    guard let context, let bytes = Unmanaged<OpenSource>.fromOpaque(context).takeUnretainedValue().read() else {
        return -1
    }
    piece?.pointee = bytes.baseAddress
    return bytes.count
}

private func seekCallback(_: OpaquePointer?, context: UnsafeMutableRawPointer?, offset: Int64, origin: Int32) -> Int64 {
    guard let context else { return Int64(ARCHIVE_FATAL) }
    let source = Unmanaged<OpenSource>.fromOpaque(context).takeUnretainedValue()
    return source.seek(offset, from: origin) ?? Int64(ARCHIVE_FATAL)
}

private func skipCallback(_: OpaquePointer?, context: UnsafeMutableRawPointer?, count: Int64) -> Int64 {
    guard let context else { return 0 }
    let source = Unmanaged<OpenSource>.fromOpaque(context).takeUnretainedValue()
    // Not all of it can be skipped when the archive is shorter than it says: reading then finds the end.
    return source.seek(count, from: SEEK_CUR) == nil ? 0 : count
}
