//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import YAML

/// A value of Azure's expressions, as far as it is known before a run.
enum AzureValue {
    case unknown
    case null
    case boolean(Bool)
    case text(String)
    /// A list or an object, of the file at `path`.
    case node(YAMLNode, path: String)

    init(_ node: YAMLNode, path: String) {
        if let flag = node.bool {
            self = .boolean(flag)
        } else if node.isNull {
            self = .null
        } else if let text = node.string {
            self = .text(text)
        } else {
            self = .node(node, path: path)
        }
    }

    /// As conditions read it; nil where that is not known.
    var isTrue: Bool? {
        switch self {
        case .unknown: nil
        case .null: false
        case .boolean(let flag): flag
        case .text(let text): !text.isEmpty && text.lowercased() != "false"
        case .node: true
        }
    }

    var text: String? {
        switch self {
        case .unknown, .node: nil
        case .null: ""
        case .boolean(let flag): flag ? "True" : "False"
        case .text(let text): text
        }
    }
}

/// Evaluates Azure's [expressions](https://learn.microsoft.com/en-us/azure/devops/pipelines/process/expressions) for a
/// build of the main branch on Linux.
struct AzureContext {
    /// Values by their full names in lower case: `parameters.python`, `variables.agent.os`, the names of loops.
    var values: [String: AzureValue] = [:]

    /// The value of an expression without the signs around it.
    func evaluate(_ expression: String) -> AzureValue {
        var parser = AzureExpressionParser(tokens: azureTokens(expression), context: self)
        let value = parser.expression(depth: 0)
        return parser.isAtEnd ? value : .unknown
    }

    /// The text with `${{ }}` and `$(name)` replaced where they are known.
    func expand(_ text: String) -> String {
        var result = text
        if text.range(ofText: "${{") != nil {
            result = ""
            for (index, part) in text.parts(separatedBy: "${{").enumerated() {
                guard index > 0, let end = part.range(ofText: "}}") else {
                    result += index > 0 ? "${{" + part : part
                    continue
                }
                let body = String(part[..<end])
                result += evaluate(body).text ?? "${{\(body)}}"
                result += part[end...].dropFirst(2)
            }
        }
        for _ in 0..<3 where result.range(ofText: "$(") != nil { result = withMacros(result) }
        return result
    }

    private func withMacros(_ text: String) -> String {
        var result = ""
        for (index, part) in text.parts(separatedBy: "$(").enumerated() {
            guard index > 0, let end = part.firstIndex(of: ")") else {
                result += index > 0 ? "$(" + part : part
                continue
            }
            let name = part[..<end].lowercased()
            result += values["variables.\(name)"]?.text ?? "$(" + part[..<end] + ")"
            result += part[end...].dropFirst()
        }
        return result
    }

    func value(of name: String) -> AzureValue {
        let name = name.lowercased()
        if let known = values[name] { return known }
        // A member of an object that is known: the longest name before a dot that has a value.
        var head = name[...]
        while let dot = head.lastIndex(of: ".") {
            head = head[..<dot]
            guard let object = values[String(head)] else { continue }
            guard case .node(var node, let path) = object else { return .null }
            for key in name[dot...].dropFirst().split(separator: ".") {
                guard let member = node.mapping?.first(where: { $0.key.string?.lowercased() == String(key) })?.value
                else {
                    return .null
                }
                node = member
            }
            return AzureValue(node, path: path)
        }
        return name.hasPrefix("parameters.") ? .null : .unknown
    }
}

private struct AzureExpressionParser {
    let tokens: [String]
    let context: AzureContext
    private var position = 0

    init(tokens: [String], context: AzureContext) {
        self.tokens = tokens
        self.context = context
    }

    var isAtEnd: Bool { position == tokens.count }

    private mutating func take(_ token: String) -> Bool {
        guard position < tokens.count, tokens[position] == token else { return false }
        position += 1
        return true
    }

    mutating func expression(depth: Int) -> AzureValue {
        guard position < tokens.count, depth < 50 else { return .unknown }
        let token = tokens[position]
        position += 1
        if token.hasPrefix("'") { return .text(String(token.dropFirst())) }
        switch token.lowercased() {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "null": return .null
        default: break
        }
        if token.first?.isNumber == true || token.hasPrefix("-") { return .text(token) }
        if take("(") {
            var arguments: [AzureValue] = []
            while position < tokens.count, !take(")") {
                arguments.append(expression(depth: depth + 1))
                if !take(","), position < tokens.count, tokens[position] != ")" { position += 1 }
            }
            return call(token.lowercased(), arguments)
        }
        var name = token
        while take("[") {
            let index = expression(depth: depth + 1)
            _ = take("]")
            guard let key = index.text else { return .unknown }
            name += ".\(key)"
            // What follows the bracket is a name with its dot.
            if position < tokens.count, tokens[position].hasPrefix(".") {
                name += tokens[position]
                position += 1
            }
        }
        return context.value(of: name)
    }

    private func call(_ name: String, _ arguments: [AzureValue]) -> AzureValue {
        let texts = arguments.map { $0.text?.lowercased() }
        switch (name, arguments.count) {
        case ("always", _), ("succeeded", _), ("succeededorfailed", _): return .boolean(true)
        case ("failed", _), ("canceled", _): return .boolean(false)
        case ("not", 1): return arguments[0].isTrue.map { .boolean(!$0) } ?? .unknown
        case ("and", 1...):
            let parts = arguments.map(\.isTrue)
            return parts.contains(false) ? .boolean(false) : parts.contains(nil) ? .unknown : .boolean(true)
        case ("or", 1...):
            let parts = arguments.map(\.isTrue)
            return parts.contains(true) ? .boolean(true) : parts.contains(nil) ? .unknown : .boolean(false)
        case ("xor", 2):
            guard let first = arguments[0].isTrue, let second = arguments[1].isTrue else { return .unknown }
            return .boolean(first != second)
        case ("eq", 2), ("ne", 2):
            guard let first = texts[0], let second = texts[1] else { return .unknown }
            let isEqual = first == second
            return .boolean(name == "eq" ? isEqual : !isEqual)
        case ("lt", 2), ("le", 2), ("gt", 2), ("ge", 2):
            guard let first = texts[0].flatMap({ Double($0) }), let second = texts[1].flatMap({ Double($0) }) else {
                return .unknown
            }
            return .boolean(
                name == "lt"
                    ? first < second
                    : name == "le"
                        ? first <= second
                        : name == "gt"
                            ? first > second
                            : first >= second)
        case ("in", 2...), ("notin", 2...):
            guard let first = texts[0] else { return .unknown }
            let isIn = texts.dropFirst().contains(first)
            if !isIn, texts.dropFirst().contains(nil) { return .unknown }
            return .boolean(isIn == (name == "in"))
        case ("contains", 2), ("startswith", 2), ("endswith", 2):
            guard let text = texts[0], let part = texts[1] else { return .unknown }
            switch name {
            case "contains": return .boolean(part.isEmpty || text.range(ofText: part) != nil)
            case "startswith": return .boolean(text.hasPrefix(part))
            default: return .boolean(text.hasSuffix(part))
            }
        case ("containsvalue", 2):
            guard case .node(let node, _) = arguments[0], let wanted = texts[1] else { return .unknown }
            let members = node.strings + (node.mapping ?? []).compactMap(\.value.string)
            return .boolean(members.contains { $0.lowercased() == wanted })
        case ("coalesce", 1...):
            for argument in arguments {
                if case .unknown = argument { return .unknown }
                if case .node = argument { return argument }
                if argument.text?.isEmpty == false { return argument }
            }
            return .null
        case ("iif", 3): return arguments[0].isTrue.map { $0 ? arguments[1] : arguments[2] } ?? .unknown
        case ("format", 1...):
            guard var text = arguments[0].text else { return .unknown }
            for (index, argument) in arguments.dropFirst().enumerated() {
                guard let value = argument.text else { return .unknown }
                text = text.replacing(text: "{\(index)}", with: value)
            }
            return .text(text)
        case ("join", 2):
            guard let separator = arguments[0].text, case .node(let node, _) = arguments[1] else { return .unknown }
            return .text(node.strings.joined(separator: separator))
        case ("replace", 3):
            guard let text = arguments[0].text, let old = arguments[1].text, let new = arguments[2].text, !old.isEmpty
            else { return .unknown }
            return .text(text.replacing(text: old, with: new))
        case ("lower", 1): return arguments[0].text.map { .text($0.lowercased()) } ?? .unknown
        case ("upper", 1): return arguments[0].text.map { .text($0.uppercased()) } ?? .unknown
        case ("trim", 1): return arguments[0].text.map { .text($0.trimmingSpaces) } ?? .unknown
        case ("length", 1):
            if case .node(let node, _) = arguments[0] {
                return .text("\(node.sequence?.count ?? node.mapping?.count ?? 0)")
            }
            return arguments[0].text.map { .text("\($0.count)") } ?? .unknown
        default: return .unknown
        }
    }
}

private func azureTokens(_ text: String) -> [String] {
    var tokens: [String] = []
    var rest = text[...]
    while let first = rest.first, tokens.count < 2_000 {
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
        } else if first.isLetter || first.isNumber || "_-.".contains(first) {
            let name = rest.prefix { $0.isLetter || $0.isNumber || "_-.".contains($0) }
            tokens.append(String(name))
            rest = rest[name.endIndex...]
        } else {
            tokens.append(String(first))
            rest = rest.dropFirst()
        }
    }
    return tokens
}
