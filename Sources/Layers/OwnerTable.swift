//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The numbers of the users and groups that packages name.
///
/// Archives name owners as text; the numbers beside are those of the machine where a package was built.
public struct OwnerTable: Hashable, Sendable {
    /// Users by name.
    public var users: [String: UInt32]
    /// Groups by name.
    public var groups: [String: UInt32]

    /// A table.
    public init(users: [String: UInt32], groups: [String: UInt32]) {
        self.users = users
        self.groups = groups
    }

    /// The users and groups that are the same on every Debian system (`base-passwd`, ids 0 to 99 and 65534).
    public static let basePasswd = OwnerTable(
        users: [
            "root": 0, "daemon": 1, "bin": 2, "sys": 3, "sync": 4, "games": 5, "man": 6, "lp": 7, "mail": 8, "news": 9,
            "uucp": 10, "proxy": 13, "www-data": 33, "backup": 34, "list": 38, "irc": 39, "gnats": 41, "_apt": 42,
            "nobody": 65534,
        ],
        groups: [
            "root": 0, "daemon": 1, "bin": 2, "sys": 3, "adm": 4, "tty": 5, "disk": 6, "lp": 7, "mail": 8, "news": 9,
            "uucp": 10, "man": 12, "proxy": 13, "kmem": 15, "dialout": 20, "fax": 21, "voice": 22, "cdrom": 24,
            "floppy": 25, "tape": 26, "sudo": 27, "audio": 29, "dip": 30, "www-data": 33, "backup": 34, "operator": 37,
            "list": 38, "irc": 39, "src": 40, "gnats": 41, "shadow": 42, "utmp": 43, "video": 44, "sasl": 45,
            "plugdev": 46, "staff": 50, "games": 60, "users": 100, "nogroup": 65534,
        ])

    /// The number of an owner: that of its name where the table has it, else the archive's own.
    static func resolve(_ name: [UInt8], _ number: Int64, in table: [String: UInt32]) -> UInt32? {
        table[String(decoding: name, as: UTF8.self)] ?? UInt32(exactly: number)
    }
}
