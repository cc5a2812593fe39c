//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers

/// Programs that make, copy, move and remove entries.
let fileCommands: [String: ShellFunction] = [
    "mkdir": makeDirectory, "rm": remove, "rmdir": removeDirectory, "unlink": remove, "mv": move, "cp": copy,
    "ln": link,
    "touch": touch, "install": install,
]

extension Shell {
    /// Says what went wrong on standard error and returns 1, as most programs do.
    mutating func fail(_ program: String, _ message: String) throws(ShellSignal) -> Int {
        try write("\(program): \(message)\n", to: 2)
        return 1
    }

    /// The canonical path of an existing entry, without following a link at its end.
    func entry(_ path: String) -> EntryPath? {
        guard let place = tree.place(of: absolute(path), followingLast: false)?.path, tree[place] != nil else {
            return nil
        }
        return place
    }

    /// Where `source` lands when it is copied, moved or linked to `target`.
    func destination(of source: String, _ target: String, isFile: Bool) throws(ShellSignal) -> EntryPath? {
        var path = absolute(target)
        if !isFile, node(target)?.isDirectory == true {
            path += "/" + (source.split(separator: "/").last.map(String.init) ?? "")
        }
        return tree.place(of: path, followingLast: false)?.path
    }

    /// Removes an entry with everything below it.
    mutating func removeTree(_ path: EntryPath) {
        for below in tree.descendants(of: path).reversed() { tree.set(below, nil) }
        tree.set(path, nil)
    }
}

private func makeDirectory(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "mkdir", in: shell, flags: ["p", "v", "Z"], valued: ["m"],
        aliases: ["--parents": "p", "--mode": "m", "--verbose": "v"])
    var result = 0
    for operand in options.operands {
        let path = shell.absolute(operand)
        let existed = shell.node(operand)
        if let existed {
            if !options.has("p") || !existed.isDirectory { result = try shell.fail("mkdir", "\(operand) exists") }
            continue
        }
        if options.has("p") {
            guard shell.tree.makeDirectories(path, mode: 0o777 & ~shell.creationMask) else {
                result = try shell.fail("mkdir", "cannot create \(operand)")
                continue
            }
        } else {
            guard let place = shell.tree.place(of: path)?.path,
                place.parent.map({ shell.tree[$0]?.isDirectory == true }) ?? true
            else {
                result = try shell.fail("mkdir", "cannot create \(operand)")
                continue
            }
            shell.tree.set(
                place, FileTree.Node(content: .directory, mode: 0o777 & ~shell.creationMask, mtime: shell.tree.time))
        }
        if let mode = options["m"], let place = shell.tree.place(of: path)?.path {
            try shell.changeMode(of: place, to: mode)
        }
    }
    return result
}

private func remove(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "rm", in: shell, flags: ["r", "f", "v", "d", "--one-file-system"],
        aliases: ["R": "r", "--recursive": "r", "--force": "f", "--verbose": "v"])
    var result = 0
    for operand in options.operands {
        guard let path = shell.entry(operand), let node = shell.tree[path] else {
            if !options.has("f") { result = try shell.fail("rm", "\(operand): No such file or directory") }
            continue
        }
        if node.isDirectory, !options.has("r"),
            !(options.has("d") && shell.tree.entries(of: .entry(path)).isEmpty)
        {
            result = try shell.fail("rm", "\(operand): Is a directory")
            continue
        }
        shell.removeTree(path)
    }
    return result
}

private func removeDirectory(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "rmdir", in: shell, flags: ["p", "v", "--ignore-fail-on-non-empty"],
        aliases: ["--parents": "p", "--verbose": "v"])
    var result = 0
    for operand in options.operands {
        var path = shell.entry(operand)
        repeat {
            guard let here = path, shell.tree[here]?.isDirectory == true,
                shell.tree.entries(of: .entry(here)).isEmpty
            else {
                if !options.has("--ignore-fail-on-non-empty") {
                    result = try shell.fail("rmdir", "cannot remove \(operand)")
                }
                break
            }
            shell.tree.set(here, nil)
            path = here.parent
        } while options.has("p") && path != nil
    }
    return result
}

private func move(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "mv", in: shell, flags: ["f", "n", "v", "T", "i", "Z"], valued: ["t"],
        aliases: [
            "--force": "f", "--no-clobber": "n", "--verbose": "v", "--no-target-directory": "T",
            "--target-directory": "t",
        ])
    var operands = options.operands
    guard let target = options["t"] ?? operands.popLast(), !operands.isEmpty else {
        return try shell.fail("mv", "missing operand")
    }
    var result = 0
    for operand in operands {
        guard let source = shell.entry(operand),
            let destination = try shell.destination(of: operand, target, isFile: options.has("T"))
        else {
            result = try shell.fail("mv", "cannot move \(operand)")
            continue
        }
        if destination == source || (options.has("n") && shell.tree[destination] != nil) { continue }
        shell.rename(source, to: destination)
    }
    return result
}

extension Shell {
    /// Moves an entry with everything below it, replacing what stands at the new path.
    mutating func rename(_ source: EntryPath, to destination: EntryPath) {
        let below = tree.descendants(of: source)
        if tree[destination] != nil { removeTree(destination) }
        for path in [source] + below {
            guard let node = tree[path] else { continue }
            let suffix = path.bytes.dropFirst(source.bytes.count)
            if let moved = EntryPath(destination.bytes + suffix) { tree.set(moved, node) }
        }
        for path in below.reversed() + [source] { tree.set(path, nil) }
    }
}

private func copy(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "cp", in: shell,
        flags: ["a", "p", "f", "r", "d", "v", "T", "L", "P", "n", "u", "i", "H", "Z", "--remove-destination"],
        valued: ["t", "--preserve", "--no-preserve"],
        aliases: [
            "R": "r", "--archive": "a", "--force": "f", "--recursive": "r", "--verbose": "v", "--no-clobber": "n",
            "--no-target-directory": "T", "--dereference": "L", "--no-dereference": "P", "--update": "u",
        ].merging(["-p": "p"]) { first, _ in first })
    var operands = options.operands
    guard let target = options["t"] ?? operands.popLast(), !operands.isEmpty else {
        return try shell.fail("cp", "missing operand")
    }
    let preserves = options.has("a") || options.has("p") || options.has("--preserve")
    let keepsLinks = options.has("a") || options.has("d") || options.has("P")
    let isRecursive = options.has("a") || options.has("r")
    var result = 0
    for operand in operands {
        guard let found = shell.entry(operand), var node = shell.tree[found] else {
            result = try shell.fail("cp", "cannot stat \(operand)")
            continue
        }
        var source = found
        if node.isSymlink, !keepsLinks, !isRecursive || options.has("L"),
            let followed = shell.tree.place(of: shell.absolute(operand))?.path, let target = shell.tree[followed]
        {
            (source, node) = (followed, target)
        }
        if node.isDirectory, !isRecursive {
            result = try shell.fail("cp", "-r not specified; omitting directory \(operand)")
            continue
        }
        guard var destination = try shell.destination(of: operand, target, isFile: options.has("T")),
            destination.parent.map({ shell.tree[$0]?.isDirectory == true }) ?? true
        else {
            result = try shell.fail("cp", "cannot create \(target)")
            continue
        }
        if shell.tree[destination]?.isSymlink == true, !node.isSymlink, !options.has("--remove-destination"),
            let followed = shell.tree.place(of: "/" + destination.description)?.path
        {
            destination = followed
        }
        if options.has("n"), shell.tree[destination] != nil { continue }
        try shell.copyTree(source, to: destination, preserving: preserves)
    }
    return result
}

extension Shell {
    fileprivate mutating func copyTree(
        _ source: EntryPath, to destination: EntryPath, preserving: Bool
    ) throws(ShellSignal) {
        guard !destination.isBelow(source) else { throw unsupported("a copy of a directory into itself") }
        for path in [source] + tree.descendants(of: source) {
            guard let node = tree[path],
                let copied = EntryPath(destination.bytes + path.bytes.dropFirst(source.bytes.count))
            else { continue }
            place(node, at: copied, preserving: preserving)
        }
    }

    /// Puts a copy of a node at a path; onto a file that is there, only its content unless `preserving`.
    fileprivate mutating func place(_ node: FileTree.Node, at path: EntryPath, preserving: Bool) {
        var copy = node
        if !preserving {
            copy.xattrs = []
            copy.mtime = tree.time
            if let old = tree[path], old.isFile, node.isFile {
                (copy.mode, copy.uid, copy.gid) = (old.mode, old.uid, old.gid)
            } else {
                if !node.isSymlink { copy.mode = node.mode & 0o777 & ~creationMask }
                (copy.uid, copy.gid) = (0, 0)
            }
        }
        if node.isDirectory, tree[path]?.isDirectory == true { return }
        tree.set(path, copy)
    }
}

private func link(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "ln", in: shell, flags: ["s", "f", "n", "r", "v", "T", "i"], valued: ["t"],
        aliases: [
            "--symbolic": "s", "--force": "f", "--no-dereference": "n", "--relative": "r", "--verbose": "v",
            "--no-target-directory": "T", "h": "n",
        ])
    var operands = options.operands
    if operands.count == 1, !options.has("t") { operands.append(".") }
    guard let target = options["t"] ?? operands.popLast(), !operands.isEmpty else {
        return try shell.fail("ln", "missing operand")
    }
    var result = 0
    for operand in operands {
        let replacesLink = options.has("n") && shell.node(target, followingLast: false)?.isSymlink == true
        guard let place = try shell.destination(of: operand, target, isFile: options.has("T") || replacesLink),
            place.parent.map({ shell.tree[$0]?.isDirectory == true }) ?? true
        else {
            result = try shell.fail("ln", "cannot create \(target)")
            continue
        }
        if let old = shell.tree[place], !options.has("f") || old.isDirectory {
            result = try shell.fail("ln", "failed to create link \(place): File exists")
            continue
        }
        if options.has("s") {
            let text = options.has("r") ? try shell.relative(operand, from: place) : operand
            shell.tree.symlink("/" + place.description, to: text)
        } else {
            guard let source = shell.entry(operand), let node = shell.tree[source], node.isFile else {
                result = try shell.fail("ln", "cannot link \(operand)")
                continue
            }
            if source != place { shell.tree.set(place, node) }
        }
    }
    return result
}

extension Shell {
    /// `path` as seen from the directory that holds `link`.
    func relative(_ path: String, from link: EntryPath) throws(ShellSignal) -> String {
        guard let target = tree.place(of: absolute(path))?.path else { throw unsupported("`ln -r` to \(path)") }
        let to = target.bytes.split(separator: UInt8(ascii: "/")).map(Array.init)
        let from = (link.parent?.bytes ?? []).split(separator: UInt8(ascii: "/")).map(Array.init)
        let common = zip(to, from).prefix { $0 == $1 }.count
        let up = [[UInt8]](repeating: Array("..".utf8), count: from.count - common)
        return try text((up + to[common...]).joined(separator: [UInt8(ascii: "/")]))
    }
}

private func touch(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "touch", in: shell, flags: ["a", "m", "c", "h"], valued: ["r", "d", "t"],
        aliases: ["--no-dereference": "h", "--no-create": "c", "--reference": "r", "--date": "d"])
    var result = 0
    for operand in options.operands
    where shell.node(operand, followingLast: !options.has("h")) == nil && !options.has("c") && !options.has("h") {
        if !shell.tree.write(shell.absolute(operand), [], mode: 0o666 & ~shell.creationMask) {
            result = try shell.fail("touch", "cannot touch \(operand)")
        }
    }
    return result
}

private func install(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "install", in: shell, flags: ["d", "D", "p", "T", "v", "c", "C", "Z"],
        valued: ["m", "o", "g", "t"],
        aliases: [
            "--directory": "d", "--mode": "m", "--owner": "o", "--group": "g", "--preserve-timestamps": "p",
            "--no-target-directory": "T", "--target-directory": "t", "--verbose": "v", "--compare": "C",
        ])
    var made: [String] = []
    if options.has("d") {
        for operand in options.operands {
            guard shell.tree.makeDirectories(shell.absolute(operand)) else {
                return try shell.fail("install", "cannot create \(operand)")
            }
            made.append(operand)
        }
    } else {
        var operands = options.operands
        guard let target = options["t"] ?? operands.popLast(), !operands.isEmpty else {
            return try shell.fail("install", "missing operand")
        }
        for operand in operands {
            guard let content = try shell.read(operand) else {
                return try shell.fail("install", "cannot stat \(operand)")
            }
            if options.has("D"), let slash = target.lastIndex(of: "/") {
                shell.tree.makeDirectories(shell.absolute(String(target[..<slash])))
            }
            guard let place = try shell.destination(of: operand, target, isFile: options.has("T")) else {
                return try shell.fail("install", "cannot create \(target)")
            }
            shell.tree.set(place, nil)
            guard shell.tree.write("/" + place.description, content, mode: 0o755) else {
                return try shell.fail("install", "cannot create \(target)")
            }
            made.append("/" + place.description)
        }
    }
    for path in made {
        guard let place = shell.tree.place(of: shell.absolute(path))?.path else { continue }
        if let owner = options["o"] { try shell.changeOwner(of: place, to: owner) }
        if let group = options["g"] { try shell.changeOwner(of: place, to: ":" + group) }
        try shell.changeMode(of: place, to: options["m"] ?? "755")
    }
    return 0
}
