//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Store
import SystemPackage

/// A folder for one test, removed after it.
final class Scratch: Sendable {
    let path: FilePath

    init() throws {
        path = FilePath("/tmp/fitout-store-\(UInt64.random(in: .min ... .max))")
        try writeFolder(path)
    }

    deinit { try? removeTree(path) }

    func store() throws -> Store { try Store(at: path.appending("store")) }

    func path(_ name: String) -> FilePath { path.appending(name) }
}

/// Makes a folder.
func writeFolder(_ path: FilePath) throws {
    guard mkdir(path.string, 0o755) == 0 else { throw Errno(rawValue: errno) }
}

/// The names in a folder, sorted; nil if it is not there.
func names(in path: FilePath) -> [String]? {
    guard let stream = opendir(path.string) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
}

/// Overwrites a file's first byte in place, read-only or not.
func damage(_ path: FilePath) throws {
    chmod(path.string, 0o600)
    let file = try FileDescriptor.open(path, .writeOnly)
    defer { try? file.close() }
    try file.writeAll([0xff])
}

/// A file's content.
func content(_ path: FilePath) throws -> [UInt8] {
    let file = try FileDescriptor.open(path, .readOnly)
    defer { try? file.close() }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0) }
    return Array(bytes.prefix(count))
}

/// Sets a file's time of last access, in seconds since 1970.
func setLastUse(_ path: FilePath, _ seconds: Int) {
    let times = [timespec(tv_sec: seconds, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 0)]
    utimensat(AT_FDCWD, path.string, times, 0)
}
