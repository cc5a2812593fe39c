//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Archive
public import Store
public import SystemPackage

/// What can go wrong while images are written and read.
public enum OCIError: Error, Equatable {
    /// The system refused an operation; `verb` is what was tried.
    case system(verb: String, path: FilePath, Errno)
    /// A document of an image is not what its specification asks for.
    case malformed(document: String, reason: String)
    /// The layout has no blob of this digest.
    case missingBlob(Digest)
    /// The place to write to is there already and is no image layout.
    case occupied(path: FilePath)
    /// The store refused or lost something.
    case store(StoreError)
    /// An archive cannot be read or written.
    case archive(ArchiveError)
}

extension OCIError: CustomStringConvertible {
    /// The message for the person at the terminal.
    public var description: String {
        switch self {
        case .system(let verb, let path, .noSpace), .system(let verb, let path, .diskQuotaExceeded):
            "cannot \(verb) `\(path)`: the disk is full\n\nhint: make room, or name another place"
        case .system(let verb, let path, let errno): "cannot \(verb) `\(path)`: \(errno)"
        case .malformed(let document, let reason): "cannot read `\(document)`: \(reason)"
        case .missingBlob(let digest): "the image has no blob `\(digest)`"
        case .occupied(let path):
            """
            cannot write `\(path)`: there is something else than an image layout

            hint: name a folder that does not exist
            """
        case .store(let error): error.description
        case .archive(let error): error.description
        }
    }
}

/// Performs a system call of `path`, whose failure becomes an ``OCIError``.
func system<Result>(_ verb: String, _ path: FilePath, _ body: () throws -> Result) throws(OCIError) -> Result {
    do {
        return try body()
    } catch let error as Errno {
        throw .system(verb: verb, path: path, error)
    } catch let error as StoreError {
        throw .store(error)
    } catch let error as ArchiveError {
        throw .archive(error)
    } catch let error as OCIError {
        throw error
    } catch {
        throw .malformed(document: path.string, reason: "\(error)")
    }
}
