//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Reads expressions from tokens, by recursive descent. What it does not know becomes `unknown`.
struct PythonExpressionParser {
    private let tokens: ArraySlice<PythonToken>
    private(set) var position: Int
    private var depth = 0

    init(_ tokens: ArraySlice<PythonToken>) {
        self.tokens = tokens
        position = tokens.startIndex
    }

    var isAtEnd: Bool { position >= tokens.endIndex }

    private var current: PythonToken? { isAtEnd ? nil : tokens[position] }

    private mutating func scan(_ symbol: String) -> Bool {
        guard current?.isSymbol(symbol) == true else { return false }
        position += 1
        return true
    }

    private mutating func scan(name: String) -> Bool {
        guard current?.isName(name) == true else { return false }
        position += 1
        return true
    }

    /// An expression, and the tuple of several where commas follow.
    mutating func expressionList() -> PythonExpression {
        let first = expression()
        guard current?.isSymbol(",") == true else { return first }
        var items = [first]
        while scan(",") {
            guard let token = current, !token.isSymbol("="), !token.isSymbol(")") else { break }
            items.append(expression())
        }
        return .list(items)
    }

    /// One expression.
    mutating func expression() -> PythonExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth < deepestNesting else { return givingUp() }
        if scan(name: "lambda") {
            while let token = current, !token.isSymbol(":") { position += token.isSymbol("(") ? 1 : 1 }
            _ = scan(":")
            _ = expression()
            return .unknown
        }
        let value = operation(level: 0)
        guard scan(name: "if") else { return value }
        let condition = operation(level: 0)
        guard scan(name: "else") else { return .conditional(value, condition: condition, otherwise: .unknown) }
        return .conditional(value, condition: condition, otherwise: expression())
    }

    /// The value of what is nested too deep or too long to follow, with all that comes behind it.
    private mutating func givingUp() -> PythonExpression {
        position = tokens.endIndex
        return .unknown
    }

    private mutating func operation(level: Int) -> PythonExpression {
        guard level < operators.count else { return unary() }
        if level == 2, scan(name: "not") {
            depth += 1
            defer { depth -= 1 }
            return depth < deepestNesting ? .not(operation(level: 2)) : givingUp()
        }
        var left = operation(level: level + 1)
        var links = 0
        while let symbol = scanOperator(level: level) {
            links += 1
            if links > longestChain { return givingUp() }
            left = .operation(symbol, left, operation(level: level + 1))
        }
        return left
    }

    private mutating func scanOperator(level: Int) -> String? {
        guard let token = current, operators[level].contains(token.text), token.literal == nil else { return nil }
        if token.isName("not") {
            guard position + 1 < tokens.endIndex, tokens[position + 1].isName("in") else { return nil }
            position += 2
            return "not in"
        }
        position += 1
        if token.isName("is"), scan(name: "not") { return "is not" }
        return token.text
    }

    private mutating func unary() -> PythonExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth < deepestNesting else { return givingUp() }
        for symbol in ["-", "+", "~", "*", "**"] where scan(symbol) {
            let value = unary()
            return symbol.hasPrefix("*") ? value : .unknown
        }
        if scan(name: "await") { return unary() }
        return postfix(atom())
    }

    private mutating func postfix(_ base: PythonExpression) -> PythonExpression {
        var value = base
        var links = 0
        while let token = current, token.kind == .symbol {
            links += 1
            if links > longestChain { return givingUp() }
            if scan(".") {
                guard let name = current, name.kind == .name else { return .unknown }
                position += 1
                value = .attribute(value, name.text)
            } else if scan("(") {
                value = .call(value, arguments())
            } else if scan("[") {
                let index = current?.isSymbol(":") == true ? .unknown : expressionList()
                skip(to: "]")
                value = .subscripted(value, index)
            } else {
                break
            }
        }
        return value
    }

    private mutating func arguments() -> [PythonArgument] {
        var result: [PythonArgument] = []
        while let token = current, !token.isSymbol(")") {
            let start = position
            if scan("**") {
                result.append(PythonArgument(kind: .unpackedKeywords, value: expression(), line: token.line))
            } else if scan("*") {
                result.append(PythonArgument(kind: .unpacked, value: expression(), line: token.line))
            } else if token.kind == .name, position + 1 < tokens.endIndex, tokens[position + 1].isSymbol("=") {
                position += 2
                result.append(PythonArgument(kind: .keyword(token.text), value: expression(), line: token.line))
            } else {
                let value = comprehension(of: expression())
                result.append(PythonArgument(kind: .positional, value: value, line: token.line))
            }
            if !scan(",") { skip(to: ")", orComma: true) }
            if position == start { position += 1 }
        }
        _ = scan(")")
        return result
    }

    /// `element`, or the comprehension that it begins.
    private mutating func comprehension(of element: PythonExpression) -> PythonExpression {
        _ = scan(name: "async")
        guard scan(name: "for") else { return element }
        while let token = current, !token.isName("in"), !token.isSymbol(")"), !token.isSymbol("]") { position += 1 }
        guard scan(name: "in") else { return .unknown }
        return .comprehension(element: element, source: operation(level: 0))
    }

    private mutating func atom() -> PythonExpression {
        guard let token = current else { return .unknown }
        position += 1
        switch token.kind {
        case .string:
            var text = token.text
            var isLiteral = token.literal != nil
            while let next = current, case .string = next.kind {
                text += next.text
                isLiteral = isLiteral && next.literal != nil
                position += 1
            }
            return isLiteral ? .string(text) : .unknown
        case .number: return .number(token.text)
        case .name: return .name(token.text)
        case .symbol:
            switch token.text {
            case "(":
                if scan(")") { return .list([]) }
                let value = comprehension(of: expressionList())
                skip(to: ")")
                return value
            case "[": return .list(items(until: "]"))
            case "{": return braces()
            default: return .unknown
            }
        }
    }

    private mutating func items(until end: String) -> [PythonExpression] {
        var result: [PythonExpression] = []
        while let token = current, !token.isSymbol(end) {
            let start = position
            result.append(comprehension(of: expression()))
            if !scan(",") { skip(to: end, orComma: true) }
            if position == start { position += 1 }
        }
        _ = scan(end)
        return result
    }

    private mutating func braces() -> PythonExpression {
        var entries: [PythonEntry] = []
        var elements: [PythonExpression] = []
        while let token = current, !token.isSymbol("}") {
            let start = position
            if scan("**") {
                entries.append(PythonEntry(key: nil, value: expression()))
            } else {
                let key = expression()
                if scan(":") {
                    entries.append(PythonEntry(key: key, value: expression()))
                } else {
                    elements.append(comprehension(of: key))
                }
            }
            if !scan(",") { skip(to: "}", orComma: true) }
            if position == start { position += 1 }
        }
        _ = scan("}")
        return elements.isEmpty ? .dictionary(entries) : .list(elements)
    }

    /// Skips what is left before `end` at this depth, and `end` itself, or the next comma instead.
    private mutating func skip(to end: String, orComma: Bool = false) {
        var nested = 0
        while let token = current {
            if token.kind == .symbol {
                if nested == 0, token.text == end {
                    if !orComma { position += 1 }
                    return
                }
                if nested == 0, orComma, token.text == "," {
                    position += 1
                    return
                }
                switch token.text {
                case "(", "[", "{": nested += 1
                case ")", "]", "}": nested -= 1
                default: break
                }
            }
            position += 1
        }
    }
}

/// Deeper nesting and longer chains are not followed: what is read is evaluated and freed by recursion.
private let deepestNesting = 100
private let longestChain = 1_000

/// The binary operators, the loosest first.
private let operators: [Set<String>] = [
    ["or"], ["and"], ["==", "!=", "<", ">", "<=", ">=", "in", "not", "is"], ["|"], ["^"], ["&"], ["<<", ">>"],
    ["+", "-"], ["*", "/", "//", "%", "@"], ["**"],
]
