//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Sandbox
import Store
import SystemPackage

extension PythonStep {
    /// Calls `body` with a folder that has the content of the repository and that programs inside can lay changes over:
    /// the repository itself, or a copy where some of it belongs to users or groups that they do not have.
    func withOverlayable<Result>(
        _ checkout: FilePath, _ body: (FilePath) async throws(PythonStepError) -> Result
    ) async throws(PythonStepError) -> Result {
        // Root inside has everybody who root outside has.
        guard geteuid() != 0, try hasForeignOwner(checkout) else { return try await body(checkout) }
        let (scratch, _) = try workFolders()
        defer { withExtendedLifetime(scratch) {} }
        let copy = scratch.path.appending("checkout")
        try copyFolder(checkout, to: copy)
        return try await body(copy)
    }
}

/// Whether something in a folder, or itself, belongs to another user than the caller or to another group: overlayfs
/// cannot copy such an owner (EOVERFLOW).
func hasForeignOwner(_ folder: FilePath) throws(PythonStepError) -> Bool {
    let (uid, gid) = (geteuid(), getegid())
    var pending = [folder]
    while let path = pending.popLast() {
        guard let status = linkStatus(path) else { continue }
        if status.st_uid != uid || status.st_gid != gid { return true }
        if status.st_mode & S_IFMT == S_IFDIR { pending += entries(of: path) }
    }
    return false
}

/// Copies a folder: files, folders and links with their modes and times, as the caller's own. What the caller cannot
/// read is left out, and so are devices, pipes and sockets.
func copyFolder(_ folder: FilePath, to place: FilePath) throws(PythonStepError) {
    var pending = [(from: folder, to: place)]
    var folders: [(path: FilePath, status: stat)] = []
    while let (from, to) = pending.popLast() {
        guard let status = linkStatus(from) else { continue }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            guard mkdir(to.string, 0o700) == 0 else { throw systemError("create", to) }
            folders.append((to, status))
            for entry in entries(of: from) {
                if let name = entry.lastComponent { pending.append((entry, to.appending(name))) }
            }
        case S_IFREG:
            guard try copyFile(from, to: to) else { continue }
            try setAttributes(of: to, status)
        case S_IFLNK:
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let length = from.withPlatformString { readlink($0, &buffer, buffer.count - 1) }
            guard length > 0, to.withPlatformString({ symlink(buffer, $0) }) == 0 else {
                throw systemError("copy", from)
            }
        default: break
        }
    }
    // The innermost first: their entries have changed the times of those around them.
    for (path, status) in folders.reversed() { try setAttributes(of: path, status) }
}

/// Copies a file's content; false if the caller may not read it.
private func copyFile(_ from: FilePath, to: FilePath) throws(PythonStepError) -> Bool {
    do {
        let source = try FileDescriptor.open(from, .readOnly, options: [.closeOnExec, .noFollow])
        defer { try? source.close() }
        let target = try FileDescriptor.open(
            to, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
        try target.closeAfter {
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
            defer { buffer.deallocate() }
            while case let count = try source.read(into: buffer), count > 0 {
                _ = try target.writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        return true
    } catch Errno.permissionDenied {
        return false
    } catch {
        throw .system(verb: "copy", from, error as? Errno ?? .ioError)
    }
}

private func setAttributes(of path: FilePath, _ status: stat) throws(PythonStepError) {
    let mode = status.st_mode & 0o777 | (status.st_mode & S_IFMT == S_IFDIR ? 0o700 : 0o600)
    let isSet = path.withPlatformString {
        chmod($0, mode) == 0 && utimensat(AT_FDCWD, $0, [status.st_mtim, status.st_mtim], 0) == 0
    }
    guard isSet else { throw systemError("set the mode of", path) }
}

private func linkStatus(_ path: FilePath) -> stat? {
    var status = stat()
    return path.withPlatformString { lstat($0, &status) } == 0 ? status : nil
}

/// What a folder holds; nothing if the caller may not read it.
private func entries(of folder: FilePath) -> [FilePath] {
    guard let stream = folder.withPlatformString({ opendir($0) }) else { return [] }
    defer { closedir(stream) }
    var paths: [FilePath] = []
    while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            bytes.baseAddress.map { FilePath(platformString: $0.assumingMemoryBound(to: CChar.self)) }
        }
        guard let name, name != ".", name != ".." else { continue }
        paths.append(folder.pushing(name))
    }
    return paths
}

private func systemError(_ verb: String, _ path: FilePath) -> PythonStepError {
    .system(verb: verb, path, Errno(rawValue: errno))
}
