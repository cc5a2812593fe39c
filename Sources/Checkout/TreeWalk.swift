//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One walk through a tree, with a stack of its own instead of the call stack.
struct TreeWalk {
    private(set) var files: [CheckoutFile] = []
    private(set) var unreadable: [UnreadablePath] = []
    private(set) var otherLinks: [String] = []
    private(set) var hasGitMetadata = false

    private let root: TreeRoot
    private let canonicalRoot: String
    private var ignores: IgnoreStack
    private let workTree: WorkTree?
    /// What git tracks; read when it first matters, which is at the first entry that is ignored.
    private lazy var index = workTree?.index()
    /// Directories that are ignored and hold files that git tracks all the same.
    private var ignoredDirectories: Set<String> = []
    private var stack: [Level] = []
    private var entered = 0

    /// A directory whose entries are being visited.
    private struct Level {
        var directory: CheckoutDirectory
        var entries: DirectoryEntries
        var next = 0
        /// Ignore files in force above it.
        var ignoresAbove: Int
        /// Whether only what git tracks belongs to the checkout.
        var isIgnored: Bool
    }

    /// The walked tree of the directory `root`.
    static func walk(_ root: String) throws(CheckoutError) -> TreeWalk {
        let descriptor = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0, let canonical = canonicalPath(root) else {
            let reason = systemError()
            if descriptor >= 0 { close(descriptor) }
            throw .cannotOpen(root: root, reason: reason)
        }
        var walk = TreeWalk(root: TreeRoot(descriptor), canonicalRoot: canonical)
        walk.enter("")
        while !walk.stack.isEmpty { walk.step() }
        return walk
    }

    private init(root: TreeRoot, canonicalRoot: String) {
        self.root = root
        self.canonicalRoot = canonicalRoot
        workTree = WorkTree(of: canonicalRoot)
        ignores = IgnoreStack(root: canonicalRoot, workTree: workTree)
    }

    /// Visits the next entry of the deepest open directory, or leaves that directory.
    private mutating func step() {
        let top = stack.count - 1
        guard stack[top].next < stack[top].entries.entries.count else {
            ignores.shrink(to: stack[top].ignoresAbove)
            stack.removeLast()
            return
        }
        let entry = stack[top].entries.entries[stack[top].next]
        stack[top].next += 1
        let bytes = stack[top].entries.name(of: entry)
        let directory = stack[top].directory
        guard let name = String(validating: bytes, as: UTF8.self) else {
            let shown = String(decoding: bytes, as: UTF8.self)
            unreadable.append(
                UnreadablePath(path: Self.join(directory.path, shown), reason: "the name is not UTF-8"))
            return
        }
        let path = Self.join(directory.path, name)
        guard entry.kind != .directory else { return enter(path) }
        files.append(
            CheckoutFile(
                path: path, name: name, parent: directory, number: files.count, isSymbolicLink: entry.kind == .link))
    }

    /// Opens the directory `path`, and puts it on the stack with what it has to visit.
    private mutating func enter(_ path: String) {
        let descriptor = openat(
            root.descriptor, path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0, let stream = fdopendir(descriptor) else {
            unreadable.append(UnreadablePath(path: path, reason: systemError()))
            if descriptor >= 0 { close(descriptor) }
            return
        }
        defer { closedir(stream) }
        var entries = DirectoryEntries(stream)
        if let failure = entries.failure { unreadable.append(UnreadablePath(path: path, reason: failure)) }
        if path.isEmpty { hasGitMetadata = entries.contains(".git") }
        let above = ignores.count
        let isIgnored = stack.last?.isIgnored == true || ignoredDirectories.contains(path)
        ignores.enter(path)
        if entries.contains(".gitignore"), let failure = ignores.load(at: descriptor) {
            unreadable.append(UnreadablePath(path: Self.join(path, ".gitignore"), reason: failure))
        }
        entries.filter { name, entry in keeps(name, &entry, of: path, in: descriptor, isIgnored: isIgnored) }
        entries.sort()
        let directory = CheckoutDirectory(path: path, parent: stack.last?.directory, number: entered, tree: root)
        stack.append(Level(directory: directory, entries: entries, ignoresAbove: above, isIgnored: isIgnored))
        entered += 1
    }

    /// Whether an entry of the directory `path`, open as `descriptor`, belongs to the checkout. Settles its kind.
    private mutating func keeps(
        _ name: UnsafeBufferPointer<UInt8>, _ entry: inout DirectoryEntries.Entry, of path: String,
        in descriptor: Int32, isIgnored: Bool
    ) -> Bool {
        guard let start = name.baseAddress, !name.elementsEqual(".git".utf8) else { return false }
        let cName = UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self)
        var status = stat()
        if entry.kind == .unknown {
            guard fstatat(descriptor, cName, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                return note(name, of: path, systemError())
            }
            entry.kind = DirectoryEntries.Kind(mode: status.st_mode)
        }
        let isDirectory = entry.kind == .directory
        guard entry.kind != .other else { return false }
        if isIgnored || ignores.ignores(name, isDirectory: isDirectory) {
            guard isTracked(name, of: path, isDirectory: isDirectory) else { return false }
        }
        guard entry.kind == .link else { return true }
        guard let text = String(validating: name, as: UTF8.self) else {
            return note(name, of: path, "the name is not UTF-8")
        }
        let link = Self.join(path, text)
        let isFile = fstatat(descriptor, cName, &status, 0) == 0 && status.st_mode & S_IFMT == S_IFREG
        if isFile && isInTree(link) { return true }
        otherLinks.append(link)
        return false
    }

    /// Whether git tracks an entry that is ignored, or a file below it.
    private mutating func isTracked(_ name: UnsafeBufferPointer<UInt8>, of path: String, isDirectory: Bool) -> Bool {
        guard let index else { return false }
        let full = (path.isEmpty ? [] : Array("\(path)/".utf8)) + name
        guard isDirectory else { return index.contains(full) }
        guard index.containsFiles(below: full + [UInt8(ascii: "/")]) else { return false }
        ignoredDirectories.insert(String(decoding: full, as: UTF8.self))
        return true
    }

    /// Lists an entry as unreadable; `false`, since it is left out.
    private mutating func note(_ name: UnsafeBufferPointer<UInt8>, of path: String, _ reason: String) -> Bool {
        let shown = Self.join(path, String(decoding: name, as: UTF8.self))
        unreadable.append(UnreadablePath(path: shown, reason: reason))
        return false
    }

    /// Whether the target of the link `path` is in the tree, and no metadata of git.
    private func isInTree(_ path: String) -> Bool {
        let prefix = canonicalRoot == "/" ? "/" : canonicalRoot + "/"
        guard let target = Self.canonicalPath(prefix + path), target.hasPrefix(prefix) else { return false }
        return !target.dropFirst(prefix.count).split(separator: "/").contains(".git")
    }

    private static func join(_ directory: String, _ name: String) -> String {
        guard !directory.isEmpty else { return name }
        // Every file of the tree comes by here.
        var path = ""
        path.reserveCapacity(directory.utf8.count + 1 + name.utf8.count)
        path += directory
        path += "/"
        path += name
        return path
    }

    private static func canonicalPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(validatingCString: resolved)
    }
}

extension DirectoryEntries.Kind {
    fileprivate init(mode: mode_t) {
        switch mode & S_IFMT {
        case S_IFREG: self = .file
        case S_IFDIR: self = .directory
        case S_IFLNK: self = .link
        default: self = .other
        }
    }
}
