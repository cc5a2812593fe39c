//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension Repository {
    /// The files of a rule, nearest to the root first, then in the order of the patterns; those below fixtures, samples
    /// and the like are left out unless the rule names them by their path.
    func files(of rule: DetectorDescription.Rule) -> [CheckoutFile] {
        // What stands at the root is asked for once.
        guard !rule.without.contains(where: { $0.hasPrefix("/") && stands($0, in: "") }) else { return [] }
        let found = rule.files.flatMap { pattern -> [CheckoutFile] in
            if pattern.contains("/") {
                let path = String(pattern.drop { $0 == "/" })
                return paths(matching: path).compactMap { checkout[$0] }
            }
            return files(matching: pattern).filter { file in
                !isSecondary(file) && (file.depth == 0 || !file.path.hasPrefix("."))
            }
        }
        var seen: Set<String> = []
        let sorted = found.enumerated().sorted { ($0.element.depth, $0.offset) < ($1.element.depth, $1.offset) }
        return sorted.map(\.element).filter { file in
            (rule.beside.isEmpty || rule.beside.contains { stands($0, in: file.directory) })
                && !rule.without.contains { stands($0, in: file.directory) } && seen.insert(file.path).inserted
        }
    }

    /// The files with a name in which `*` and `?` may stand for other characters.
    private func files(matching pattern: String) -> [CheckoutFile] {
        guard isPattern(pattern) else { return files(named: pattern) }
        // Names are grouped by what stands behind their last dot, so that few are left to compare.
        if let dot = pattern.lastIndex(of: "."), dot != pattern.startIndex {
            let ending = String(pattern[pattern.index(after: dot)...])
            if !isPattern(ending) {
                let found = files(withExtension: ending)
                let named = pattern == "*.\(ending)" ? found : found.filter { matchesShellPattern($0.name, pattern) }
                return named.count > 50 ? named : named.sorted(by: isBefore)
            }
        }
        let start = pattern.prefix { $0 != "*" && $0 != "?" }
        return checkout.files.filter { $0.name.hasPrefix(start) && matchesShellPattern($0.name, pattern) }
    }

    /// Whether a file of this name, in which `*` and `?` may stand for other characters, is in the folder; a path leads
    /// on from there, or from the root where it begins with a slash.
    private func stands(_ name: String, in directory: String) -> Bool {
        if name.hasPrefix("/") { return stands(String(name.dropFirst()), in: "") }
        if name.contains("/") { return !paths(matching: joinPath(directory, name)).isEmpty }
        guard isPattern(name) else { return contains(joinPath(directory, name)) }
        return files(in: directory).contains { matchesShellPattern($0.name, name) }
    }
}

private func isPattern(_ name: String) -> Bool { name.contains { $0 == "*" || $0 == "?" } }

/// Nearest to the root first, then by the name without its ending: `orbit.asd` before `orbit-test.asd`.
private func isBefore(_ lhs: CheckoutFile, _ rhs: CheckoutFile) -> Bool {
    if (lhs.depth, lhs.directory) != (rhs.depth, rhs.directory) {
        return (lhs.depth, lhs.directory) < (rhs.depth, rhs.directory)
    }
    func stem(_ name: String) -> Substring { name.lastIndex(of: ".").map { name[..<$0] } ?? name[...] }
    return stem(lhs.name) < stem(rhs.name)
}
