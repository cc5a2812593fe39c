//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What turns the lines `old` into `new`, as `diff -u` prints it, three lines of context around each change; empty where
/// they are equal.
public func unifiedDifference(from old: [String], to new: [String], name: String) -> String {
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in new.difference(from: old) {
        switch change {
        case .remove(let offset, _, _): removed.insert(offset)
        case .insert(let offset, _, _): inserted.insert(offset)
        }
    }
    if removed.isEmpty && inserted.isEmpty { return "" }

    // Every line of both texts once, in order, with its number in the one it comes from.
    var rows: [(mark: Character, text: String, old: Int, new: Int)] = []
    var left = 0
    var right = 0
    while left < old.count || right < new.count {
        if removed.contains(left) {
            rows.append(("-", old[left], left, right))
            left += 1
        } else if inserted.contains(right) {
            rows.append(("+", new[right], left, right))
            right += 1
        } else {
            rows.append((" ", old[left], left, right))
            left += 1
            right += 1
        }
    }
    var lines = ["--- \(name)", "+++ \(name)"]
    let context = 3
    var index = 0
    while let change = rows[index...].firstIndex(where: { $0.mark != " " }) {
        let start = max(index, change - context)
        var end = change + 1
        // Changes with few lines between them share a hunk.
        while let next = rows[end...].firstIndex(where: { $0.mark != " " }), next - end <= 2 * context {
            end = next + 1
        }
        end = min(end + context, rows.count)
        let hunk = rows[start..<end]
        let before = hunk.count { $0.mark != "+" }
        let after = hunk.count { $0.mark != "-" }
        lines.append("@@ -\(rows[start].old + 1),\(before) +\(rows[start].new + 1),\(after) @@")
        lines += hunk.map { "\($0.mark)\($0.text)" }
        index = end
        if index >= rows.count { break }
    }
    return lines.joined(separator: "\n")
}
