//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// The content of a file; nil where there is none.
///
/// - Throws: `CommandError` for a file that cannot be read, is no regular file, or has more than 64 MiB.
func readFileIfPresent(_ path: FilePath) throws(CommandError) -> [UInt8]? {
    let limit = 64 << 20
    do {
        // Not to wait for the writer of a pipe.
        let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
        return try file.closeAfter {
            var status = stat()
            guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
            if status.st_mode & S_IFMT == S_IFDIR { throw Errno.isDirectory }
            guard status.st_mode & S_IFMT == S_IFREG else { throw Errno.invalidArgument }
            guard status.st_size <= limit else { throw Errno.fileTooLarge }
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
                if count == 0 { return bytes }
                bytes += buffer.prefix(count)
            }
        }
    } catch {
        let errno = error as? Errno ?? .ioError
        if errno == .noSuchFileOrDirectory { return nil }
        let reason = errno == .invalidArgument ? "it is no regular file" : "\(errno)"
        throw CommandError("cannot read \(path): \(reason)", hint: "check that it is a file, and its permissions")
    }
}
