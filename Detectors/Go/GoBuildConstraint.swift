//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A build constraint of a Go source file
/// ([Build constraints](https://pkg.go.dev/cmd/go#hdr-Build_constraints)) for Linux on x86-64 with cgo and no tags.
enum GoBuildConstraint {
    /// Whether a file with `constraint` is built.
    static func holds(_ constraint: String) -> Bool {
        var tokens: [String] = []
        var rest = constraint[...]
        while let first = rest.first {
            if first.isWhitespace {
                rest = rest.dropFirst()
            } else if let symbol = ["&&", "||", "!", "(", ")"].first(where: { rest.hasPrefix($0) }) {
                tokens.append(symbol)
                rest = rest.dropFirst(symbol.count)
            } else {
                let tag = rest.prefix { !$0.isWhitespace && !"&|!()".contains($0) }
                if tag.isEmpty { return true }
                tokens.append(String(tag))
                rest = rest.dropFirst(tag.count)
            }
        }
        var tail = tokens[...]
        return either(&tail, depth: 0)
    }

    private static func either(_ tokens: inout ArraySlice<String>, depth: Int) -> Bool {
        var result = both(&tokens, depth: depth)
        while tokens.first == "||" {
            tokens.removeFirst()
            let right = both(&tokens, depth: depth)
            result = result || right
        }
        return result
    }

    private static func both(_ tokens: inout ArraySlice<String>, depth: Int) -> Bool {
        var result = term(&tokens, depth: depth)
        while tokens.first == "&&" {
            tokens.removeFirst()
            let right = term(&tokens, depth: depth)
            result = result && right
        }
        return result
    }

    private static func term(_ tokens: inout ArraySlice<String>, depth: Int) -> Bool {
        guard depth < 50, let token = tokens.popFirst() else { return false }
        switch token {
        case "!": return !term(&tokens, depth: depth + 1)
        case "(":
            let result = either(&tokens, depth: depth + 1)
            if tokens.first == ")" { tokens.removeFirst() }
            return result
        default:
            return ["linux", "amd64", "unix", "cgo", "gc"].contains(token) || token.hasPrefix("go1.")
        }
    }
}
