//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A place in the repository that says something about the environment.
public struct Evidence: Hashable, Sendable {
    /// The file, relative to the repository's root.
    public let path: String
    /// The line, counted from 1; nil where the file as a whole speaks.
    public let line: Int?

    /// A place.
    public init(_ path: String, line: Int? = nil) {
        self.path = path
        self.line = line
    }
}

extension Evidence: Comparable {
    /// By path, then by line.
    public static func < (lhs: Evidence, rhs: Evidence) -> Bool {
        (lhs.path, lhs.line ?? 0) < (rhs.path, rhs.line ?? 0)
    }
}

extension Evidence: CustomStringConvertible {
    /// `path:line`, as compilers write it.
    public var description: String {
        line.map { "\(path):\($0)" } ?? path
    }
}

/// What kind of statement a repository makes, which decides who wins where two disagree.
public enum StatementKind: String, Hashable, Sendable, CaseIterable {
    /// The version that the developers run, for example `.python-version`.
    case pin
    /// What the code supports, for example `requires-python`.
    case range
    /// What a resolver recorded, for example `Pipfile.lock`.
    case lock
    /// What another tool's environment holds, for example a CI matrix.
    case hint
    /// What Fitout takes when nothing speaks.
    case fallback = "default"
}
