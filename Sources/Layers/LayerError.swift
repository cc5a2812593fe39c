//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Archive
public import Store

/// What can go wrong while packages become fragments, and fragments layers.
public enum LayerError: Error, Equatable {
    /// The file of a package is damaged or not a package at all.
    case malformedPackage(String, reason: String)
    /// A package holds an entry that no package may hold; `path` as the package has it.
    case refusedEntry(package: String, path: String, reason: String)
    /// Two packages hold the same path, and neither replaces the other.
    case collision(path: EntryPath, first: String, second: String)
    /// A path of `package` leads through something that is no directory, which `other` holds.
    case throughNonDirectory(path: EntryPath, package: String, other: String)
    /// No fragment holds a file at this path.
    case missingFile(EntryPath)
    /// An entry of a layer cannot be unpacked.
    case cannotUnpack(path: String, reason: String)
    /// A folder cannot be captured.
    case cannotCapture(path: String, reason: String)
    /// The store refused or lost something.
    case store(StoreError)
    /// An archive cannot be read or written, outside of any package.
    case archive(ArchiveError)
}

extension LayerError: CustomStringConvertible {
    /// The message for the person at the terminal.
    public var description: String {
        switch self {
        case .malformedPackage(let package, let reason): "cannot read package `\(package)`: \(reason)"
        case .refusedEntry(let package, let path, let reason):
            "cannot convert package `\(package)`: `\(path)`: \(reason)"
        case .collision(let path, let first, let second):
            """
            packages `\(first)` and `\(second)` both hold `/\(path)`

            hint: remove one of them from `packages`
            """
        case .throughNonDirectory(let path, let package, let other):
            "`/\(path)` of package `\(package)` leads through what is no directory in package `\(other)`"
        case .missingFile(let path): "no package holds a file `/\(path)`"
        case .cannotUnpack(let path, let reason): "cannot unpack `\(path)`: \(reason)"
        case .cannotCapture(let path, let reason): "cannot read `\(path)`: \(reason)"
        case .store(let error): error.description
        case .archive(let error): error.description
        }
    }
}
