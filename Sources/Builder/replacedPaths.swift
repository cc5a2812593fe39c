//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Debian
import Layers

/// The paths that each package loses to another one that says it `Replaces` it.
func replacedPaths(
    _ packages: [(package: BinaryPackage, fragment: Fragment)]
) throws(DebianError) -> [String: Set<EntryPath>] {
    var owner: [EntryPath: Int] = [:]
    var lost: [String: Set<EntryPath>] = [:]
    var replaces: [Int: Set<String>] = [:]
    for (number, item) in packages.enumerated() {
        for member in item.fragment.members {
            guard let other = owner[member.entry.path] else {
                owner[member.entry.path] = number
                continue
            }
            func isReplaced(_ loser: Int, by winner: Int) throws(DebianError) -> Bool {
                if replaces[winner] == nil {
                    let names = try packages[winner].package.relations("Replaces").flatMap(\.alternatives).map(\.name)
                    replaces[winner] = Set(names)
                }
                return replaces[winner]?.contains(packages[loser].package.name) ?? false
            }
            if try isReplaced(other, by: number) {
                lost[packages[other].package.name, default: []].insert(member.entry.path)
                owner[member.entry.path] = number
            } else if try isReplaced(number, by: other) {
                lost[item.package.name, default: []].insert(member.entry.path)
            }
        }
    }
    return lost
}
