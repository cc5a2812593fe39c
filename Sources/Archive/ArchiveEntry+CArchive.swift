//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

internal import CArchive

/// libarchive's numbers for the types of entries, which are those of `st_mode`.
enum FileType {
    static let regular: UInt32 = 0o100000
    static let symlink: UInt32 = 0o120000
    static let socket: UInt32 = 0o140000
    static let characterDevice: UInt32 = 0o020000
    static let blockDevice: UInt32 = 0o060000
    static let directory: UInt32 = 0o040000
    static let fifo: UInt32 = 0o010000
}

extension ArchiveEntry {
    /// Copies a header that libarchive has read; nil when it has no name. To be called in ``UTF8Locale``.
    init?(reading entry: OpaquePointer) {
        guard let path = archive_entry_pathname(entry) else { return nil }
        let size = archive_entry_size_is_set(entry) != 0 ? archive_entry_size(entry) : nil
        self.init(
            path: bytes(path), kind: Kind(reading: entry), mode: UInt16(truncatingIfNeeded: archive_entry_perm(entry)),
            uid: archive_entry_uid(entry), gid: archive_entry_gid(entry), userName: bytes(archive_entry_uname(entry)),
            groupName: bytes(archive_entry_gname(entry)), size: size, mtime: Int64(archive_entry_mtime(entry)))
        attributes = Self.attributes(of: entry)
    }

    static func attributes(of entry: OpaquePointer) -> [Attribute] {
        guard archive_entry_xattr_reset(entry) > 0 else { return [] }
        var attributes: [Attribute] = []
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK, let name {
            let content = UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : size)
            attributes.append(Attribute(name: String(cString: name), value: Array(content)))
        }
        return attributes.sorted { $0.name < $1.name }
    }

    /// Writes this header into `entry`, which is cleared before.
    func fill(_ entry: OpaquePointer) {
        archive_entry_clear(entry)
        withCString(path) { archive_entry_set_pathname(entry, $0) }
        archive_entry_set_perm(entry, mode_t(mode))
        archive_entry_set_uid(entry, uid)
        archive_entry_set_gid(entry, gid)
        if !userName.isEmpty { withCString(userName) { archive_entry_set_uname(entry, $0) } }
        if !groupName.isEmpty { withCString(groupName) { archive_entry_set_gname(entry, $0) } }
        archive_entry_set_mtime(entry, time_t(mtime), 0)
        archive_entry_set_size(entry, kind == .file ? size ?? 0 : 0)
        kind.fill(entry)
        // libarchive puts each attribute before those it has.
        for attribute in attributes.reversed() {
            attribute.name.withCString { name in
                attribute.value.withUnsafeBytes {
                    archive_entry_xattr_add_entry(entry, name, $0.baseAddress, $0.count)
                }
            }
        }
    }
}

extension ArchiveEntry.Kind {
    fileprivate init(reading entry: OpaquePointer) {
        if let target = archive_entry_hardlink(entry) {
            self = .hardlink(target: bytes(target))
            return
        }
        let major = Int(archive_entry_rdevmajor(entry)), minor = Int(archive_entry_rdevminor(entry))
        self =
            switch UInt32(archive_entry_filetype(entry)) {
            case FileType.regular: .file
            case FileType.directory: .directory
            case FileType.symlink: .symlink(target: bytes(archive_entry_symlink(entry)))
            case FileType.characterDevice: .characterDevice(major: major, minor: minor)
            case FileType.blockDevice: .blockDevice(major: major, minor: minor)
            case FileType.fifo: .fifo
            case FileType.socket: .socket
            default: .unknown
            }
    }

    fileprivate func fill(_ entry: OpaquePointer) {
        let type: UInt32
        switch self {
        case .file, .unknown: type = FileType.regular
        case .directory: type = FileType.directory
        case .symlink(let target):
            type = FileType.symlink
            withCString(target) { archive_entry_set_symlink(entry, $0) }
        case .hardlink(let target):
            type = FileType.regular
            withCString(target) { archive_entry_set_hardlink(entry, $0) }
        case .characterDevice(let major, let minor):
            type = FileType.characterDevice
            fillDevice(entry, major, minor)
        case .blockDevice(let major, let minor):
            type = FileType.blockDevice
            fillDevice(entry, major, minor)
        case .fifo: type = FileType.fifo
        case .socket: type = FileType.socket
        }
        archive_entry_set_filetype(entry, type)
    }

    private func fillDevice(_ entry: OpaquePointer, _ major: Int, _ minor: Int) {
        archive_entry_set_rdevmajor(entry, dev_t(truncatingIfNeeded: major))
        archive_entry_set_rdevminor(entry, dev_t(truncatingIfNeeded: minor))
    }
}

/// The bytes of a C string without its terminator; none for null.
private func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8] {
    guard let text else { return [] }
    var end = text
    while end.pointee != 0 { end += 1 }
    return Array(UnsafeRawBufferPointer(start: text, count: end - text))
}

/// Hands `bytes` to C with a terminator behind them.
private func withCString(_ bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> Void) {
    (bytes + [0]).withUnsafeBytes { buffer in
        if let start = buffer.bindMemory(to: CChar.self).baseAddress { body(start) }
    }
}
