//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Why a tree or a file in it cannot be read.
public enum CheckoutError: Error, Equatable, CustomStringConvertible {
    /// The root is missing, no directory, or closed to us.
    case cannotOpen(root: String, reason: String)
    /// The checkout has no such file, or ignores it.
    case noSuchFile(String)
    /// The file has more bytes than the caller wants to hold.
    case tooLarge(String, limit: Int)
    /// The file is there, and cannot be read.
    case cannotRead(String, reason: String)

    /// The error in words.
    public var description: String {
        switch self {
        case .cannotOpen(let root, let reason): "cannot open `\(root)`: \(reason)"
        case .noSuchFile(let path): "cannot read `\(path)`: the repository has no such file, or ignores it"
        case .tooLarge(let path, let limit): "cannot read `\(path)`: it has more than \(limit) bytes"
        case .cannotRead(let path, let reason): "cannot read `\(path)`: \(reason)"
        }
    }
}
