//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The packages that a set of wishes comes to.
public struct Solution: Hashable, Sendable {
    /// A package with the reason it is there.
    public struct Entry: Hashable, Sendable {
        /// The package.
        public let package: BinaryPackage
        /// Whether a wish asked for the package itself.
        public let isRequested: Bool
        /// Whether the package belongs to the base system, wishes or not.
        public let isBase: Bool
        /// The name of the first package that needed this one; nil if it was asked for, or is a root of the base.
        public let dependent: String?
    }

    /// The packages, sorted by name.
    public let entries: [Entry]

    /// The packages, sorted by name.
    public var packages: [BinaryPackage] { entries.map(\.package) }
}
