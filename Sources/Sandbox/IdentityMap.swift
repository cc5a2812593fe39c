//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// The lines of a user namespace's `uid_map` or `gid_map`: user_namespaces(7).
struct IdentityMap: Equatable {
    struct Range: Equatable {
        var inside: UInt32
        var outside: UInt32
        var count: UInt32
    }

    var ranges: [Range]

    /// The map as the kernel and, in one line, newuidmap(1) take it.
    var text: String {
        ranges.map { "\($0.inside) \($0.outside) \($0.count)\n" }.joined()
    }

    /// Root inside is `id` outside; the numbers from 1 on are the subordinate ones which `table`, in the form of
    /// subuid(5), has for `owners`, the user's name or number. Nil if it has none.
    init?(root id: UInt32, owners: [String], table: String) {
        ranges = [Range(inside: 0, outside: id, count: 1)]
        var next: UInt32 = 1
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 3, owners.contains(String(fields[0])), let start = UInt32(fields[1]),
                let count = UInt32(fields[2]), count > 0, !start.addingReportingOverflow(count).overflow
            else { continue }
            let (end, overflow) = next.addingReportingOverflow(count)
            if overflow { break }
            ranges.append(Range(inside: next, outside: start, count: count))
            next = end
        }
        if ranges.count == 1 { return nil }
    }

    /// Everybody who is in `current`, the text of this process's own map, under the same number.
    init?(everybodyIn current: String) {
        ranges = current.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ").compactMap { UInt32($0) }
            guard fields.count == 3, fields[2] > 0 else { return nil }
            return Range(inside: fields[0], outside: fields[0], count: fields[2])
        }
        if ranges.isEmpty { return nil }
    }
}

/// The two maps of a user namespace with more than one user.
struct IdentityMaps {
    var users: IdentityMap
    var groups: IdentityMap
    /// Whether the kernel takes them from this process; if not, newuidmap(1) and newgidmap(1) write them.
    var isPrivileged: Bool

    /// The maps the caller is entitled to; nil if it has no subordinate numbers.
    static func forCaller() -> IdentityMaps? {
        if geteuid() == 0 {
            guard let users = IdentityMap(everybodyIn: readText("/proc/self/uid_map") ?? ""),
                let groups = IdentityMap(everybodyIn: readText("/proc/self/gid_map") ?? "")
            else { return nil }
            return IdentityMaps(users: users, groups: groups, isPrivileged: true)
        }
        let owners = [userName(), "\(getuid())"]
        guard let users = IdentityMap(root: getuid(), owners: owners, table: readText("/etc/subuid") ?? ""),
            let groups = IdentityMap(root: getgid(), owners: owners, table: readText("/etc/subgid") ?? "")
        else { return nil }
        return IdentityMaps(users: users, groups: groups, isPrivileged: false)
    }

    /// The caller's name, or its number if it has none.
    static func userName() -> String {
        var entry = passwd()
        var buffer = [CChar](repeating: 0, count: 16384)
        var result: UnsafeMutablePointer<passwd>?
        guard getpwuid_r(getuid(), &entry, &buffer, buffer.count, &result) == 0, result != nil, let name = entry.pw_name
        else { return "\(getuid())" }
        return String(cString: name)
    }
}
