//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout

extension Checkout {
    /// The paths that match `pattern`, in which `*` stays within a folder and `**` does not; the pattern itself where it
    /// is a path.
    func paths(matching pattern: String) -> [String] {
        if !pattern.contains("*"), !pattern.contains("?") { return self[pattern] == nil ? [] : [pattern] }
        let parts = pattern.split(separator: "/").map(String.init)
        let folders = parts.prefix { !$0.contains("*") && !$0.contains("?") }
        let name = parts.last == "**" ? nil : parts.last
        // Cutting every path costs most, so that the folder and the name are compared first.
        return files(below: folders.joined(separator: "/")).filter { file in
            name.map { matchesShellPattern(file.name, $0) } ?? true
        }.map(\.path).filter { matches($0.split(separator: "/").map(String.init)[...], parts[...]) }
    }

    /// The files in `directory` and in its folders; all for the root.
    private func files(below directory: String) -> ArraySlice<CheckoutFile> {
        guard !directory.isEmpty else { return files[...] }
        let start = Array("\(directory)/".utf8)
        // The files are sorted by the bytes of their paths.
        var low = 0
        var high = files.count
        while low < high {
            let middle = low + (high - low) / 2
            if files[middle].path.utf8.lexicographicallyPrecedes(start) { low = middle + 1 } else { high = middle }
        }
        return files[low...].prefix { $0.path.utf8.starts(with: start) }
    }
}

private func matches(_ path: ArraySlice<String>, _ pattern: ArraySlice<String>) -> Bool {
    guard let first = pattern.first else { return path.isEmpty }
    if first == "**" {
        let rest = pattern.dropFirst()
        // Several in a row say no more than one, and cost more.
        if rest.first == "**" { return matches(path, rest) }
        return matches(path, rest) || !path.isEmpty && matches(path.dropFirst(), pattern)
    }
    guard let head = path.first, matchesShellPattern(head, first) else { return false }
    return matches(path.dropFirst(), pattern.dropFirst())
}
