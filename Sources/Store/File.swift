//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// An open file that knows its path, so that every error names it.
struct File: Sendable {
    let descriptor: FileDescriptor
    let path: FilePath

    /// How many bytes are read at a time.
    static let pieceSize = 256 << 10

    /// Opens a file; it is closed in processes that this one starts.
    init(
        opening path: FilePath, _ access: FileDescriptor.AccessMode = .readOnly,
        options: FileDescriptor.OpenOptions = [], mode: FilePermissions = [.ownerReadWrite]
    ) throws(StoreError) {
        do {
            let permissions = options.contains(.create) ? mode : nil
            descriptor = try FileDescriptor.open(
                path, access, options: options.union(.closeOnExec), permissions: permissions)
        } catch {
            throw StoreError(options.contains(.create) ? "create" : "open", path, Errno(error))
        }
        self.path = path
    }

    func close() {
        // Whatever matters was synchronised before; an error here has nothing left to say.
        try? descriptor.close()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        do { try descriptor.writeAll(bytes) } catch { throw StoreError("write", path, Errno(error)) }
    }

    /// Calls `body` with every piece from the current position to the end of the file.
    func readPieces(_ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void) throws(StoreError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count: Int
            do { count = try descriptor.read(into: buffer) } catch { throw StoreError("read", path, Errno(error)) }
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// The bytes from the current position to the end of the file.
    func readAll() throws(StoreError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(clamping: try size()))
        try readPieces { (piece) throws(StoreError) in bytes.append(contentsOf: piece) }
        return bytes
    }

    func size() throws(StoreError) -> Int64 { Int64(try status().st_size) }

    func status() throws(StoreError) -> stat {
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0 else { throw StoreError("examine", path, .last) }
        return status
    }

    /// Brings the file's content to the disk.
    func synchronize() throws(StoreError) {
        guard fsync(descriptor.rawValue) == 0 else { throw StoreError("write", path, .last) }
    }

    func setMode(_ mode: FilePermissions) throws(StoreError) {
        guard fchmod(descriptor.rawValue, mode.rawValue) == 0 else { throw StoreError("change", path, .last) }
    }

    /// Takes the lock on the file (flock(2)), which ends when the file is closed; false if another holds it and
    /// `waiting` is false.
    func lock(shared: Bool = false, waiting: Bool) throws(StoreError) -> Bool {
        let operation = (shared ? LOCK_SH : LOCK_EX) | (waiting ? 0 : LOCK_NB)
        while flock(descriptor.rawValue, operation) != 0 {
            switch Errno.last {
            case .interrupted: continue
            case .wouldBlock: return false
            case let error: throw StoreError("lock", path, error)
            }
        }
        return true
    }

    /// Whether the path still leads to this file: it may have been removed or replaced since it was opened.
    func isStillAtPath() throws(StoreError) -> Bool {
        let mine = try status()
        var other = stat()
        guard lstat(path.string, &other) == 0 else { return false }
        return mine.st_ino == other.st_ino && mine.st_dev == other.st_dev
    }
}

extension Errno {
    /// What the last failed call of the C library left behind.
    static var last: Errno { Errno(rawValue: errno) }

    /// The code inside an error of swift-system, which declares its functions as throwing anything.
    init(_ error: any Error) {
        self = error as? Errno ?? .ioError
    }
}
