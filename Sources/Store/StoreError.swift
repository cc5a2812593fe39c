//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import SystemPackage

/// What can go wrong with files and the ``Store``.
public enum StoreError: Error, Equatable, CustomStringConvertible {
    /// The system refused an operation; `verb` is what was tried, for example `open`.
    case system(verb: String, path: FilePath, Errno)
    /// There is no room left, or the user's quota is used up, where `path` was to be written.
    case diskFull(path: FilePath)
    /// The store does not hold this blob.
    case missing(Digest)
    /// A file's content is not what its digest says.
    case wrongDigest(path: FilePath, expected: Digest, actual: Digest)
    /// A blob of the store had changed since it was put there; it is removed.
    case damaged(Digest)
    /// Another process uses the store, so that nothing can be removed from it.
    case inUse(path: FilePath)
    /// A name that cannot be a file name: empty, `.`, `..`, or with a slash or NUL in it.
    case invalidName(String)

    /// The message for the person at the terminal.
    public var description: String {
        switch self {
        case .system(let verb, let path, let errno):
            "cannot \(verb) `\(path)`: \(Self.reason(errno))"
        case .diskFull(let path):
            """
            cannot write `\(path)`: the disk is full

            hint: make room, for example with `fitout cache prune`
            """
        case .missing(let digest):
            "the store has no blob `\(digest)`"
        case .wrongDigest(let path, let expected, let actual):
            "`\(path)` is damaged: expected `\(expected)`, got `\(actual)`"
        case .damaged(let digest):
            """
            the blob `\(digest)` of the store was damaged, and is removed

            hint: run the same command again, which makes it anew; `fitout cache verify` looks for more
            """
        case .inUse(let path):
            "cannot remove anything from the store `\(path)`: another process is using it"
        case .invalidName(let name):
            "`\(name)` cannot be a file name"
        }
    }

    init(_ verb: String, _ path: FilePath, _ errno: Errno) {
        switch errno {
        case .noSpace, .diskQuotaExceeded: self = .diskFull(path: path)
        default: self = .system(verb: verb, path: path, errno)
        }
    }

    private static func reason(_ errno: Errno) -> String {
        let text = errno.description
        guard let first = text.first, !text.dropFirst().prefix(1).allSatisfy(\.isUppercase) else { return text }
        return first.lowercased() + text.dropFirst()
    }
}
