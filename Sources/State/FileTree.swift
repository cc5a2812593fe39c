//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers

/// The files of an image while scripts work on them: packaged ones by reference, generated ones with their bytes.
///
/// Paths given as text are resolved as the kernel does, through symbolic links in every component.
struct FileTree {
    /// What stands at a path.
    struct Node: Equatable {
        enum Content: Equatable {
            /// A packaged file, and the path at which it was shipped.
            case packaged(EntryPath, size: Int64)
            case bytes([UInt8])
            case symlink([UInt8])
            case directory
        }

        var content: Content
        var mode: UInt16
        var uid: UInt32 = 0
        var gid: UInt32 = 0
        var mtime: Int64
        var xattrs: [ExtendedAttribute] = []

        var isDirectory: Bool { content == .directory }
        var isSymlink: Bool { if case .symlink = content { true } else { false } }
        var isFile: Bool { !isDirectory && !isSymlink }
    }

    /// Where a path leads: to the root, or to an entry that may or may not exist in a directory that does.
    enum Place: Equatable {
        case root
        case entry(EntryPath)

        var path: EntryPath? { if case .entry(let path) = self { path } else { nil } }
    }

    private(set) var nodes: [EntryPath: Node] = [:]
    private var children: [EntryPath?: Set<EntryPath>] = [:]
    private var journal: [(path: EntryPath, node: Node?)] = []
    /// Paths that something other than unpacking has changed.
    private(set) var touched: Set<EntryPath> = []
    let time: Int64
    let packagedContent: @Sendable (EntryPath) throws -> [UInt8]

    init(time: Int64, packagedContent: @escaping @Sendable (EntryPath) throws -> [UInt8]) {
        self.time = time
        self.packagedContent = packagedContent
    }

    // MARK: By canonical path

    subscript(path: EntryPath) -> Node? { nodes[path] }

    /// Puts a node at a path, or removes what stands there.
    mutating func set(_ path: EntryPath, _ node: Node?) {
        journal.append((path, nodes[path]))
        touched.insert(path)
        store(path, node)
    }

    /// Puts a packaged node at a path; not a change of the state.
    mutating func unpack(_ path: EntryPath, _ node: Node) {
        store(path, node)
    }

    private mutating func store(_ path: EntryPath, _ node: Node?) {
        let parent = path.parent
        if let node {
            nodes[path] = node
            children[parent, default: []].insert(path)
        } else {
            nodes[path] = nil
            children[parent]?.remove(path)
        }
    }

    /// The entries of a directory, sorted.
    func entries(of directory: Place) -> [EntryPath] {
        (children[directory.path] ?? []).sorted()
    }

    /// Everything below `path`, parents before children.
    func descendants(of path: EntryPath) -> [EntryPath] {
        entries(of: .entry(path)).flatMap { [$0] + descendants(of: $0) }
    }

    // MARK: Transactions

    /// A point to which `rollBack(to:)` returns.
    var savepoint: Int { journal.count }

    /// Undoes every change since `savepoint`.
    mutating func rollBack(to savepoint: Int) {
        while journal.count > savepoint, let change = journal.popLast() { store(change.path, change.node) }
    }

    // MARK: By path text

    /// Resolves an absolute path; nil when a parent is missing or links run in circles.
    func place(of path: String, followingLast: Bool = true) -> Place? {
        if path.isEmpty { return nil }
        var rest = Array(path.utf8)[...]
        var current: [UInt8] = []
        var links = 0
        while true {
            rest = rest.drop { $0 == UInt8(ascii: "/") }
            guard !rest.isEmpty else { break }
            let component = rest.prefix { $0 != UInt8(ascii: "/") }
            rest = rest[component.endIndex...].drop { $0 == UInt8(ascii: "/") }
            if component.count == 1, component.first == UInt8(ascii: ".") { continue }
            let parent = current.count
            if component.elementsEqual("..".utf8) {
                current.removeSubrange((current.lastIndex(of: UInt8(ascii: "/")) ?? 0)...)
                continue
            }
            if !current.isEmpty { current.append(UInt8(ascii: "/")) }
            current += component
            guard let here = EntryPath(current) else { return nil }
            switch nodes[here]?.content {
            case .symlink(let target) where followingLast || !rest.isEmpty:
                links += 1
                if links > 40 { return nil }
                current.removeSubrange((target.first == UInt8(ascii: "/") ? 0 : parent)...)
                rest = (target + [UInt8(ascii: "/")] + rest)[...]
            case nil where !rest.isEmpty: return nil
            case .packaged where !rest.isEmpty, .bytes where !rest.isEmpty: return nil
            default: break
            }
        }
        return EntryPath(current).map { .entry($0) } ?? .root
    }

    /// What stands at an absolute path.
    func node(at path: String, followingLast: Bool = true) -> Node? {
        switch place(of: path, followingLast: followingLast) {
        case .root?: Node(content: .directory, mode: 0o755, mtime: time)
        case .entry(let path)?: nodes[path]
        case nil: nil
        }
    }

    /// The content of a file.
    func content(of node: Node) throws(StateError) -> [UInt8] {
        switch node.content {
        case .bytes(let bytes): return bytes
        case .packaged(let path, size: _):
            do { return try packagedContent(path) } catch {
                throw .unreadableFile(path, cause: String(describing: error))
            }
        case .symlink, .directory: return []
        }
    }

    /// The content of the file at an absolute path, or nil if there is none.
    func read(_ path: String) throws(StateError) -> [UInt8]? {
        guard let node = node(at: path), node.isFile else { return nil }
        return try content(of: node)
    }

    /// Writes a file, keeping the mode and owner of one that is there; false when the directory is missing.
    @discardableResult
    mutating func write(_ path: String, _ bytes: [UInt8], mode: UInt16 = 0o644) -> Bool {
        guard case .entry(let path)? = place(of: path) else { return false }
        var node = nodes[path] ?? Node(content: .bytes([]), mode: mode, mtime: time)
        guard node.isFile else { return false }
        node.content = .bytes(bytes)
        node.mtime = time
        set(path, node)
        return true
    }

    /// Makes a directory and the parents that are missing; false when something else stands in the way.
    @discardableResult
    mutating func makeDirectories(_ path: String, mode: UInt16 = 0o755) -> Bool {
        var prefix = ""
        for component in path.split(separator: "/") {
            prefix += "/" + component
            if let node = node(at: prefix) {
                guard node.isDirectory else { return false }
                continue
            }
            guard case .entry(let path)? = place(of: prefix) else { return false }
            set(path, Node(content: .directory, mode: mode, mtime: time))
        }
        return true
    }

    /// Makes or replaces a symbolic link; false when the directory is missing or a directory stands there.
    @discardableResult
    mutating func symlink(_ path: String, to target: String) -> Bool {
        guard case .entry(let path)? = place(of: path, followingLast: false), nodes[path]?.isDirectory != true else {
            return false
        }
        set(path, Node(content: .symlink(Array(target.utf8)), mode: 0o777, mtime: time))
        return true
    }
}
