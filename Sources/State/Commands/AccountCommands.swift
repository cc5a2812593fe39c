//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Programs that make and tell users and groups.
let accountCommands: [String: ShellFunction] = [
    "adduser": { (shell, arguments) throws(ShellSignal) in try addUser(&shell, arguments) },
    "addgroup": { (shell, arguments) throws(ShellSignal) in try addUser(&shell, ["--group"] + arguments) },
    "useradd": createUser, "groupadd": createGroup, "usermod": modifyUser,
    "gpasswd": { (shell, arguments) throws(ShellSignal) in
        guard arguments.count == 3, arguments[0] == "-a" else { throw shell.unsupported("`gpasswd`") }
        try shell.addMember(arguments[1], to: arguments[2])
        return 0
    },
    "pwconv": convertPasswords, "grpconv": convertGroups,
    "pwck": { (_, _) throws(ShellSignal) in 0 }, "grpck": { (_, _) throws(ShellSignal) in 0 },
    "update-passwd": updateMasters, "getent": getEntry, "id": printIdentity, "systemd-sysusers": createSystemUsers,
    "whoami": { (shell, _) throws(ShellSignal) in
        try shell.write("root\n")
        return 0
    },
]

/// Numbers that adduser gives to system accounts (adduser.conf(5)).
private let systemNumbers: ClosedRange<UInt32> = 100...999

private func addUser(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "adduser", in: shell,
        flags: [
            "--system", "--group", "--quiet", "--no-create-home", "--disabled-password", "--disabled-login",
            "--force-badname", "--allow-bad-names", "--allow-badname", "--debug", "--allow-all-names", "--verbose",
        ],
        valued: [
            "--home", "--shell", "--gecos", "--ingroup", "--uid", "--gid", "--firstuid", "--lastuid", "--comment",
            "--stdoutmsglevel", "--stderrmsglevel", "--logmsglevel",
        ],
        aliases: ["--comment": "--gecos", "-q": "--quiet", "q": "--quiet"])
    let accounts = try shell.accounts()
    if options.operands.count == 2 {
        guard accounts.user(options.operands[0]) != nil, accounts.group(options.operands[1]) != nil else { return 1 }
        try shell.addMember(options.operands[0], to: options.operands[1])
        return 0
    }
    guard let name = options.operands.first, options.operands.count == 1 else {
        throw shell.unsupported("`adduser \(arguments.joined(separator: " "))`")
    }
    let isGroupOnly = options.has("--group") && !options.has("--system") || arguments.first == "--group"
    guard options.has("--system") || isGroupOnly else { throw shell.unsupported("`adduser` for a person") }
    if isGroupOnly {
        if accounts.group(name) != nil { return options.has("--system") ? 0 : 1 }
        let range = options.has("--system") ? systemNumbers : 1000...59_999
        guard
            let gid = options["--gid"].flatMap({ UInt32($0) }) ?? accounts.freeID(in: range, users: false, groups: true)
        else { throw shell.unsupported("`addgroup` without a free number") }
        try shell.addGroup(name, gid: gid)
        return 0
    }
    if accounts.user(name) != nil { return 0 }
    let uid: UInt32
    let gid: UInt32
    if let group = options["--ingroup"] ?? options["--gid"] {
        guard let found = accounts.groupID(group) else {
            throw shell.unsupported("the group `\(group)` does not exist")
        }
        gid = found
    } else if options.has("--group"), let existing = accounts.group(name) {
        gid = existing.gid
    } else if !options.has("--group") {
        gid = accounts.groupID("nogroup") ?? 65_534
    } else {
        gid = .max  // to be allocated
    }
    guard
        let number = options["--uid"].flatMap({ UInt32($0) })
            ?? accounts.freeID(in: systemNumbers, users: true, groups: false),
        let newGroup = accounts.freeID(in: systemNumbers, users: false, groups: true)
    else { throw shell.unsupported("`adduser` without a free number") }
    uid = number
    if gid == .max { try shell.addGroup(name, gid: newGroup) }
    let group = gid == .max ? newGroup : gid
    let home = options["--home"] ?? "/nonexistent"
    try shell.addUser(
        name, uid: uid, gid: group, comment: options["--gecos"] ?? "", home: home,
        shell: options["--shell"] ?? "/usr/sbin/nologin")
    if !options.has("--no-create-home"), home != "/nonexistent", shell.node(home) == nil {
        try makeHome(&shell, home, uid: uid, gid: group)
    }
    return 0
}

private func makeHome(_ shell: inout Shell, _ home: String, uid: UInt32, gid: UInt32) throws(ShellSignal) {
    guard shell.tree.makeDirectories(home), let place = shell.tree.place(of: home)?.path, var node = shell.tree[place]
    else {
        throw shell.unsupported("the home directory `\(home)`")
    }
    (node.uid, node.gid) = (uid, gid)
    shell.tree.set(place, node)
}

private func createGroup(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "groupadd", in: shell, flags: ["r", "f", "o"], valued: ["g", "K"],
        aliases: ["--system": "r", "--force": "f", "--gid": "g"])
    guard let name = options.operands.first else { return 2 }
    let accounts = try shell.accounts()
    if accounts.group(name) != nil { return options.has("f") ? 0 : 9 }
    // The shadow suite looks for system numbers from the top.
    let free =
        options.has("r")
        ? accounts.freeID(in: systemNumbers.reversed(), users: false, groups: true)
        : accounts.freeID(in: 1000...60_000, users: false, groups: true)
    guard let gid = options["g"].flatMap({ UInt32($0) }) ?? free else { return 4 }
    try shell.addGroup(name, gid: gid)
    return 0
}

private func createUser(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "useradd", in: shell, flags: ["r", "M", "N", "U", "m", "l", "o"],
        valued: ["u", "g", "d", "s", "c", "G", "K", "p", "b"],
        aliases: [
            "--system": "r", "--no-create-home": "M", "--no-user-group": "N", "--user-group": "U", "--uid": "u",
            "--gid": "g", "--home-dir": "d", "--home": "d", "--shell": "s", "--comment": "c", "--groups": "G",
            "--create-home": "m", "--no-log-init": "l",
        ])
    guard let name = options.operands.first, options.has("r"), !options.has("p") else {
        throw shell.unsupported("`useradd \(arguments.joined(separator: " "))`")
    }
    var accounts = try shell.accounts()
    if accounts.user(name) != nil { return 9 }
    guard
        let uid = options["u"].flatMap({ UInt32($0) })
            ?? accounts.freeID(
                in: systemNumbers.reversed(), users: true, groups: !options.has("g") && !options.has("N"))
    else { return 4 }
    let gid: UInt32
    if let group = options["g"] {
        guard let number = accounts.groupID(group) else { return 6 }
        gid = number
    } else if options.has("N") {
        gid = 100
    } else {
        gid = uid
        try shell.addGroup(name, gid: uid)
        accounts = try shell.accounts()
    }
    let home = options["d"] ?? "/home/" + name
    try shell.addUser(
        name, uid: uid, gid: gid, comment: options["c"] ?? "", home: home, shell: options["s"] ?? "/bin/sh")
    for group in (options["G"] ?? "").split(separator: ",") { try shell.addMember(name, to: String(group)) }
    if options.has("m"), shell.node(home) == nil { try makeHome(&shell, home, uid: uid, gid: gid) }
    return 0
}

private func modifyUser(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "usermod", in: shell, flags: ["a", "L"], valued: ["G", "d", "s", "c", "g"],
        aliases: [
            "--append": "a", "--groups": "G", "--home": "d", "--shell": "s", "--comment": "c", "--gid": "g",
            "--lock": "L",
        ])
    guard let name = options.operands.first else { return 2 }
    let accounts = try shell.accounts()
    guard accounts.user(name) != nil else { return 6 }
    if let groups = options["G"] {
        guard options.has("a") else { throw shell.unsupported("`usermod -G` without `-a`") }
        for group in groups.split(separator: ",") {
            guard accounts.group(String(group)) != nil else { return 6 }
            try shell.addMember(name, to: String(group))
        }
    }
    let replaced = [
        3: options["g"].flatMap { accounts.groupID($0) }.map { String($0) }, 4: options["c"], 5: options["d"],
        6: options["s"],
    ]
    let rows = lines(try shell.read("/etc/passwd") ?? []).map { line -> String in
        var fields = String(decoding: line, as: UTF8.self).split(separator: ":", omittingEmptySubsequences: false).map(
            String.init)
        guard fields.count == 7, fields[0] == name else { return String(decoding: line, as: UTF8.self) }
        for column in 3...6 { if let value = replaced[column] ?? nil { fields[column] = value } }
        return fields.joined(separator: ":")
    }
    try shell.replaceAccounts("/etc/passwd", joined(rows.map(\.utf8)))
    return 0
}

// MARK: Shadow

/// `pwconv`: passwords move to `/etc/shadow`, with the ages of `/etc/login.defs`.
private func convertPasswords(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let known = lines(try shell.read("/etc/shadow") ?? []).map { String(decoding: $0, as: UTF8.self) }
    let names = Set(known.compactMap { $0.split(separator: ":").first.map(String.init) })
    var shadow = known
    var passwd: [String] = []
    let minimum = try loginDefault("PASS_MIN_DAYS", shell)
    let maximum = try loginDefault("PASS_MAX_DAYS", shell)
    let warning = try loginDefault("PASS_WARN_AGE", shell)
    for user in try shell.accounts().users {
        var fields = user.fields
        if !names.contains(user.name) {
            shadow.append("\(user.name):\(fields[1]):\(shell.today):\(minimum):\(maximum):\(warning):::")
        }
        fields[1] = "x"
        passwd.append(fields.joined(separator: ":"))
    }
    if shell.node("/etc/shadow") == nil {
        shell.tree.write("/etc/shadow", joined(shadow.map(\.utf8)), mode: 0o600)
    } else {
        try shell.replaceAccounts("/etc/shadow", joined(shadow.map(\.utf8)))
    }
    try shell.replaceAccounts("/etc/passwd", joined(passwd.map(\.utf8)))
    return 0
}

private func loginDefault(_ key: String, _ shell: Shell) throws(ShellSignal) -> String {
    for line in lines(try shell.read("/etc/login.defs") ?? []) {
        let words = line.split { $0 == 0x20 || $0 == 0x09 }
        if words.count == 2, words[0].elementsEqual(key.utf8) { return String(decoding: words[1], as: UTF8.self) }
    }
    return ""
}

/// `grpconv`: group passwords move to `/etc/gshadow`.
private func convertGroups(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let known = lines(try shell.read("/etc/gshadow") ?? []).map { String(decoding: $0, as: UTF8.self) }
    let names = Set(known.compactMap { $0.split(separator: ":").first.map(String.init) })
    var shadow = known
    var groups: [String] = []
    for group in try shell.accounts().groups {
        var fields = group.fields
        if !names.contains(group.name) { shadow.append("\(group.name):\(fields[1])::\(fields[3])") }
        fields[1] = "x"
        groups.append(fields.joined(separator: ":"))
    }
    if shell.node("/etc/gshadow") == nil {
        shell.tree.write("/etc/gshadow", joined(shadow.map(\.utf8)), mode: 0o600)
    } else {
        try shell.replaceAccounts("/etc/gshadow", joined(shadow.map(\.utf8)))
    }
    try shell.replaceAccounts("/etc/group", joined(groups.map(\.utf8)))
    return 0
}

/// `update-passwd`: on a new system the files are copies of the masters, and nothing is to be done.
private func updateMasters(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let masters = Accounts(
        passwd: try shell.read("/usr/share/base-passwd/passwd.master") ?? [],
        group: try shell.read("/usr/share/base-passwd/group.master") ?? [])
    let accounts = try shell.accounts()
    let isComplete =
        masters.users.allSatisfy { accounts.user($0.name)?.uid == $0.uid }
        && masters.groups.allSatisfy { accounts.group($0.name)?.gid == $0.gid }
    guard isComplete else { throw shell.unsupported("`update-passwd` with accounts that differ from the masters") }
    return 0
}

// MARK: Telling

private func getEntry(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    guard let database = arguments.first else { return 1 }
    let accounts = try shell.accounts()
    let rows: [[String]]
    switch database {
    case "passwd": rows = accounts.users.map(\.fields)
    case "group": rows = accounts.groups.map(\.fields)
    default: throw shell.unsupported("`getent \(database)`")
    }
    var result = 0
    let keys = arguments.dropFirst()
    if keys.isEmpty { try shell.write(rows.map { $0.joined(separator: ":") + "\n" }.joined()) }
    for key in keys {
        guard let row = rows.first(where: { $0[0] == key || $0[2] == key }) else {
            result = 2
            continue
        }
        try shell.write(row.joined(separator: ":") + "\n")
    }
    return result
}

private func printIdentity(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "id", in: shell, flags: ["u", "g", "n", "G"],
        aliases: ["--user": "u", "--group": "g", "--name": "n"])
    let accounts = try shell.accounts()
    let name = options.operands.first ?? "root"
    guard
        let user = accounts.user(name)
            ?? (name == "root" ? Accounts.User(fields: ["root", "x", "0", "0", "", "/root", ""]) : nil)
    else { return try shell.fail("id", "'\(name)': no such user") }
    if options.has("u") {
        try shell.write((options.has("n") ? user.name : String(user.uid)) + "\n")
    } else if options.has("g") {
        try shell.write((options.has("n") ? accounts.groupName(user.gid) ?? String(user.gid) : String(user.gid)) + "\n")
    } else {
        let groups = [user.gid] + accounts.groups.filter { $0.members.contains(name) }.map(\.gid)
        let text = groups.map { options.has("n") ? accounts.groupName($0) ?? String($0) : String($0) }
        try shell.write(
            options.has("G") ? text.joined(separator: " ") + "\n" : "uid=\(user.uid)(\(user.name)) gid=\(user.gid)\n")
    }
    return 0
}

// MARK: sysusers.d

/// `systemd-sysusers FILE…` (sysusers.d(5)): the lines `u`, `g` and `m`.
private func createSystemUsers(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(arguments, of: "systemd-sysusers", in: shell, valued: ["--replace"])
    for operand in options.operands {
        let candidates =
            operand.hasPrefix("/") ? [operand] : ["/etc/sysusers.d/", "/usr/lib/sysusers.d/"].map { $0 + operand }
        var content: [UInt8]?
        for path in candidates where content == nil { content = try shell.read(path) }
        guard let content else { return 1 }
        for line in lines(content) {
            let words = quotedWords(String(decoding: line, as: UTF8.self))
            guard let kind = words.first, !kind.hasPrefix("#") else { continue }
            try createSystemAccount(&shell, String(kind.prefix(1)), words)
        }
    }
    return 0
}

private func createSystemAccount(_ shell: inout Shell, _ kind: String, _ words: [String]) throws(ShellSignal) {
    func word(_ index: Int) -> String? { index < words.count && words[index] != "-" ? words[index] : nil }
    guard let name = word(1) else {
        throw shell.unsupported("the line `\(words.joined(separator: " "))` of sysusers.d")
    }
    let accounts = try shell.accounts()
    switch kind {
    case "g":
        guard accounts.group(name) == nil else { return }
        guard
            let gid = word(2).flatMap({ UInt32($0) })
                ?? accounts.freeID(in: systemNumbers.reversed(), users: true, groups: true)
        else { throw shell.unsupported("the group `\(name)` of sysusers.d") }
        try shell.addGroup(name, gid: gid)
    case "u":
        guard accounts.user(name) == nil else { return }
        let parts = (word(2) ?? "").split(separator: ":").map(String.init)
        let number = parts.first.flatMap { UInt32($0) }
        guard
            let uid = number ?? accounts.group(name)?.gid
                ?? accounts.freeID(in: systemNumbers.reversed(), users: true, groups: true)
        else { throw shell.unsupported("the user `\(name)` of sysusers.d") }
        var gid = accounts.group(name)?.gid ?? uid
        if parts.count == 2 {
            guard let given = accounts.groupID(parts[1]) else {
                throw shell.unsupported("the group `\(parts[1])` of sysusers.d")
            }
            gid = given
        } else if accounts.group(name) == nil {
            try shell.addGroup(name, gid: uid)
        }
        try shell.addUser(
            name, uid: uid, gid: gid, comment: word(3) ?? "", home: word(4) ?? "/",
            shell: word(5) ?? "/usr/sbin/nologin")
    case "m":
        guard let group = word(2) else { return }
        try shell.addMember(name, to: group)
    default: throw shell.unsupported("the line `\(words.joined(separator: " "))` of sysusers.d")
    }
}

/// Words separated by blanks, in which double quotes hold blanks together.
private func quotedWords(_ line: String) -> [String] {
    var words: [String] = []
    var current: String?
    var isQuoted = false
    for character in line {
        if character == "\"" {
            isQuoted.toggle()
            current = current ?? ""
        } else if !isQuoted, character == " " || character == "\t" {
            if let current { words.append(current) }
            current = nil
        } else {
            current = (current ?? "") + String(character)
        }
    }
    return words + (current.map { [$0] } ?? [])
}
