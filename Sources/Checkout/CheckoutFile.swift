//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A regular file of a checkout, or a symbolic link to one within it.
public struct CheckoutFile: Hashable, Sendable {
    /// The path from the root, `a/b.txt`.
    public let path: String
    /// The last component, `b.txt`.
    public let name: String
    /// The directory, `a`; empty for the root.
    public let directory: String
    /// The size in bytes.
    public let size: Int64
    /// Whether its owner may execute it.
    public let isExecutable: Bool
    /// Whether it is a symbolic link; size and mode are those of its target.
    public let isSymbolicLink: Bool
    /// The number of directories above it, 0 in the root.
    public let depth: Int
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
