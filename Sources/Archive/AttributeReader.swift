//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

internal import CArchive
import Glibc

/// Reads the extended attributes of open files.
public struct AttributeReader: ~Copyable {
    private let archive: OpaquePointer
    private let entry: OpaquePointer

    /// A reader for any number of files.
    public init() throws(ArchiveError) {
        (archive, entry) = try Self.open()
    }

    private static func open() throws(ArchiveError) -> (OpaquePointer, OpaquePointer) {
        guard let archive = archive_read_disk_new() else { throw .unsupported(reason: "out of memory") }
        // Attributes alone: neither access lists nor flags nor where a file has holes.
        let behaviour = ARCHIVE_READDISK_NO_ACL | ARCHIVE_READDISK_NO_FFLAGS | ARCHIVE_READDISK_NO_SPARSE
        guard archive_read_disk_set_behavior(archive, behaviour) == ARCHIVE_OK, let entry = archive_entry_new() else {
            let reason = message(of: archive)
            archive_read_free(archive)
            throw .unsupported(reason: reason)
        }
        return (archive, entry)
    }

    deinit {
        archive_entry_free(entry)
        archive_read_free(archive)
    }

    /// The attributes of the file or directory that `descriptor` has open, sorted by name; those of the namespace
    /// `system` are left out.
    public mutating func attributes(of descriptor: Int32) throws(ArchiveError) -> [ArchiveEntry.Attribute] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(path: "\(descriptor)", reason: errorText()) }
        archive_entry_clear(entry)
        // Messages name it; the file itself is the open one.
        archive_entry_set_pathname(entry, ".")
        guard archive_read_disk_entry_from_file(archive, entry, descriptor, &status) == ARCHIVE_OK else {
            throw .malformed(reason: message(of: archive))
        }
        return ArchiveEntry.attributes(of: entry)
    }
}
