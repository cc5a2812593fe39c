//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// The content of a file; nil where there is none.
///
/// - Throws: `CommandError` for a file that cannot be read.
func readFileIfPresent(_ path: FilePath) throws(CommandError) -> [UInt8]? {
    do {
        let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
        return try file.closeAfter {
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
        throw CommandError("cannot read \(path): \(errno)", hint: "check that it is a file, and its permissions")
    }
}
