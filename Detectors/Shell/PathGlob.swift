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
        return files.map(\.path).filter { matches($0.split(separator: "/").map(String.init)[...], parts[...]) }
    }
}

private func matches(_ path: ArraySlice<String>, _ pattern: ArraySlice<String>) -> Bool {
    guard let first = pattern.first else { return path.isEmpty }
    if first == "**" {
        let rest = pattern.dropFirst()
        return matches(path, rest) || !path.isEmpty && matches(path.dropFirst(), pattern)
    }
    guard let head = path.first, matchesShellPattern(head, first) else { return false }
    return matches(path.dropFirst(), pattern.dropFirst())
}
