//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Where an archive's bytes come from.
public enum ArchiveSource: Sendable {
    /// Bytes in memory.
    case memory([UInt8])
    /// A file.
    case file(path: String)
    /// Part of a file: `count` bytes from `offset`. Reading ends with `malformed` if the file is shorter.
    case fileRange(path: String, offset: Int64, count: Int64)
}

/// An open ``ArchiveSource``: what decoders and libarchive's callbacks take its bytes from, in large pieces.
final class OpenSource {
    /// What the callbacks could not tell libarchive.
    private(set) var failure: ArchiveError?
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 16)
    private let memory: [UInt8]
    private let path: String
    private let descriptor: Int32
    private let start: Int64
    private let count: Int64
    private var position: Int64 = 0

    init(_ source: ArchiveSource) throws(ArchiveError) {
        switch source {
        case .memory(let bytes):
            (memory, path, descriptor, start, count) = (bytes, "", -1, 0, Int64(bytes.count))
        case .file(let path):
            let (descriptor, size) = try Self.open(path)
            (memory, self.path, self.descriptor, start, count) = ([], path, descriptor, 0, size)
        case .fileRange(let path, let offset, let count):
            let (descriptor, size) = try Self.open(path)
            guard offset >= 0, count >= 0, offset <= size, count <= size - offset else {
                close(descriptor)
                throw .malformed(reason: "`\(path)` ends early")
            }
            (memory, self.path, self.descriptor, start, self.count) = ([], path, descriptor, offset, count)
        }
    }

    deinit {
        buffer.deallocate()
        // The descriptor was only read from: closing it cannot lose anything.
        if descriptor >= 0 { close(descriptor) }
    }

    private static func open(_ path: String) throws(ArchiveError) -> (descriptor: Int32, size: Int64) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, reason: errorText()) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let reason = errorText()
            close(descriptor)
            throw .unreadable(path: path, reason: reason)
        }
        return (descriptor, Int64(status.st_size))
    }

    /// The next piece, valid until the next call; empty at the end, nil after a failure.
    func read() -> UnsafeRawBufferPointer? {
        let wanted = min(Int64(buffer.count), count - position)
        guard wanted > 0 else { return UnsafeRawBufferPointer(rebasing: buffer[..<0]) }
        let got = descriptor < 0 ? copyMemory(Int(wanted)) : readFile(Int(wanted))
        guard got > 0 else {
            if got == 0 { failure = .malformed(reason: "`\(path)` ends early") }
            return nil
        }
        position += Int64(got)
        return UnsafeRawBufferPointer(rebasing: buffer[..<got])
    }

    /// Moves back to the start.
    func rewind() {
        position = 0
    }

    private func copyMemory(_ wanted: Int) -> Int {
        memory.withUnsafeBytes { bytes in
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[Int(position)..<Int(position) + wanted]))
        }
        return wanted
    }

    private func readFile(_ wanted: Int) -> Int {
        while true {
            let got = pread(descriptor, buffer.baseAddress, wanted, off_t(start + position))
            if got >= 0 { return got }
            guard errno == EINTR else {
                failure = .unreadable(path: path, reason: errorText())
                return -1
            }
        }
    }

    /// Moves to `offset` from the start, the present position or the end (`SEEK_SET`, `SEEK_CUR`, `SEEK_END`).
    func seek(_ offset: Int64, from origin: Int32) -> Int64? {
        let base = origin == SEEK_SET ? 0 : origin == SEEK_CUR ? position : count
        let (target, overflow) = base.addingReportingOverflow(offset)
        guard !overflow, (0...count).contains(target) else { return nil }
        position = target
        return target
    }
}

/// The system's text for the present `errno`.
func errorText() -> String {
    String(cString: strerror(errno))
}
