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
    /// The directory that it lies in.
    public let parent: CheckoutDirectory
    /// Its place among the files of the checkout, which are sorted by path.
    public let number: Int
    /// Whether it is a symbolic link; size and mode are those of its target.
    public let isSymbolicLink: Bool

    /// What is known of a file in memory; nil for one of a tree.
    let memory: Memory?

    struct Memory: Sendable {
        let size: Int64
        let isExecutable: Bool
    }

    init(
        path: String, name: String, parent: CheckoutDirectory, number: Int, isSymbolicLink: Bool, memory: Memory? = nil
    ) {
        self.path = path
        self.name = name
        self.parent = parent
        self.number = number
        self.isSymbolicLink = isSymbolicLink
        self.memory = memory
    }

    /// The path of the directory, `a`; empty for the root.
    public var directory: String { parent.path }

    /// The number of directories above it, 0 in the root.
    public var depth: Int { parent.depth }

    /// Whether it is nearer to the root than `other`, or as near and its path comes first.
    public func isNearer(than other: CheckoutFile) -> Bool {
        depth == other.depth ? number < other.number : depth < other.depth
    }

    /// The size in bytes, asked for at each call; 0 if the file is gone since the walk.
    public var size: Int64 {
        memory?.size ?? status.map { Int64($0.st_size) } ?? 0
    }

    /// Whether its owner may execute it, asked for at each call; `false` if the file is gone since the walk.
    public var isExecutable: Bool {
        memory?.isExecutable ?? status.map { $0.st_mode & S_IXUSR != 0 } ?? false
    }

    // A walk that asks for the status of every file takes twice the time, and few files are asked for it later.
    var status: stat? {
        guard let root = parent.tree else { return nil }
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
