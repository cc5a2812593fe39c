//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Store

/// A package converted once: its entries that are not directories as tar, without end-of-archive blocks, in one
/// compressed frame in the store; its directories and control files beside it.
public struct Fragment: Hashable, Sendable {
    /// An entry of the frame, in the order of the tar.
    public struct Member: Hashable, Sendable {
        /// What it is.
        public let entry: Entry
        /// Where its first header block starts in the uncompressed frame, in bytes.
        public let headerOffset: Int64
        /// Where a file's content starts in the uncompressed frame, in bytes.
        public let contentOffset: Int64
        /// For an ELF shared object, what the dynamic linker's cache says of it.
        public let sharedObject: SharedObject?

        /// A member.
        public init(entry: Entry, headerOffset: Int64, contentOffset: Int64, sharedObject: SharedObject?) {
            self.entry = entry
            self.headerOffset = headerOffset
            self.contentOffset = contentOffset
            self.sharedObject = sharedObject
        }
    }

    /// A file of a .deb's control archive, for example `postinst` or `md5sums`.
    public struct ControlFile: Hashable, Sendable {
        /// The name, without a leading `./`.
        public let name: String
        /// Whether any execute bit is set.
        public let isExecutable: Bool
        /// Its content.
        public let content: [UInt8]

        /// A control file.
        public init(name: String, isExecutable: Bool, content: [UInt8]) {
            self.name = name
            self.isExecutable = isExecutable
            self.content = content
        }
    }

    /// One of the archive's entries, by where it stands in the fragment.
    public struct Listed: Hashable, Sendable {
        /// Its place among the directories, and behind those, among the members.
        public let index: Int
        /// Whether the archive names it outside of `usr`, below which the fragment has it.
        public let isMoved: Bool

        /// An entry of the listing.
        public init(index: Int, isMoved: Bool) {
            self.index = index
            self.isMoved = isMoved
        }
    }

    /// What it was converted from and how: the input's digest, the converter's version, the compressor's policy.
    public let key: Digest
    /// The compressed frame.
    public let frame: Digest
    /// Size of the compressed frame in bytes.
    public let frameSize: Int64
    /// Size of the uncompressed tar members in bytes, a multiple of 512.
    public let uncompressedSize: Int64
    /// Entries that are not directories, in tar order; hard links after their targets.
    public let members: [Member]
    /// Directories as the package ships them, sorted by path.
    public let directories: [Entry]
    /// The control archive's files, sorted by name; empty for inputs other than a .deb.
    public let control: [ControlFile]
    /// The archive's entries in its order, without the root directory.
    public let listing: [Listed]

    /// A fragment; without `listing`, directories come before members and all stand where the archive has them.
    public init(
        key: Digest, frame: Digest, frameSize: Int64, uncompressedSize: Int64, members: [Member],
        directories: [Entry], control: [ControlFile], listing: [Listed]? = nil
    ) {
        self.key = key
        self.frame = frame
        self.frameSize = frameSize
        self.uncompressedSize = uncompressedSize
        self.members = members
        self.directories = directories
        self.control = control
        self.listing =
            listing ?? (0..<(directories.count + members.count)).map { Listed(index: $0, isMoved: false) }
    }

    /// The paths as the archive spells them, in its order: those of dpkg's list of the package's files.
    public var paths: [EntryPath] {
        listing.map { item in
            let isDirectory = item.index < directories.count
            let path = isDirectory ? directories[item.index].path : members[item.index - directories.count].entry.path
            return item.isMoved ? path.withoutFirstComponent : path
        }
    }
}
