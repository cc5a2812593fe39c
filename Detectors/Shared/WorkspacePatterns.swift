//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// The folders that a workspace names as its members, by patterns in which `*` stays within a folder and `**` does not.
struct WorkspacePatterns {
    private var included: [(parts: [String], line: Int)] = []
    private var excluded: [[String]] = []

    /// Adds a pattern; one that begins with `!` takes folders out again. Alternatives in braces make several.
    mutating func add(_ pattern: String, line: Int) {
        let isNegated = pattern.hasPrefix("!")
        for pattern in alternatives(isNegated ? String(pattern.dropFirst()) : pattern) {
            let parts = pattern.split(separator: "/").map(String.init).filter { $0 != "." }
            if isNegated { excluded.append(parts) } else { included.append((parts, line)) }
        }
    }

    var isEmpty: Bool { included.isEmpty }

    /// The line of the pattern that names `directory`, a path relative to the workspace; nil where none does.
    func line(naming directory: String) -> Int? {
        let parts = directory.split(separator: "/").map(String.init)
        guard let line = included.first(where: { matches(parts, $0.parts) })?.line else { return nil }
        return excluded.contains { matches(parts, $0) } ? nil : line
    }
}

/// Whether the parts of a path match those of a pattern.
private func matches(_ path: [String], _ pattern: [String]) -> Bool {
    // How many parts of the path may have been matched.
    var counts: Set<Int> = [0]
    for part in pattern {
        if part == "**" {
            counts = Set((counts.min() ?? path.count)...path.count)
        } else {
            counts = Set(counts.filter { $0 < path.count && matchesShellPattern(path[$0], part) }.map { $0 + 1 })
        }
        if counts.isEmpty { return false }
    }
    return counts.contains(path.count)
}

/// `{apps,packages}/*` as `apps/*` and `packages/*`.
private func alternatives(_ pattern: String) -> [String] {
    var results = [""]
    var rest = pattern[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
        let before = rest[..<open]
        let choices = rest[rest.index(after: open)..<close].split(separator: ",", omittingEmptySubsequences: false)
        results = results.flatMap { result in choices.map { result + before + $0 } }
        rest = rest[rest.index(after: close)...]
        if results.count > 100 { break }
    }
    return results.map { $0 + rest }
}
