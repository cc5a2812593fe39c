//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A value of GitHub's expression language, as far as it is known outside of a run.
enum ActionsValue: Hashable {
    case unknown
    case null
    case boolean(Bool)
    case text(String)

    /// Whether a condition with this value holds; nil where that is not known.
    var isTrue: Bool? {
        switch self {
        case .unknown: nil
        case .null: false
        case .boolean(let flag): flag
        case .text(let text): !text.isEmpty
        }
    }

    /// The text that an expression leaves in a string.
    var text: String? {
        switch self {
        case .unknown: nil
        case .null: ""
        case .boolean(let flag): "\(flag)"
        case .text(let text): text
        }
    }
}

/// Evaluates expressions of GitHub Actions ([Evaluate expressions in workflows and
/// actions](https://docs.github.com/en/actions/reference/workflows-and-actions/expressions)) for a push to the main
/// branch that runs on Linux.
struct ActionsContext {
    /// Values by their full names: `matrix.os`, `env.CC`, `inputs.version`.
    var values: [String: ActionsValue]
    /// Contexts all of whose values are known, so that others are null.
    var closed: Set<String> = ["matrix"]

    init(_ values: [String: ActionsValue] = [:]) {
        self.values = pushContext.merging(values) { _, given in given }
    }

    /// The value of an expression, with or without `${{ }}`.
    func evaluate(_ expression: String) -> ActionsValue {
        var body = expression.trimmingSpaces
        if body.hasPrefix("${{"), body.hasSuffix("}}"), body.count(of: "${{") == 1 {
            body = String(body.dropFirst(3).dropLast(2))
        }
        var parser = ActionsExpressionParser(body, context: self)
        return parser.parse()
    }

    /// Whether a condition holds; nil where that is not known. Text around expressions makes a condition true.
    func holds(_ condition: String) -> Bool? { evaluate(condition).isTrue }

    /// The text with its expressions replaced by their values; those that are not known stay.
    func expand(_ text: String) -> String {
        guard text.contains("${{") else { return text }
        var result = ""
        var rest = text[...]
        while let open = rest.range(ofText: "${{") {
            result += rest[..<open]
            let tail = rest[open...].dropFirst(3)
            guard let close = tail.range(ofText: "}}") else { break }
            let body = String(tail[..<close])
            result += evaluate(body).text ?? "${{\(body)}}"
            rest = tail[close...].dropFirst(2)
        }
        return result + rest
    }

    func value(of name: String) -> ActionsValue {
        if let known = values[name] { return known }
        let context = String(name.prefix { $0 != "." })
        return closed.contains(context) ? .null : .unknown
    }
}

private struct ActionsExpressionParser {
    private let tokens: [String]
    private var position = 0
    private let context: ActionsContext

    init(_ text: String, context: ActionsContext) {
        tokens = expressionTokens(text)
        self.context = context
    }

    mutating func parse() -> ActionsValue {
        let value = disjunction(depth: 0)
        return position == tokens.count ? value : .unknown
    }

    private mutating func take(_ token: String) -> Bool {
        guard position < tokens.count, tokens[position] == token else { return false }
        position += 1
        return true
    }

    private mutating func disjunction(depth: Int) -> ActionsValue {
        var left = conjunction(depth: depth)
        while take("||") {
            let right = conjunction(depth: depth)
            switch left.isTrue {
            case true: break
            case false: left = right
            default: left = right.isTrue == true && right == .boolean(true) ? right : .unknown
            }
        }
        return left
    }

    private mutating func conjunction(depth: Int) -> ActionsValue {
        var left = comparison(depth: depth)
        while take("&&") {
            let right = comparison(depth: depth)
            switch left.isTrue {
            case true: left = right
            case false: break
            default: left = right.isTrue == false ? .boolean(false) : .unknown
            }
        }
        return left
    }

    private mutating func comparison(depth: Int) -> ActionsValue {
        let left = primary(depth: depth)
        for operation in ["==", "!=", "<=", ">=", "<", ">"] where take(operation) {
            let right = primary(depth: depth)
            guard let first = left.text?.lowercased(), let second = right.text?.lowercased() else { return .unknown }
            switch operation {
            case "==": return .boolean(first == second)
            case "!=": return .boolean(first != second)
            default:
                guard let low = Double(first), let high = Double(second) else { return .unknown }
                switch operation {
                case "<": return .boolean(low < high)
                case ">": return .boolean(low > high)
                case "<=": return .boolean(low <= high)
                default: return .boolean(low >= high)
                }
            }
        }
        return left
    }

    private mutating func primary(depth: Int) -> ActionsValue {
        guard position < tokens.count, depth < 50 else { return .unknown }
        let token = tokens[position]
        position += 1
        switch token {
        case "!":
            return primary(depth: depth + 1).isTrue.map { .boolean(!$0) } ?? .unknown
        case "(":
            let value = disjunction(depth: depth + 1)
            _ = take(")")
            return value
        case "true", "false": return .boolean(token == "true")
        case "null": return .null
        default: break
        }
        if token.hasPrefix("'") { return .text(String(token.dropFirst())) }
        if token.first?.isNumber == true || token.hasPrefix("-") { return .text(token) }
        if take("(") {
            var arguments: [ActionsValue] = []
            while position < tokens.count, !take(")") {
                arguments.append(disjunction(depth: depth + 1))
                if !take(","), position < tokens.count, tokens[position] != ")" { position += 1 }
            }
            return call(token.lowercased(), arguments)
        }
        return context.value(of: token)
    }

    private func call(_ name: String, _ arguments: [ActionsValue]) -> ActionsValue {
        switch (name, arguments.count) {
        case ("always", 0), ("success", 0): return .boolean(true)
        case ("failure", 0), ("cancelled", 0): return .boolean(false)
        case ("contains", 2), ("startswith", 2), ("endswith", 2):
            guard let text = arguments[0].text?.lowercased(), let part = arguments[1].text?.lowercased() else {
                return .unknown
            }
            switch name {
            case "contains": return .boolean(part.isEmpty || text.range(ofText: part) != nil)
            case "startswith": return .boolean(text.hasPrefix(part))
            default: return .boolean(text.hasSuffix(part))
            }
        case ("format", 1...):
            guard var text = arguments[0].text else { return .unknown }
            for (index, argument) in arguments.dropFirst().enumerated() {
                guard let value = argument.text else { return .unknown }
                text = text.replacing(text: "{\(index)}", with: value)
            }
            return .text(text)
        case ("fromjson", 1): return arguments[0]
        default: return .unknown
        }
    }
}

private func expressionTokens(_ text: String) -> [String] {
    var tokens: [String] = []
    var rest = text[...]
    while let first = rest.first {
        if first.isWhitespace {
            rest = rest.dropFirst()
        } else if first == "'" {
            var literal = "'"
            rest = rest.dropFirst()
            while let next = rest.popFirst() {
                if next == "'" {
                    guard rest.first == "'" else { break }
                    rest = rest.dropFirst()
                }
                literal.append(next)
            }
            tokens.append(literal)
        } else if let symbol = ["&&", "||", "==", "!=", "<=", ">="].first(where: { rest.hasPrefix($0) }) {
            tokens.append(symbol)
            rest = rest.dropFirst(2)
        } else if "()!<>,".contains(first) {
            tokens.append(String(first))
            rest = rest.dropFirst()
        } else if first.isLetter || first.isNumber || first == "_" || first == "-" {
            let name = rest.prefix { $0.isLetter || $0.isNumber || "_-.*[]'".contains($0) }
            tokens.append(name.replacing(text: "['", with: ".").replacing(text: "']", with: ""))
            rest = rest.dropFirst(name.count)
        } else {
            tokens.append(String(first))
            rest = rest.dropFirst()
        }
    }
    return tokens
}

/// A push to the main branch, on Linux.
private let pushContext: [String: ActionsValue] = [
    "github.event_name": .text("push"), "github.ref": .text("refs/heads/main"), "github.ref_name": .text("main"),
    "github.ref_type": .text("branch"), "github.workspace": .text("/workspace"), "runner.os": .text("Linux"),
    "runner.arch": .text("X64"), "github.head_ref": .text(""), "github.actor": .text("developer"),
    "github.event.action": .null,
]

extension StringProtocol {
    fileprivate func count(of text: String) -> Int {
        var count = 0
        var rest = self[...]
        while let place = rest.range(ofText: text) {
            count += 1
            rest = rest[place...].dropFirst(text.count)
        }
        return count
    }

    fileprivate func replacing(text old: String, with new: String) -> String {
        String(self).replacing(text: old, with: new)
    }
}
