//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The users and groups of `/etc/passwd` and `/etc/group`.
struct Accounts {
    struct User: Equatable {
        /// The seven fields of passwd(5).
        var fields: [String]

        var name: String { fields[0] }
        var uid: UInt32 { UInt32(fields[2]) ?? 0 }
        var gid: UInt32 { UInt32(fields[3]) ?? 0 }
        var home: String { fields[5] }
    }

    struct Group: Equatable {
        /// The four fields of group(5).
        var fields: [String]

        var name: String { fields[0] }
        var gid: UInt32 { UInt32(fields[2]) ?? 0 }
        var members: [String] {
            get { fields[3].split(separator: ",").map(String.init) }
            set { fields[3] = newValue.joined(separator: ",") }
        }
    }

    private(set) var users: [User]
    private(set) var groups: [Group]

    init(passwd: [UInt8], group: [UInt8]) {
        users = Accounts.rows(passwd, columns: 7).map(User.init(fields:))
        groups = Accounts.rows(group, columns: 4).map(Group.init(fields:))
    }

    /// Lines of fields separated by colons; lines with another number of fields or without a number are left out.
    static func rows(_ bytes: [UInt8], columns: Int) -> [[String]] {
        lines(bytes).compactMap { line in
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
            return fields.count == columns && UInt32(fields[2]) != nil ? fields : nil
        }
    }

    func user(_ name: String) -> User? { users.first { $0.name == name } }
    func group(_ name: String) -> Group? { groups.first { $0.name == name } }
    func userName(_ uid: UInt32) -> String? { users.first { $0.uid == uid }?.name }
    func groupName(_ gid: UInt32) -> String? { groups.first { $0.gid == gid }?.name }

    /// The number of a user given by name or number.
    func userID(_ text: String) -> UInt32? { user(text)?.uid ?? UInt32(text) }

    /// The number of a group given by name or number.
    func groupID(_ text: String) -> UInt32? { group(text)?.gid ?? UInt32(text) }

    /// The first number of `range` that neither kind of account in question uses.
    func freeID(in range: some Sequence<UInt32>, users checksUsers: Bool, groups checksGroups: Bool) -> UInt32? {
        let taken = Set((checksUsers ? users.map(\.uid) : []) + (checksGroups ? groups.map(\.gid) : []))
        return range.first { !taken.contains($0) }
    }
}

extension Shell {
    func accounts() throws(ShellSignal) -> Accounts {
        Accounts(passwd: try read("/etc/passwd") ?? [], group: try read("/etc/group") ?? [])
    }

    /// Days since 1970, as shadow(5) counts a password's age.
    var today: Int64 { tree.time / 86_400 }

    /// Replaces an account file and keeps the old content under the name with `-`, as the shadow suite does.
    mutating func replaceAccounts(_ path: String, _ content: [UInt8]) throws(ShellSignal) {
        guard let old = node(path) else { throw unsupported("accounts without \(path)") }
        let bytes = try self.content(of: old)
        guard bytes != content else { return }
        tree.write(path + "-", bytes)
        if let backup = tree.place(of: path + "-")?.path, var node = tree[backup] {
            (node.mode, node.uid, node.gid) = (old.mode, old.uid, old.gid)
            tree.set(backup, node)
        }
        tree.write(path, content)
        touchLock()
    }

    private mutating func touchLock() {
        if node("/etc/.pwd.lock") == nil { tree.write("/etc/.pwd.lock", [], mode: 0o600) }
    }

    /// Appends a line to an account file, if there is one.
    mutating func appendAccount(_ path: String, _ line: String) throws(ShellSignal) {
        guard let old = try read(path) else { return }
        try replaceAccounts(path, old + Array((line + "\n").utf8))
    }

    mutating func addGroup(_ name: String, gid: UInt32) throws(ShellSignal) {
        try appendAccount("/etc/group", "\(name):x:\(gid):")
        try appendAccount("/etc/gshadow", "\(name):!::")
    }

    mutating func addUser(
        _ name: String, uid: UInt32, gid: UInt32, comment: String, home: String, shell: String
    ) throws(ShellSignal) {
        try appendAccount("/etc/passwd", "\(name):x:\(uid):\(gid):\(comment):\(home):\(shell)")
        try appendAccount("/etc/shadow", "\(name):!:\(today)::::::")
    }

    /// Makes a user a member of a group.
    mutating func addMember(_ user: String, to group: String) throws(ShellSignal) {
        for (path, column) in [("/etc/group", 3), ("/etc/gshadow", 3)] {
            guard let old = try read(path) else { continue }
            let changed = lines(old).map { line -> [UInt8] in
                var fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map(Array.init)
                guard fields.count == 4, fields[0] == Array(group.utf8) else { return Array(line) }
                let members = fields[column].split(separator: UInt8(ascii: ",")).map {
                    String(decoding: $0, as: UTF8.self)
                }
                if !members.contains(user) { fields[column] = Array((members + [user]).joined(separator: ",").utf8) }
                return Array(fields.joined(separator: [UInt8(ascii: ":")]))
            }
            try replaceAccounts(path, joined(changed))
        }
    }
}
