//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A condition of GitLab's rules
/// ([variable expressions](https://docs.gitlab.com/ci/jobs/job_rules/#cicd-variable-expressions)).
struct GitLabExpression {
    private enum Value: Equatable {
        case unknown
        case null
        case text(String)
        case pattern(String)
        case outcome(Bool)

        var isTrue: Bool? {
            switch self {
            case .unknown: nil
            case .null: false
            case .text(let text): !text.isEmpty
            case .pattern: true
            case .outcome(let outcome): outcome
            }
        }
    }

    private let tokens: [String]
    private let variables: [String: String?]

    /// A condition, with the variables that are known; nil for one that is known not to be set.
    init(_ text: String, _ variables: [String: String?]) {
        tokens = expressionTokens(text)
        self.variables = variables
    }

    /// Whether it holds; nil where that is not known.
    var holds: Bool? {
        var position = 0
        let value = disjunction(&position, depth: 0)
        return position == tokens.count ? value.isTrue : nil
    }

    private func disjunction(_ position: inout Int, depth: Int) -> Value {
        var left = conjunction(&position, depth: depth)
        while position < tokens.count, tokens[position] == "||" {
            position += 1
            let right = conjunction(&position, depth: depth)
            switch (left.isTrue, right.isTrue) {
            case (true, _), (_, true): left = .outcome(true)
            case (false, false): left = .outcome(false)
            default: left = .unknown
            }
        }
        return left
    }

    private func conjunction(_ position: inout Int, depth: Int) -> Value {
        var left = comparison(&position, depth: depth)
        while position < tokens.count, tokens[position] == "&&" {
            position += 1
            let right = comparison(&position, depth: depth)
            switch (left.isTrue, right.isTrue) {
            case (false, _), (_, false): left = .outcome(false)
            case (true, true): left = .outcome(true)
            default: left = .unknown
            }
        }
        return left
    }

    private func comparison(_ position: inout Int, depth: Int) -> Value {
        let left = primary(&position, depth: depth)
        guard position < tokens.count, ["==", "!=", "=~", "!~"].contains(tokens[position]) else { return left }
        let operation = tokens[position]
        position += 1
        let right = primary(&position, depth: depth)
        if left == .unknown || right == .unknown { return .unknown }
        switch operation {
        case "==": return .outcome(left == right)
        case "!=": return .outcome(left != right)
        default:
            guard case .text(let text) = left else { return .outcome(operation == "!~") }
            let pattern: String
            switch right {
            case .pattern(let body): pattern = body
            // A variable may hold the pattern with its slashes.
            case .text(let body): pattern = expressionTokens(body).first ?? body
            default: return .unknown
            }
            guard let outcome = matches(text, pattern) else { return .unknown }
            return .outcome(outcome == (operation == "=~"))
        }
    }

    private func primary(_ position: inout Int, depth: Int) -> Value {
        guard position < tokens.count, depth < 50 else { return .unknown }
        let token = tokens[position]
        position += 1
        if token == "(" {
            let value = disjunction(&position, depth: depth + 1)
            if position < tokens.count, tokens[position] == ")" { position += 1 }
            return value
        }
        if token == "null" { return .null }
        if token.hasPrefix("$") {
            let name = String(token.dropFirst())
            guard let known = variables[name] else {
                // What the service sets is not known; what nobody sets is not there.
                return name.hasPrefix("CI_") && !name.hasPrefix("CI_MERGE_REQUEST") ? .unknown : .null
            }
            guard let text = known else { return .null }
            return text.contains("$") ? .unknown : .text(text)
        }
        if token.hasPrefix("\"") || token.hasPrefix("'") { return .text(String(token.dropFirst())) }
        if token.hasPrefix("/") { return .pattern(token) }
        return .unknown
    }

    /// Whether a text matches `/pattern/flags`; nil for a pattern that cannot be read.
    private func matches(_ text: String, _ pattern: String) -> Bool? {
        guard pattern.hasPrefix("/"), let end = pattern.lastIndex(of: "/"), end != pattern.startIndex,
            pattern.utf8.count < 1_000
        else { return nil }
        let body = String(pattern[pattern.index(after: pattern.startIndex)..<end]).replacing(text: "\\/", with: "/")
        let isCaseless = pattern[end...].contains("i")
        return LinePattern(isCaseless ? "(?i)(?:\(body))" : "(?:\(body))", needsGroup: false)?.matches(text)
    }
}

/// Names begin with `$`, texts with their opening quote, patterns with a slash.
private func expressionTokens(_ text: String) -> [String] {
    var tokens: [String] = []
    var rest = text[...]
    while let first = rest.first, tokens.count < 1_000 {
        if first.isWhitespace {
            rest = rest.dropFirst()
        } else if first == "\"" || first == "'" {
            let body = rest.dropFirst().prefix { $0 != first }
            tokens.append(String(first) + body)
            rest = rest[body.endIndex...].dropFirst()
        } else if first == "$" {
            var body = rest.dropFirst()
            let isBraced = body.first == "{"
            if isBraced { body = body.dropFirst() }
            let name = body.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            tokens.append("$" + name)
            rest = rest[name.endIndex...]
            if isBraced, rest.first == "}" { rest = rest.dropFirst() }
        } else if first == "/" {
            var body = rest.dropFirst()
            var isEscaped = false
            while let next = body.first, next != "/" || isEscaped {
                isEscaped = next == "\\" && !isEscaped
                body = body.dropFirst()
            }
            body = body.dropFirst().drop { $0.isLetter }
            tokens.append(String(rest[..<body.startIndex]))
            rest = body
        } else if let symbol = ["&&", "||", "==", "!=", "=~", "!~"].first(where: { rest.hasPrefix($0) }) {
            tokens.append(symbol)
            rest = rest.dropFirst(2)
        } else if first.isLetter {
            let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            tokens.append(String(word))
            rest = rest[word.endIndex...]
        } else {
            tokens.append(String(first))
            rest = rest.dropFirst()
        }
    }
    return tokens
}
