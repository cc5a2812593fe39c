//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A directory of a checkout. An object that its files share.
public final class CheckoutDirectory: Sendable {
    /// The path from the root, `a/b`; empty for the root.
    public let path: String
    /// The directory that it lies in; nil for the root.
    public let parent: CheckoutDirectory?
    /// The number of directories above a file in it, 0 for the root.
    public let depth: Int
    /// A number that no other directory of the checkout has, from 0 and without large gaps.
    public let number: Int

    /// The root of the tree that it lies in; nil in a checkout in memory.
    let tree: TreeRoot?

    init(path: String, parent: CheckoutDirectory?, number: Int, tree: TreeRoot?) {
        self.path = path
        self.parent = parent
        self.number = number
        self.tree = tree
        depth = parent.map { $0.depth + 1 } ?? 0
    }

    /// The last component, `b`; empty for the root.
    public var name: Substring {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path[...] }
        return path[path.utf8.index(after: slash)...]
    }
}

/// The open root of a tree.
final class TreeRoot: Sendable {
    let descriptor: Int32

    /// Takes over `descriptor`, which is open for a directory.
    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}
