//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers

/// Programs that change or tell modes, owners and places of entries.
let attributeCommands: [String: ShellFunction] = [
    "chmod": changeModes, "chown": changeOwners, "chgrp": changeGroups, "setcap": setCapabilities,
    "getcap": printCapabilities, "readlink": readLink, "realpath": realPath, "dpkg-realpath": rootedRealPath,
    "dirname": directoryName, "basename": baseName, "mktemp": makeTemporary,
    "stat": printAttributes,
]

extension Shell {
    /// Sets a mode given in octal or symbolic form.
    mutating func changeMode(of path: EntryPath, to text: String) throws(ShellSignal) {
        guard var node = tree[path] else { return }
        guard let mode = Mode.applying(text, to: node.mode, isDirectory: node.isDirectory, mask: creationMask) else {
            throw unsupported("the mode `\(text)`")
        }
        guard mode != node.mode else { return }
        node.mode = mode
        tree.set(path, node)
    }

    /// Sets the owner given as `user`, `user:group`, `:group` or `user.group`, by name or number.
    mutating func changeOwner(of path: EntryPath, to text: String) throws(ShellSignal) {
        guard var node = tree[path] else { return }
        let separator = text.utf8.firstIndex(of: UInt8(ascii: ":")) ?? text.utf8.firstIndex(of: UInt8(ascii: "."))
        let user = separator.map { String(text[..<$0]) } ?? text
        let group = separator.map { String(text[text.utf8.index(after: $0)...]) } ?? ""
        let accounts = try accounts()
        if !user.isEmpty {
            guard let uid = accounts.userID(user) else { throw unsupported("an owner that does not exist: `\(user)`") }
            node.uid = uid
        }
        if !group.isEmpty {
            guard let gid = accounts.groupID(group) else {
                throw unsupported("a group that does not exist: `\(group)`")
            }
            node.gid = gid
        }
        guard node != tree[path] else { return }
        // The kernel takes set-id bits away when a file changes hands.
        if node.isFile { node.mode &= 0o1777 }
        tree.set(path, node)
    }
}

enum Mode {
    /// The mode after `chmod text`; nil when the text is none.
    static func applying(_ text: String, to mode: UInt16, isDirectory: Bool, mask: UInt16 = 0o022) -> UInt16? {
        if let octal = UInt16(text, radix: 8), octal <= 0o7777 {
            // GNU chmod keeps a directory's set-id bits unless five digits are given.
            return isDirectory && text.utf8.count < 5 ? octal | (mode & 0o6000) : octal
        }
        var mode = mode
        for clause in text.split(separator: ",") {
            var rest = clause.utf8[...]
            var who: UInt16 = 0
            while let letter = rest.first, let bits = classes[letter] {
                who |= bits
                rest.removeFirst()
            }
            let isImplicit = who == 0
            if isImplicit { who = 0o7777 }
            guard let symbol = rest.popFirst(), "+-=".utf8.contains(symbol) else { return nil }
            var bits: UInt16 = 0
            for letter in rest {
                switch letter {
                case UInt8(ascii: "r"): bits |= 0o444
                case UInt8(ascii: "w"): bits |= 0o222
                case UInt8(ascii: "x"): bits |= 0o111
                case UInt8(ascii: "X"): if isDirectory || mode & 0o111 != 0 { bits |= 0o111 }
                case UInt8(ascii: "s"): bits |= 0o6000
                case UInt8(ascii: "t"): bits |= 0o1000
                default: return nil
                }
            }
            bits &= who
            if isImplicit { bits &= ~mask }
            switch symbol {
            case UInt8(ascii: "+"): mode |= bits
            case UInt8(ascii: "-"): mode &= ~bits
            default: mode = mode & ~(who & 0o777) | bits
            }
        }
        return mode
    }

    private static let classes: [UInt8: UInt16] = [
        UInt8(ascii: "u"): 0o4700, UInt8(ascii: "g"): 0o2070, UInt8(ascii: "o"): 0o1007, UInt8(ascii: "a"): 0o7777,
    ]
}

private let attributeFlags: Set<String> = ["R", "f", "v", "c", "h", "--no-dereference"]
private let attributeAliases = [
    "--recursive": "R", "--verbose": "v", "--changes": "c", "--silent": "f", "--quiet": "f",
]

/// Applies `change` to each operand after the first, and to what lies below it with `-R`.
private func changeAttributes(
    _ shell: inout Shell, _ arguments: [String], of program: String,
    _ change: (inout Shell, EntryPath, String) throws(ShellSignal) -> Void
) throws(ShellSignal) -> Int {
    // A mode such as `-x` is no option.
    var arguments = arguments
    var mode: String?
    if program == "chmod",
        let index = arguments.firstIndex(where: { $0.hasPrefix("-") && "rwxst".contains($0.dropFirst().first ?? "?") })
    {
        mode = arguments.remove(at: index)
    }
    let options = try Options(
        arguments, of: program, in: shell, flags: attributeFlags, valued: ["--reference", "--from"],
        aliases: attributeAliases)
    guard !options.has("--from") else { throw shell.unsupported("`\(program) --from`") }
    var operands = options.operands[...]
    if let reference = options["--reference"] {
        guard let node = shell.node(reference) else { return try shell.fail(program, "cannot access \(reference)") }
        switch program {
        case "chmod": mode = String(node.mode, radix: 8)
        case "chown": mode = "\(node.uid):\(node.gid)"
        default: mode = String(node.gid)
        }
    }
    guard let value = mode ?? operands.popFirst() else { return try shell.fail(program, "missing operand") }
    var result = 0
    for operand in operands {
        let followsLink = !options.has("h") && !options.has("--no-dereference")
        guard let path = shell.tree.place(of: shell.absolute(operand), followingLast: followsLink)?.path,
            shell.tree[path] != nil
        else {
            if shell.node(operand)?.isDirectory == true { continue }
            result = try shell.fail(program, "cannot access \(operand)")
            continue
        }
        let below =
            options.has("R") ? shell.tree.descendants(of: path).filter { shell.tree[$0]?.isSymlink == false } : []
        for path in [path] + below { try change(&shell, path, value) }
    }
    return result
}

private func changeModes(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    try changeAttributes(&shell, arguments, of: "chmod") { (shell, path, mode) throws(ShellSignal) in
        try shell.changeMode(of: path, to: mode)
    }
}

private func changeOwners(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    try changeAttributes(&shell, arguments, of: "chown") { (shell, path, owner) throws(ShellSignal) in
        try shell.changeOwner(of: path, to: owner)
    }
}

private func changeGroups(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    try changeAttributes(&shell, arguments, of: "chgrp") { (shell, path, group) throws(ShellSignal) in
        try shell.changeOwner(of: path, to: ":" + group)
    }
}

/// `setcap`: writes `security.capability` (VFS_CAP_REVISION_2, linux/capability.h).
private func setCapabilities(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(arguments, of: "setcap", in: shell, flags: ["q"])
    guard options.operands.count == 2, let path = shell.tree.place(of: shell.absolute(options.operands[1]))?.path,
        var node = shell.tree[path], node.isFile
    else { throw shell.unsupported("`setcap \(arguments.joined(separator: " "))`") }
    let numbers = [
        "cap_chown": 0, "cap_dac_override": 1, "cap_dac_read_search": 2, "cap_fowner": 3, "cap_setgid": 6,
        "cap_setuid": 7, "cap_net_bind_service": 10, "cap_net_broadcast": 11, "cap_net_admin": 12, "cap_net_raw": 13,
        "cap_ipc_lock": 14, "cap_sys_ptrace": 19, "cap_sys_admin": 21, "cap_sys_nice": 23,
    ]
    let parts = options.operands[0].split { $0 == "+" || $0 == "=" }
    guard parts.count == 2 else { throw shell.unsupported("the capability `\(options.operands[0])`") }
    var mask: UInt32 = 0
    for name in parts[0].split(separator: ",") {
        guard let number = numbers[String(name)] else { throw shell.unsupported("the capability `\(name)`") }
        mask |= 1 << UInt32(number)
    }
    func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32($0 * 8)) } }
    let flags = parts[1]
    let value =
        word(0x0200_0000 | (flags.contains("e") ? 1 : 0)) + word(flags.contains("p") ? mask : 0)
        + word(flags.contains("i") ? mask : 0) + word(0) + word(0)
    node.xattrs.removeAll { $0.name == "security.capability" }
    node.xattrs.append(ExtendedAttribute(name: "security.capability", value: value))
    node.xattrs.sort { $0.name < $1.name }
    shell.tree.set(path, node)
    return 0
}

private func printCapabilities(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    for operand in arguments where !operand.hasPrefix("-") {
        guard let node = shell.node(operand), node.xattrs.contains(where: { $0.name == "security.capability" }) else {
            continue
        }
        throw shell.unsupported("`getcap` of a file that has capabilities")
    }
    return 0
}

// MARK: Paths

private func readLink(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "readlink", in: shell, flags: ["f", "e", "m", "n", "q", "s"],
        aliases: [
            "--canonicalize": "f", "--canonicalize-existing": "e", "--canonicalize-missing": "m", "--no-newline": "n",
        ])
    let end = options.has("n") ? "" : "\n"
    for operand in options.operands {
        if options.has("f") || options.has("e") || options.has("m") {
            guard let place = shell.tree.place(of: shell.absolute(operand)),
                !options.has("e") || shell.node(operand) != nil
            else { return 1 }
            try shell.write("/" + (place.path?.description ?? "") + end)
        } else {
            guard case .symlink(let target)? = shell.node(operand, followingLast: false)?.content else { return 1 }
            try shell.write(try shell.text(target) + end)
        }
    }
    return 0
}

private func realPath(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "realpath", in: shell, flags: ["e", "m", "q"],
        aliases: ["--canonicalize-existing": "e", "--canonicalize-missing": "m"])
    for operand in options.operands {
        guard let place = shell.tree.place(of: shell.absolute(operand)), !options.has("e") || shell.node(operand) != nil
        else { return try shell.fail("realpath", "\(operand): No such file or directory") }
        try shell.write("/" + (place.path?.description ?? "") + "\n")
    }
    return 0
}

/// `dpkg-realpath`: as `realpath`, for a path of the image.
private func rootedRealPath(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "dpkg-realpath", in: shell, flags: ["z", "--zero"], valued: ["--root", "--instdir"])
    guard options["--root"] ?? "" == "" || options["--root"] == "/" else {
        throw shell.unsupported("`dpkg-realpath --root`")
    }
    for operand in options.operands {
        guard let place = shell.tree.place(of: shell.absolute(operand)) else { return 1 }
        try shell.write("/" + (place.path?.description ?? "") + (options.has("z") ? "\0" : "\n"))
    }
    return 0
}

private func directoryName(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    for path in arguments where path != "--" {
        var bytes = Array(path.utf8)
        while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else {
            try shell.write(bytes == [UInt8(ascii: "/")] ? "/\n" : ".\n")
            continue
        }
        var parent = Array(bytes[..<slash])
        while parent.last == UInt8(ascii: "/") { parent.removeLast() }
        try shell.write((parent.isEmpty ? [UInt8(ascii: "/")] : parent) + [UInt8(ascii: "\n")])
    }
    return 0
}

private func baseName(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "basename", in: shell, flags: ["a"], valued: ["s"],
        aliases: ["--suffix": "s", "--multiple": "a"])
    let takesAll = options.has("a") || options.has("s")
    let suffix = options["s"] ?? (takesAll ? "" : options.operands.dropFirst().first ?? "")
    for path in takesAll ? options.operands : Array(options.operands.prefix(1)) {
        var name = path.split(separator: "/").last.map(String.init) ?? "/"
        if name.utf8.count > suffix.utf8.count, name.hasSuffix(suffix) { name = String(name.dropLast(suffix.count)) }
        try shell.write(name + "\n")
    }
    return 0
}

private func makeTemporary(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "mktemp", in: shell, flags: ["d", "t", "u", "q", "--tmpdir"], valued: ["p"],
        aliases: ["--directory": "d"])
    var directory = options["p"] ?? "/tmp"
    if let template = options.operands.first, !options.has("t"), !options.has("p"), !options.has("--tmpdir"),
        let slash = template.lastIndex(of: "/")
    {
        directory = String(template[..<slash])
    }
    let path = shell.temporaryPath(in: directory)
    if options.has("d") {
        shell.tree.makeDirectories(path, mode: 0o700)
    } else if !options.has("u"), !shell.tree.write(shell.absolute(path), [], mode: 0o600) {
        return try shell.fail("mktemp", "cannot create a file in \(directory)")
    }
    try shell.write(path + "\n")
    return 0
}

private func printAttributes(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "stat", in: shell, flags: ["L"], valued: ["c"],
        aliases: ["--format": "c", "--printf": "c", "--dereference": "L"])
    guard let format = options["c"] else { throw shell.unsupported("`stat` without a format") }
    for operand in options.operands {
        guard let node = shell.node(operand, followingLast: options.has("L")) else {
            return try shell.fail("stat", "cannot stat \(operand)")
        }
        let accounts = try shell.accounts()
        var text = ""
        var rest = format[...]
        while let character = rest.popFirst() {
            guard character == "%", let conversion = rest.popFirst() else {
                text.append(character)
                continue
            }
            switch conversion {
            case "a": text += String(node.mode, radix: 8)
            case "u": text += String(node.uid)
            case "g": text += String(node.gid)
            case "U": text += accounts.userName(node.uid) ?? "UNKNOWN"
            case "G": text += accounts.groupName(node.gid) ?? "UNKNOWN"
            case "s": text += String(try shell.content(of: node).count)
            case "n": text += operand
            default: throw shell.unsupported("`stat` with `%\(conversion)`")
            }
        }
        try shell.write(text + "\n")
    }
    return 0
}
