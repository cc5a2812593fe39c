//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A condition of MSBuild
/// ([MSBuild conditions](https://learn.microsoft.com/en-us/visualstudio/msbuild/msbuild-conditions)), evaluated on Linux.
struct MSBuildCondition {
    private let tokens: [String]
    private let expand: (String) -> String
    private let exists: (String) -> Bool

    /// - Parameters:
    ///   - expand: Replaces the properties in a text.
    ///   - exists: Whether there is a file or folder at a path.
    init(_ text: String, expand: @escaping (String) -> String, exists: @escaping (String) -> Bool) {
        tokens = Self.tokens(text)
        self.expand = expand
        self.exists = exists
    }

    /// Whether it is met; nil where that is not known.
    var holds: Bool? {
        var position = 0
        let outcome = disjunction(&position, depth: 0)
        return position == tokens.count ? outcome : nil
    }

    private func disjunction(_ position: inout Int, depth: Int) -> Bool? {
        var left = conjunction(&position, depth: depth)
        while position < tokens.count, tokens[position].lowercased() == "or" {
            position += 1
            let right = conjunction(&position, depth: depth)
            left = left == true || right == true ? true : left == nil || right == nil ? nil : false
        }
        return left
    }

    private func conjunction(_ position: inout Int, depth: Int) -> Bool? {
        var left = comparison(&position, depth: depth)
        while position < tokens.count, tokens[position].lowercased() == "and" {
            position += 1
            let right = comparison(&position, depth: depth)
            left = left == false || right == false ? false : left == nil || right == nil ? nil : true
        }
        return left
    }

    private func comparison(_ position: inout Int, depth: Int) -> Bool? {
        guard position < tokens.count, depth < 50 else { return nil }
        let token = tokens[position]
        position += 1
        if token == "!" { return comparison(&position, depth: depth + 1).map { !$0 } }
        if token == "(" {
            let outcome = disjunction(&position, depth: depth + 1)
            if position < tokens.count, tokens[position] == ")" { position += 1 }
            return outcome
        }
        if token.lowercased() == "exists", position + 2 < tokens.count, tokens[position] == "(" {
            let path = value(tokens[position + 1])
            position += 3
            return path.map { exists($0.replacing(text: "\\", with: "/")) }
        }
        guard let left = value(token) else { return nil }
        guard position + 1 < tokens.count, ["==", "!=", "<", ">", "<=", ">="].contains(tokens[position]) else {
            switch left.lowercased() {
            case "true", "on", "yes", "!false": return true
            case "false", "off", "no", "", "!true": return false
            default: return nil
            }
        }
        let operation = tokens[position]
        guard let right = value(tokens[position + 1]) else { return nil }
        position += 2
        switch operation {
        case "==": return left.lowercased() == right.lowercased()
        case "!=": return left.lowercased() != right.lowercased()
        default:
            guard let first = Double(left), let second = Double(right) else { return nil }
            return operation == "<"
                ? first < second
                : operation == ">" ? first > second : operation == "<=" ? first <= second : first >= second
        }
    }

    /// The value of an operand; nil for what a function computes.
    private func value(_ token: String) -> String? {
        let isQuoted = token.hasPrefix("'")
        let text = isQuoted ? String(token.dropFirst()) : token
        let lower = text.lowercased()
        if lower.range(ofText: "isosplatform") != nil { return lower.range(ofText: "linux") != nil ? "true" : "false" }
        if lower.range(ofText: "$([") != nil || lower.contains("@") || lower.contains("%") { return nil }
        return expand(text)
    }

    private static func tokens(_ text: String) -> [String] {
        var tokens: [String] = []
        var rest = text[...]
        while let first = rest.first, tokens.count < 500 {
            if first.isWhitespace {
                rest = rest.dropFirst()
            } else if first == "'" {
                // A function in a property may hold quotes of its own.
                var depth = 0
                let body = rest.dropFirst().prefix { character in
                    if character == "(" { depth += 1 }
                    if character == ")" { depth -= 1 }
                    return character != "'" || depth > 0
                }
                tokens.append("'" + body)
                rest = rest[body.endIndex...].dropFirst()
            } else if let symbol = ["==", "!=", "<=", ">="].first(where: { rest.hasPrefix($0) }) {
                tokens.append(symbol)
                rest = rest.dropFirst(2)
            } else if first == "$" {
                var depth = 0
                var end = rest.startIndex
                while end < rest.endIndex {
                    if rest[end] == "(" { depth += 1 }
                    if rest[end] == ")" { depth -= 1 }
                    end = rest.index(after: end)
                    if depth == 0, end > rest.index(after: rest.startIndex) { break }
                }
                tokens.append(String(rest[..<end]))
                rest = rest[end...]
            } else if "()!<>".contains(first) {
                tokens.append(String(first))
                rest = rest.dropFirst()
            } else {
                let word = rest.prefix { !$0.isWhitespace && !"()!<>='".contains($0) }
                tokens.append(word.isEmpty ? String(first) : String(word))
                rest = rest.dropFirst(max(word.count, 1))
            }
        }
        return tokens
    }
}
