//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Store
public import SystemPackage

/// A folder that goes away with its owner: when the last reference is gone or, if the process is killed, when the next
/// one sweeps. Its lock is how others see that the owner lives.
public final class ScratchFolder: Sendable {
    /// Where it is.
    public let path: FilePath
    private let descriptor: FileDescriptor

    init(in parent: FilePath) throws(SandboxError) {
        while true {
            let path = parent.appending(String(UInt64.random(in: .min ... .max), radix: 36))
            guard mkdir(path.string, 0o700) == 0 else { throw .system(verb: "create", path, Errno(rawValue: errno)) }
            // Between these calls another process may take the folder for an abandoned one and remove it.
            guard let descriptor = Self.lock(path) else { continue }
            self.path = path
            self.descriptor = descriptor
            return
        }
    }

    deinit {
        // What cannot be removed now, because it belongs to a subordinate user, is left for `Sandbox.discard`.
        try? removeTree(path)
        try? descriptor.close()
    }

    /// Removes what killed processes left in `parent`.
    static func sweep(_ parent: FilePath) {
        for name in entryNames(of: parent) {
            let path = parent.appending(name)
            guard let descriptor = lock(path) else { continue }
            try? removeTree(path)
            try? descriptor.close()
        }
    }

    /// The open folder if it is there and nobody else has its lock.
    private static func lock(_ path: FilePath) -> FileDescriptor? {
        guard let descriptor = try? FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec]) else {
            return nil
        }
        var status = stat()
        guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0, fstat(descriptor.rawValue, &status) == 0,
            status.st_nlink > 0
        else {
            try? descriptor.close()
            return nil
        }
        return descriptor
    }
}
