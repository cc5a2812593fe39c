//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// Files for parsers that read from the disk, in memory where the system has a place for that.
enum Scratch {
    /// A folder of this process.
    static let folder: FilePath = {
        let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        let path = "\(base)/fitout-fuzzing-\(getpid())"
        mkdir(path, 0o700)
        atexit { system("rm -rf /dev/shm/fitout-fuzzing-\(getpid()) /tmp/fitout-fuzzing-\(getpid())") }
        return FilePath(path)
    }()

    /// Runs `body` with a file of these bytes, which is removed afterwards.
    static func withFile<Output>(_ bytes: [UInt8], named name: String, _ body: (FilePath) throws -> Output) throws
        -> Output
    {
        let path = folder.appending(name)
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(bytes) }
        defer { unlink(path.string) }
        return try body(path)
    }
}
