//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Store
import SystemPackage

/// Output of a file, shared by the closures that write to it.
final class FileOutput {
    private let path: FilePath
    private let file: FileDescriptor

    /// Makes the file `place`; errors name it `path`.
    init(_ place: FilePath, as path: FilePath? = nil) throws(OCIError) {
        let path = path ?? place
        self.path = path
        file = try system("write", path) {
            try FileDescriptor.open(
                place, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        }
    }

    /// Marks the file as one whose writer lives, as long as it is open.
    func mark() throws(OCIError) { try markAsWritten(file, path) }

    func write(_ bytes: Span<UInt8>) throws(OCIError) {
        try system("write", path) { try bytes.withUnsafeBytes { _ = try file.writeAll($0) } }
    }

    /// Brings the file to the disk.
    func finish() throws(OCIError) {
        guard fsync(file.rawValue) == 0 else { throw .system(verb: "write", path: path, Errno(rawValue: errno)) }
    }

    deinit {
        // ``finish()`` has asked for errors before.
        try? file.close()
    }
}

/// Writes a file under another name in the same folder, which becomes `path` when it is whole.
func writeBeside(_ path: FilePath, _ body: (FileOutput) throws(OCIError) -> Void) throws(OCIError) {
    removeAbandoned(besides: path)
    let unfinished = sibling(of: path)
    do throws(OCIError) {
        let output = try FileOutput(unfinished, as: path)
        try output.mark()
        try body(output)
        try output.finish()
        guard rename(unfinished.string, path.string) == 0 else {
            throw OCIError.system(verb: "write", path: path, Errno(rawValue: errno))
        }
    } catch {
        unlink(unfinished.string)
        throw error
    }
}

func exists(_ path: FilePath) throws(OCIError) -> Bool {
    if access(path.string, F_OK) == 0 { return true }
    guard errno == ENOENT || errno == ENOTDIR else { throw .system(verb: "read", path: path, Errno(rawValue: errno)) }
    return false
}

func makeFolder(_ path: FilePath) throws(OCIError) {
    guard mkdir(path.string, 0o755) == 0 else { throw .system(verb: "make", path: path, Errno(rawValue: errno)) }
}

func write(_ bytes: [UInt8], to path: FilePath) throws(OCIError) {
    let output = try FileOutput(path)
    try output.write(bytes.span)
    try output.finish()
}

/// A second name for a blob; a copy where the file system gives none.
func linkOrCopy(_ source: FilePath, to target: FilePath) throws(OCIError) {
    if link(source.string, target.string) == 0 { return }
    guard [EXDEV, EPERM, EMLINK, ENOTSUP].contains(errno) else {
        throw .system(verb: "write", path: target, Errno(rawValue: errno))
    }
    let output = try FileOutput(target)
    try readRange(of: source, from: 0, count: .max) { (piece) throws(OCIError) in try output.write(piece) }
    try output.finish()
}

/// Calls `body` with up to `count` bytes of a file from `offset`, piece by piece.
func readRange(
    of path: FilePath, from offset: Int64, count: Int64, _ body: (Span<UInt8>) throws(OCIError) -> Void
) throws(OCIError) {
    let file = try system("read", path) { try FileDescriptor.open(path, .readOnly, options: .closeOnExec) }
    // It was only read from: closing it cannot lose anything.
    defer { try? file.close() }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    defer { buffer.deallocate() }
    var done: Int64 = 0
    while done < count {
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(min(Int64(buffer.count), count - done))])
        let got = try system("read", path) { try file.read(fromAbsoluteOffset: offset + done, into: part) }
        if got == 0 { return }
        try body(UnsafeRawBufferPointer(rebasing: buffer[..<got]).bindMemory(to: UInt8.self).span)
        done += Int64(got)
    }
}

/// Gives `unfinished` the name `folder`; what stood there goes away.
func replace(_ folder: FilePath, by unfinished: FilePath) throws(OCIError) {
    if try !exists(folder) {
        guard rename(unfinished.string, folder.string) == 0 else {
            throw .system(verb: "write", path: folder, Errno(rawValue: errno))
        }
        return
    }
    let old = sibling(of: folder)
    guard rename(folder.string, old.string) == 0 else {
        throw .system(verb: "replace", path: folder, Errno(rawValue: errno))
    }
    guard rename(unfinished.string, folder.string) == 0 else {
        let reason = Errno(rawValue: errno)
        rename(old.string, folder.string)
        throw .system(verb: "write", path: folder, reason)
    }
    try system("remove", old) { try removeTree(old) }
}
