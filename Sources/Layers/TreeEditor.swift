//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// Changes a folder by paths below it. Every component is opened without following symbolic links, so that no path
/// leads out of the folder, whatever it holds.
final class TreeEditor {
    private let root: Int32
    /// The folders that are open, from the root to the parent of the last path.
    private var open: [(name: [UInt8], descriptor: Int32)] = []

    init(_ path: FilePath) throws(LayerError) {
        root = Glibc.open(path.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { throw .cannotUnpack(path: path.string, reason: errnoText()) }
    }

    deinit {
        // Folders are only looked up through these: closing them cannot lose anything.
        for folder in open { close(folder.descriptor) }
        close(root)
    }

    func makeDirectory(_ path: EntryPath, mode: UInt16) throws(LayerError) {
        // The owner must be able to write into it, also where a package's directory is read-only.
        let mode = mode_t(mode & 0o1777 | 0o700)
        try at(path) { (parent, name) throws(LayerError) in
            if mkdirat(parent, name, mode) != 0 {
                guard errno == EEXIST else { throw failure(path) }
                var status = stat()
                guard fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw failure(path) }
                if status.st_mode & S_IFMT != S_IFDIR {
                    guard unlinkat(parent, name, 0) == 0, mkdirat(parent, name, mode) == 0 else { throw failure(path) }
                }
            }
            // The mode of `mkdirat` goes through the process's mask; what stands there now is a directory of ours.
            guard fchmodat(parent, name, mode, 0) == 0 else { throw failure(path) }
        }
    }

    func makeSymlink(_ path: EntryPath, to target: [UInt8], mtime: Int64) throws(LayerError) {
        try at(path) { (parent, name) throws(LayerError) in
            try replacing(path, parent, name) { withTerminator(target) { symlinkat($0, parent, name) } }
            guard setTime(parent, name, mtime) else { throw failure(path) }
        }
    }

    func makeLink(_ path: EntryPath, to target: EntryPath) throws(LayerError) {
        let folder = try copyOfParent(target)
        defer { close(folder) }
        try at(path) { (parent, name) throws(LayerError) in
            try replacing(path, parent, name) {
                withTerminator(target.name) { linkat(folder, $0, parent, name, 0) }
            }
        }
    }

    /// A new empty file, open for writing, in place of what stands there.
    func createFile(_ path: EntryPath) throws(LayerError) -> Int32 {
        var descriptor: Int32 = -1
        try at(path) { (parent, name) throws(LayerError) in
            try replacing(path, parent, name) {
                descriptor = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
                return descriptor < 0 ? -1 : 0
            }
        }
        return descriptor
    }

    func write(_ bytes: Span<UInt8>, to descriptor: Int32, _ path: EntryPath) throws(LayerError) {
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
            }
            if written < 0 && errno != EINTR { throw failure(path) }
            done += max(written, 0)
        }
    }

    func finishFile(_ descriptor: Int32, _ path: EntryPath, mode: UInt16, mtime: Int64) throws(LayerError) {
        let times = [timespec(tv_sec: time_t(mtime), tv_nsec: 0), timespec(tv_sec: time_t(mtime), tv_nsec: 0)]
        guard fchmod(descriptor, mode_t(mode & 0o777 | 0o600)) == 0, futimens(descriptor, times) == 0 else {
            throw failure(path)
        }
    }

    func setTime(_ path: EntryPath, _ mtime: Int64) throws(LayerError) {
        try at(path) { (parent, name) throws(LayerError) in
            // A later entry of the layer may have replaced the directory.
            if !setTime(parent, name, mtime) && errno != ENOENT { throw failure(path) }
        }
    }

    /// Removes what stands at `path`, with all below it; nothing if there is nothing.
    func remove(_ path: EntryPath) throws(LayerError) {
        try at(path, orMissing: true) { (parent, name) throws(LayerError) in try clear(parent, name, path) }
    }

    /// Removes all in a directory, nil for the root, but `kept` paths and what holds them.
    func removeChildren(of directory: EntryPath?, except kept: Set<EntryPath>) throws(LayerError) {
        let prefix = directory.map { $0.bytes + [UInt8(ascii: "/")] } ?? []
        guard let marker = EntryPath(prefix + [UInt8(ascii: "x")]) else { return }
        var names: [[UInt8]] = []
        try at(marker, orMissing: true) { (parent, _) throws(LayerError) in names = try list(parent, marker) }
        for name in names.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard let path = EntryPath(prefix + name) else { continue }
            if kept.contains(path) || kept.contains(where: { $0.isBelow(path) }) {
                // A directory of this layer may hold more than the layer brought.
                if isDirectory(path) { try removeChildren(of: path, except: kept) }
            } else {
                try remove(path)
            }
        }
    }

    private func isDirectory(_ path: EntryPath) -> Bool {
        var status = stat()
        var found = false
        do throws(LayerError) {
            try at(path) { (parent, name) throws(LayerError) in
                found = fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0
            }
        } catch {
            return false
        }
        return found && status.st_mode & S_IFMT == S_IFDIR
    }

    // MARK: Folders

    private func failure(_ path: EntryPath) -> LayerError {
        .cannotUnpack(path: path.description, reason: errnoText())
    }

    /// Calls `body` with the open parent of `path` and its name. A parent that is not there is made, unless it may be
    /// missing: then nothing is done.
    private func at(
        _ path: EntryPath, orMissing: Bool = false,
        _ body: (Int32, UnsafePointer<CChar>) throws(LayerError) -> Void
    ) throws(LayerError) {
        guard let parent = try openParent(path, orMissing: orMissing) else { return }
        let name = path.name.map { CChar(bitPattern: $0) } + [0]
        try body(parent, name)
    }

    private func openParent(_ path: EntryPath, orMissing: Bool) throws(LayerError) -> Int32? {
        let components = path.bytes.split(separator: UInt8(ascii: "/")).dropLast()
        var common = 0
        for (folder, component) in zip(open, components) {
            guard folder.name.elementsEqual(component) else { break }
            common += 1
        }
        for folder in open[common...] { close(folder.descriptor) }
        open.removeSubrange(common...)
        for component in components.dropFirst(common) {
            let name = component.map { CChar(bitPattern: $0) } + [0]
            let parent = open.last?.descriptor ?? root
            var descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            if descriptor < 0 && errno == ENOENT {
                if orMissing { return nil }
                guard mkdirat(parent, name, 0o755) == 0 else { throw failure(path) }
                descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            }
            guard descriptor >= 0 else {
                if orMissing { return nil }
                throw .cannotUnpack(
                    path: path.description, reason: "`\(String(decoding: component, as: UTF8.self))` is no directory")
            }
            open.append((Array(component), descriptor))
        }
        return open.last?.descriptor ?? root
    }

    private func copyOfParent(_ path: EntryPath) throws(LayerError) -> Int32 {
        guard let parent = try openParent(path, orMissing: false) else { throw failure(path) }
        let copy = fcntl(parent, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw failure(path) }
        return copy
    }

    /// Makes an entry; if something stands there, removes that and tries again.
    private func replacing(
        _ path: EntryPath, _ parent: Int32, _ name: UnsafePointer<CChar>, _ make: () -> Int32
    ) throws(LayerError) {
        if make() == 0 { return }
        guard errno == EEXIST else { throw failure(path) }
        try clear(parent, name, path)
        guard make() == 0 else { throw failure(path) }
    }

    private func clear(_ parent: Int32, _ name: UnsafePointer<CChar>, _ path: EntryPath) throws(LayerError) {
        if unlinkat(parent, name, 0) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else { throw failure(path) }
        let folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { throw failure(path) }
        defer { close(folder) }
        for child in try list(folder, path) {
            try clear(folder, child.map { CChar(bitPattern: $0) } + [0], path)
        }
        guard unlinkat(parent, name, AT_REMOVEDIR) == 0 else { throw failure(path) }
    }

    private func list(_ folder: Int32, _ path: EntryPath) throws(LayerError) -> [[UInt8]] {
        guard let names = directoryNames(folder) else { throw failure(path) }
        return names
    }

    private func setTime(_ parent: Int32, _ name: UnsafePointer<CChar>, _ mtime: Int64) -> Bool {
        let time = timespec(tv_sec: time_t(mtime), tv_nsec: 0)
        return utimensat(parent, name, [time, time], AT_SYMLINK_NOFOLLOW) == 0
    }
}

/// The names in an open folder, in no particular order; nil with `errno` set after a failure.
func directoryNames(_ folder: Int32) -> [[UInt8]]? {
    let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let stream = fdopendir(copy) else { return nil }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while true {
        errno = 0
        guard let entry = readdir(stream) else { return errno == 0 ? names : nil }
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
        if name != [0x2E] && name != [0x2E, 0x2E] { names.append(name) }
    }
}

func errnoText() -> String { String(cString: strerror(errno)) }

func withTerminator<Result>(_ bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    body(bytes.map { CChar(bitPattern: $0) } + [0])
}
