//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A regular file of a checkout, or a symbolic link to one within it.
///
/// Files are equal if their paths are. An object, so that lists of a hundred thousand of them are sorted and copied fast.
public final class CheckoutFile: Hashable, Sendable {
    /// The path from the root, `a/b.txt`.
    public let path: String
    /// The last component, `b.txt`.
    public let name: String
    /// The directory, `a`; empty for the root.
    public let directory: String
    /// The number of directories above it, 0 in the root.
    public let depth: Int
    /// A number that the files of one directory share and no others of the checkout, from 0 and without large gaps.
    public let directoryNumber: Int
    /// Whether it is a symbolic link; size and mode are those of its target.
    public let isSymbolicLink: Bool

    let source: Source

    enum Source: Sendable {
        case tree(TreeRoot)
        case memory(size: Int64, isExecutable: Bool)
    }

    init(
        path: String, name: String, directory: String, depth: Int, directoryNumber: Int, isSymbolicLink: Bool,
        source: Source
    ) {
        self.path = path
        self.name = name
        self.directory = directory
        self.depth = depth
        self.directoryNumber = directoryNumber
        self.isSymbolicLink = isSymbolicLink
        self.source = source
    }

    /// The size in bytes, asked for at each call; 0 if the file is gone since the walk.
    public var size: Int64 {
        switch source {
        case .tree: status.map { Int64($0.st_size) } ?? 0
        case .memory(let size, _): size
        }
    }

    /// Whether its owner may execute it, asked for at each call; `false` if the file is gone since the walk.
    public var isExecutable: Bool {
        switch source {
        case .tree: status.map { $0.st_mode & S_IXUSR != 0 } ?? false
        case .memory(_, let isExecutable): isExecutable
        }
    }

    // A walk that asks for the status of every file takes twice the time, and few files are asked for it later.
    var status: stat? {
        guard case .tree(let root) = source else { return nil }
        var status = stat()
        let isThere = fstatat(root.descriptor, path, &status, isSymbolicLink ? 0 : AT_SYMLINK_NOFOLLOW) == 0
        return isThere ? status : nil
    }

    /// Whether both have the same path.
    public static func == (lhs: CheckoutFile, rhs: CheckoutFile) -> Bool {
        lhs.path == rhs.path
    }

    /// Hashes the path.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(path)
    }
}

/// The open root of a tree.
final class TreeRoot: Sendable {
    let descriptor: Int32

    /// Takes over `descriptor`, which is open for a directory.
    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}

/// A path that a checkout leaves out because it could not be looked at.
public struct UnreadablePath: Hashable, Sendable {
    /// The path from the root; bytes that are not UTF-8 are replaced by `U+FFFD`.
    public let path: String
    /// What stood in the way, in words.
    public let reason: String
}

extension String {
    /// Whether `self` comes before `other` by bytes of UTF-8, the order of git's index.
    func precedesByBytes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}
