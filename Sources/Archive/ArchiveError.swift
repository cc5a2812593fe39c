//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What can go wrong while an archive is read or written.
public enum ArchiveError: Error, Equatable {
    /// The file at `path` cannot be read, for the reason that the system gives.
    case unreadable(path: String, reason: String)
    /// The bytes are not what the format asks for; `reason` is libarchive's own text.
    case malformed(reason: String)
    /// The input yields more than `limit` bytes.
    case tooLarge(limit: Int64)
    /// An entry cannot be written, for the reason that libarchive gives.
    case unwritable(reason: String)
    /// The receiver of the output refused it.
    case refused(reason: String)
    /// libarchive was built without a format or filter that is needed, or the system has no UTF-8 locale.
    case unsupported(reason: String)
}

extension ArchiveError: CustomStringConvertible {
    /// The message for the person at the terminal.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "cannot read `\(path)`: \(reason)"
        case .malformed(let reason): "cannot read the archive: \(reason)"
        case .tooLarge(let limit): "cannot read the archive: it holds more than \(limit) bytes"
        case .unwritable(let reason): "cannot write the archive: \(reason)"
        case .refused(let reason): "cannot write the archive: \(reason)"
        case .unsupported(let reason): "cannot use libarchive: \(reason)"
        }
    }
}
