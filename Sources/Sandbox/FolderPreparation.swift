//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// Makes a folder with exactly this mode, whatever the umask.
func makeFolder(_ path: FilePath, mode: mode_t) throws(SandboxError) {
    guard mkdir(path.string, 0o700) == 0, chmod(path.string, mode) == 0 else {
        throw .system(verb: "create", path, Errno(rawValue: errno))
    }
}

/// Makes a folder below `root` and those above it, each with mode 0755; what is there stays.
func makeFolders(_ path: String, below root: FilePath) throws(SandboxError) {
    var current = root
    for component in path.split(separator: "/") {
        current.append(String(component))
        guard mkdir(current.string, 0o755) == 0 || Errno(rawValue: errno) == .fileExists else {
            throw .system(verb: "create", current, Errno(rawValue: errno))
        }
    }
}

/// Writes a file that only this user can read.
func writeFile(_ bytes: [UInt8], to path: FilePath) throws(SandboxError) {
    do {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(bytes) }
    } catch {
        throw .system(verb: "write", path, error as? Errno ?? .ioError)
    }
}

/// A small file's text, or nil if it cannot be read.
func readText(_ path: FilePath) -> String? {
    readBytes(path).map { String(decoding: $0, as: UTF8.self) }
}

/// A file's bytes, the first `limit` or some more of them; nil if it cannot be read.
func readBytes(_ path: FilePath, limit: Int = .max) -> [UInt8]? {
    guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else { return nil }
    defer { try? file.close() }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16384)
    while bytes.count < limit, let count = try? buffer.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
        bytes += buffer.prefix(count)
    }
    return bytes
}

/// The names in a folder but `.` and `..`, in no order; none if it cannot be read.
func entryNames(of folder: FilePath) -> [String] {
    guard let stream = opendir(folder.string) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names
}

/// Makes a symbolic link.
func makeLink(_ path: FilePath, to target: FilePath) throws(SandboxError) {
    guard symlink(target.string, path.string) == 0 else { throw .system(verb: "create", path, Errno(rawValue: errno)) }
}

/// Whether the host has something at this path, and whether that is a folder.
func inspect(_ path: FilePath) -> (exists: Bool, isFolder: Bool) {
    var status = stat()
    guard stat(path.string, &status) == 0 else { return (false, false) }
    return (true, status.st_mode & S_IFMT == S_IFDIR)
}
