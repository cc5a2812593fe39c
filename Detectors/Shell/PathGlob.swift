//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension Repository {
    /// The paths of the files that match a pattern of a shell, in which `**` stands for any number of folders; sorted.
    func paths(matching pattern: String) -> [String] {
        guard pattern.contains("*") || pattern.contains("?") else { return contains(pattern) ? [pattern] : [] }
        let parts = pattern.split(separator: "/").map(String.init)
        let folders = parts.prefix { !$0.contains("*") && !$0.contains("?") }
        let folder = folders.joined(separator: "/")
        guard let name = parts.last, hasDirectory(folder) else { return [] }
        if name != "**", folders.count == parts.count - 1 {
            return files(in: folder).filter { matchesShellPattern($0.name, name) }.map(\.path)
        }
        // Cutting every path costs most, so that the folder and the name are compared first.
        return checkout.files(below: folder).filter { name == "**" || matchesShellPattern($0.name, name) }
            .map(\.path).filter { matches($0.split(separator: "/").map(String.init)[...], parts[...]) }
    }
}

extension Checkout {
    /// The files in `directory` and in its folders; all for the root.
    fileprivate func files(below directory: String) -> ArraySlice<CheckoutFile> {
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
