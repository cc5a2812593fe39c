//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Store

/// What stands at one path of an image, without its content.
public struct Entry: Hashable, Sendable {
    /// The type of an entry and what belongs to that type.
    public enum Kind: Hashable, Sendable {
        /// A regular file: its size in bytes and the digest of its content.
        case file(size: Int64, digest: Digest)
        case symlink(target: [UInt8])
        /// Another name of the file at `to`, which stands in the same layer and before this entry.
        case hardlink(to: EntryPath)
        case directory
    }

    /// Where it stands.
    public var path: EntryPath
    /// Its type.
    public var kind: Kind
    /// Permission bits with set-id and sticky bits, at most 0o7777.
    public var mode: UInt16
    /// The numeric owner.
    public var uid: UInt32
    /// The numeric group.
    public var gid: UInt32
    /// Modification time in whole seconds since 1970.
    public var mtime: Int64
    /// Extended attributes, sorted by name.
    public var xattrs: [ExtendedAttribute]

    /// An entry owned by root unless said otherwise.
    public init(
        path: EntryPath, kind: Kind, mode: UInt16, uid: UInt32 = 0, gid: UInt32 = 0, mtime: Int64,
        xattrs: [ExtendedAttribute] = []
    ) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.uid = uid
        self.gid = gid
        self.mtime = mtime
        self.xattrs = xattrs
    }

    /// Whether it is a directory.
    public var isDirectory: Bool { kind == .directory }
}

/// One extended attribute, for example `security.capability`.
public struct ExtendedAttribute: Hashable, Sendable {
    /// The full name, with its namespace.
    public let name: String
    /// The raw value.
    public let value: [UInt8]

    /// An attribute.
    public init(name: String, value: [UInt8]) {
        self.name = name
        self.value = value
    }
}

/// An entry that the builder makes itself, with its content where it is a file.
public struct GeneratedEntry: Hashable, Sendable {
    /// What it is; a file's size and digest are those of `content`.
    public let entry: Entry
    /// The bytes of a file, empty for everything else.
    public let content: [UInt8]

    private init(_ entry: Entry, _ content: [UInt8]) {
        self.entry = entry
        self.content = content
    }

    /// A regular file.
    public static func file(
        _ path: EntryPath, _ content: [UInt8], mode: UInt16 = 0o644, uid: UInt32 = 0, gid: UInt32 = 0, mtime: Int64,
        xattrs: [ExtendedAttribute] = []
    ) -> GeneratedEntry {
        let kind = Entry.Kind.file(size: Int64(content.count), digest: .sha256(content))
        return GeneratedEntry(
            Entry(path: path, kind: kind, mode: mode, uid: uid, gid: gid, mtime: mtime, xattrs: xattrs), content)
    }

    /// A symbolic link.
    public static func symlink(_ path: EntryPath, to target: String, mtime: Int64) -> GeneratedEntry {
        GeneratedEntry(Entry(path: path, kind: .symlink(target: Array(target.utf8)), mode: 0o777, mtime: mtime), [])
    }

    /// A directory.
    public static func directory(
        _ path: EntryPath, mode: UInt16 = 0o755, uid: UInt32 = 0, gid: UInt32 = 0, mtime: Int64
    ) -> GeneratedEntry {
        GeneratedEntry(Entry(path: path, kind: .directory, mode: mode, uid: uid, gid: gid, mtime: mtime), [])
    }
}
