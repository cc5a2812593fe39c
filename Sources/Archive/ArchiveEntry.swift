//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The header of one entry of an archive. Names are bytes: archives promise no encoding.
public struct ArchiveEntry: Hashable, Sendable {
    /// The type of an entry and what belongs to that type.
    public enum Kind: Hashable, Sendable {
        case file
        case directory
        case symlink(target: [UInt8])
        /// Another name of the entry at `target`.
        case hardlink(target: [UInt8])
        case characterDevice(major: Int, minor: Int)
        case blockDevice(major: Int, minor: Int)
        case fifo
        case socket
        /// A type that tar and POSIX do not define.
        case unknown
    }

    /// One extended attribute.
    public struct Attribute: Hashable, Sendable {
        /// The full name, with its namespace.
        public var name: String
        /// The raw value.
        public var value: [UInt8]

        /// An attribute.
        public init(name: String, value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }

    /// The name as the archive has it, neither checked nor cleaned.
    public var path: [UInt8]
    /// Its type.
    public var kind: Kind
    /// Permission bits with set-id and sticky bits.
    public var mode: UInt16
    /// The numeric owner.
    public var uid: Int64
    /// The numeric group.
    public var gid: Int64
    /// The owner's name, empty where the archive has none.
    public var userName: [UInt8]
    /// The group's name, empty where the archive has none.
    public var groupName: [UInt8]
    /// Size of a file's content in bytes; nil where the header does not say (zip entries written as a stream).
    public var size: Int64?
    /// Modification time in whole seconds since 1970.
    public var mtime: Int64
    /// Extended attributes, sorted by name.
    public var attributes: [Attribute]

    /// An entry owned by root, with no names of owners, unless said otherwise.
    public init(
        path: [UInt8], kind: Kind, mode: UInt16, uid: Int64 = 0, gid: Int64 = 0, userName: [UInt8] = [],
        groupName: [UInt8] = [], size: Int64? = 0, mtime: Int64, attributes: [Attribute] = []
    ) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.uid = uid
        self.gid = gid
        self.userName = userName
        self.groupName = groupName
        self.size = size
        self.mtime = mtime
        self.attributes = attributes
    }
}
