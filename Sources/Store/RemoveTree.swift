//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
public import SystemPackage

/// Removes a file, or a folder with all that is in it, also where its folders are not readable or writable. Symbolic
/// links are removed, not followed. What is not there is no error.
///
/// - Throws: ``StoreError`` for the first entry that cannot be removed.
public func removeTree(_ path: FilePath) throws(StoreError) {
    if unlink(path.string) == 0 { return }
    switch Errno.last {
    case .noSuchFileOrDirectory: return
    case .isDirectory, .notPermitted: break
    case let error: throw StoreError("remove", path, error)
    }
    let folder = try path.withPlatformString { name in
        Result { () throws(StoreError) in try OpenFolder(name, in: AT_FDCWD, path: path) }
    }.get()
    defer { close(folder.descriptor) }
    try folder.removeContents(top: folder, depth: 0)
    guard rmdir(path.string) == 0 || Errno.last == .noSuchFileOrDirectory else {
        throw StoreError("remove", path, .last)
    }
}

/// A folder of the tree that is being removed, made accessible.
private struct OpenFolder {
    let descriptor: CInt
    let path: FilePath

    /// How many folders are open at once; deeper ones are moved to the top first.
    static let deepest = 64

    init(_ name: UnsafePointer<CChar>, in parent: CInt, path: FilePath) throws(StoreError) {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var descriptor = openat(parent, name, flags)
        if descriptor < 0 && Errno.last == .permissionDenied && fchmodat(parent, name, 0o700, 0) == 0 {
            descriptor = openat(parent, name, flags)
        }
        guard descriptor >= 0 else { throw StoreError("remove", path, .last) }
        // A folder that is not ours cannot be changed; whether that matters shows when its entries are removed.
        _ = fchmod(descriptor, 0o700)
        self.descriptor = descriptor
        self.path = path
    }

    func removeContents(top: OpenFolder, depth: Int) throws(StoreError) {
        // Entries that are moved to the top while it is read may be missed: it is read until it is empty.
        var names = try self.names()
        repeat {
            for name in names { try remove(name, top: top, depth: depth) }
            names = depth == 0 ? try self.names() : []
        } while !names.isEmpty
    }

    private func remove(_ name: [CChar], top: OpenFolder, depth: Int) throws(StoreError) {
        if unlinkat(descriptor, name, 0) == 0 { return }
        let child = path.pushing(FilePath(platformString: name))
        switch Errno.last {
        case .noSuchFileOrDirectory: return
        case .isDirectory, .notPermitted: break
        case let error: throw StoreError("remove", child, error)
        }
        if unlinkat(descriptor, name, AT_REMOVEDIR) == 0 { return }
        let folder = try OpenFolder(name, in: descriptor, path: child)
        defer { close(folder.descriptor) }
        if depth == Self.deepest {
            let moved = "moved-" + String(UInt64.random(in: .min ... .max), radix: 36)
            guard renameat(descriptor, name, top.descriptor, moved) == 0 else {
                throw StoreError("remove", child, .last)
            }
            return
        }
        try folder.removeContents(top: top, depth: depth + 1)
        guard unlinkat(descriptor, name, AT_REMOVEDIR) == 0 else { throw StoreError("remove", child, .last) }
    }

    /// The names in the folder, as the C library has them: they need not be UTF-8.
    private func names() throws(StoreError) -> [[CChar]] {
        guard let stream = fdopendir(openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) else {
            throw StoreError("read", path, .last)
        }
        defer { closedir(stream) }
        var names: [[CChar]] = []
        while let entry = readdir(stream) {
            let name = entryName(entry)
            if !isDotOrDotDot(name) { names.append(name) }
        }
        return names
    }
}
