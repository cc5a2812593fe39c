//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// What stands in a folder, one level deep.
struct FolderEntry {
    var name: String
    var path: FilePath
    var isFolder: Bool
}

/// The entries of a folder sorted by name; none if there is no such folder.
func entries(of folder: FilePath) throws(StoreError) -> [FolderEntry] {
    guard let stream = opendir(folder.string) else {
        if Errno.last == .noSuchFileOrDirectory { return [] }
        throw StoreError("read", folder, .last)
    }
    defer { closedir(stream) }
    var entries: [FolderEntry] = []
    while let entry = readdir(stream) {
        let name = entryName(entry)
        guard !isDotOrDotDot(name) else { continue }
        let path = folder.pushing(FilePath(platformString: name))
        var status = stat()
        // An entry that is gone by now was removed by another process.
        guard lstat(path.string, &status) == 0 else { continue }
        let isFolder = status.st_mode & S_IFMT == S_IFDIR
        entries.append(
            FolderEntry(
                name: String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self), path: path,
                isFolder: isFolder))
    }
    return entries.sorted { $0.name < $1.name }
}

/// Makes a folder and the missing ones above it, for this user alone.
func makeFolders(_ path: FilePath) throws(StoreError) {
    if mkdir(path.string, 0o700) == 0 || Errno.last == .fileExists { return }
    guard Errno.last == .noSuchFileOrDirectory, path.lastComponent != nil else {
        throw StoreError("create", path, .last)
    }
    try makeFolders(path.removingLastComponent())
    if mkdir(path.string, 0o700) != 0 && Errno.last != .fileExists { throw StoreError("create", path, .last) }
}

/// Renames a file or folder, in place of what stood at `new`.
func rename(_ old: FilePath, to new: FilePath) throws(StoreError) {
    guard Glibc.rename(old.string, new.string) == 0 else { throw StoreError("create", new, .last) }
}

/// Removes a file; one that is not there is no error.
func removeFile(_ path: FilePath) throws(StoreError) {
    if unlink(path.string) != 0 && Errno.last != .noSuchFileOrDirectory { throw StoreError("remove", path, .last) }
}

/// Brings the names in a folder to the disk.
func synchronizeFolder(_ path: FilePath) throws(StoreError) {
    let folder = try File(opening: path, options: .directory)
    defer { folder.close() }
    try folder.synchronize()
}

/// Brings everything on the file system that holds `path` to the disk.
func synchronizeFileSystem(of path: FilePath) throws(StoreError) {
    let folder = try File(opening: path, options: .directory)
    defer { folder.close() }
    // A GNU extension, which Swift's module of the C library leaves out.
    typealias Function = @convention(c) (CInt) -> CInt
    guard let syncfs = dlsym(nil, "syncfs").map({ unsafeBitCast($0, to: Function.self) }) else { return sync() }
    guard syncfs(folder.descriptor.rawValue) == 0 else { throw StoreError("write", path, .last) }
}

/// Notes that a file or folder was used now, in its time of last access, which mount options do not hinder;
/// false if it is not there.
func touch(_ path: FilePath) -> Bool {
    // The C library's UTIME_NOW and UTIME_OMIT, macros that Swift does not see.
    let now = timespec(tv_sec: 0, tv_nsec: (1 << 30) - 1)
    let unchanged = timespec(tv_sec: 0, tv_nsec: (1 << 30) - 2)
    let times = [now, unchanged]
    if utimensat(AT_FDCWD, path.string, times, 0) == 0 { return true }
    // A store of another user can be used, only not marked.
    return access(path.string, F_OK) == 0
}

/// The name in an entry that `readdir` gave, with the NUL at its end.
func entryName(_ entry: UnsafeMutablePointer<dirent>) -> [CChar] {
    withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
    }
}

/// Whether an entry is the folder itself or the one above it.
func isDotOrDotDot(_ name: [CChar]) -> Bool {
    let dot = CChar(UInt8(ascii: "."))
    return name == [dot, 0] || name == [dot, dot, 0]
}
