//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Store
public import SystemPackage

private let suffix = ".unfinished"

/// Whether the path `path` is, or lies in, what a killed process may leave beside the output `output`.
public func isUnfinished(_ path: String, of output: FilePath) -> Bool {
    let prefix = output.string + "."
    guard path.hasPrefix(prefix) else { return false }
    return path.dropFirst(prefix.count).prefix { $0 != "/" }.hasSuffix(suffix)
}

/// A name beside `path` that nobody else uses.
func sibling(of path: FilePath) -> FilePath {
    let name = (path.lastComponent?.string ?? "image") + ".\(getpid())-\(UInt64.random(in: .min ... .max))" + suffix
    return path.removingLastComponent().appending(name)
}

/// Marks an unfinished file or folder as one whose writer lives, as long as it is open (flock(2)).
func markAsWritten(_ file: FileDescriptor, _ path: FilePath) throws(OCIError) {
    // A file system without locks has no marks; what killed processes leave there stays.
    if flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK { return }
    throw .system(verb: "write", path: path, Errno(rawValue: errno))
}

/// Removes what killed processes left beside the output `path`.
func removeAbandoned(besides path: FilePath) {
    let folder = path.removingLastComponent()
    guard let prefix = path.lastComponent.map({ $0.string + "." }),
        let stream = opendir(folder.isEmpty ? "." : folder.string)
    else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { continue }
        let abandoned = folder.appending(name)
        let options: FileDescriptor.OpenOptions = [.closeOnExec, .noFollow, .nonBlocking]
        guard let file = try? FileDescriptor.open(abandoned, .readOnly, options: options) else { continue }
        // Whoever writes it holds the lock. What cannot be removed only takes room.
        if flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 { try? removeTree(abandoned) }
        try? file.close()
    }
}
