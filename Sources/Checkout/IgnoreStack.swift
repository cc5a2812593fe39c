//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The ignore files in force in one directory, the strongest last.
struct IgnoreStack {
    /// More than any list that a person or a generator has written; git itself stops at 100 MB.
    private static let limit = 4 << 20

    private var files: [IgnoreFile] = []
    /// The path from the top of the work tree to the directory, with a slash at its end; empty at the top.
    private var path: [UInt8]
    /// The part of `path` above the root of the walk.
    private let above: Int

    /// The stack for a walk of the directory with the canonical path `root`: `.git/info/exclude` of the work tree it
    /// belongs to, and the ignore files between its top and `root`.
    init(root: String, workTree: WorkTree?) {
        path = []
        above = workTree?.prefix.count ?? 0
        guard let workTree else { return }
        load("\(workTree.commonDirectory)/info/exclude")
        var directory = workTree.top
        for component in root.split(separator: "/").dropFirst(directory.split(separator: "/").count) {
            load("\(directory)/.gitignore")
            directory += "/\(component)"
            path.append(contentsOf: "\(component)/".utf8)
        }
    }

    /// The number of ignore files in force.
    var count: Int { files.count }

    /// Takes the ignore files behind the first `count` out of force.
    mutating func shrink(to count: Int) {
        files.removeSubrange(count...)
    }

    /// Goes to the directory `directory`, relative to the root of the walk.
    mutating func enter(_ directory: String) {
        path.removeSubrange(above...)
        guard !directory.isEmpty else { return }
        path.append(contentsOf: directory.utf8)
        path.append(UInt8(ascii: "/"))
    }

    /// Puts the `.gitignore` in the directory open as `descriptor`, the one gone to, in force. Returns why it cannot.
    mutating func load(at descriptor: Int32) -> String? {
        do throws(ReadFailure) {
            // git does not follow a symbolic link here either.
            let text = try readFile(at: descriptor, ".gitignore", options: O_NOFOLLOW, limit: Self.limit)
            push(text)
            return nil
        } catch {
            switch error {
            case .tooLarge: return "it has more than \(Self.limit) bytes"
            case .cannotRead(let reason): return reason
            }
        }
    }

    /// Whether the entry `name` of the directory gone to is ignored.
    mutating func ignores(_ name: UnsafeBufferPointer<UInt8>, isDirectory: Bool) -> Bool {
        guard !files.isEmpty else { return false }
        let nameStart = path.count
        path.append(contentsOf: name)
        defer { path.removeSubrange(nameStart...) }
        return path.withUnsafeBufferPointer { path in
            for file in files.reversed() {
                if let isIgnored = file.ignores(path, nameStart: nameStart, isDirectory: isDirectory) {
                    return isIgnored
                }
            }
            return false
        }
    }

    private mutating func push(_ text: [UInt8]) {
        let file = IgnoreFile(text, base: path.count)
        if !file.isEmpty { files.append(file) }
    }

    /// Puts a file outside the tree in force, if it is there and can be read.
    private mutating func load(_ file: String) {
        if let text = try? readFile(at: AT_FDCWD, file, options: O_NOFOLLOW, limit: Self.limit) { push(text) }
    }
}
