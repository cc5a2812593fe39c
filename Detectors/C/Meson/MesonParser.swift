//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Reads the statements of a Meson build file. A line that is malformed is skipped.
struct MesonParser {
    private let tokens: [MesonToken]
    private var place = 0
    private var depth = 0

    /// The statements of `bytes`.
    static func statements(of bytes: [UInt8]) -> [MesonStatement] {
        var parser = MesonParser(tokens: mesonTokens(of: bytes))
        var result: [MesonStatement] = []
        while parser.place < parser.tokens.count {
            result += parser.block(until: [])
            // A stray `endif` or the like.
            parser.place += 1
        }
        return result
    }

    private init(tokens: [MesonToken]) { self.tokens = tokens }

    private var kind: MesonToken.Kind { place < tokens.count ? tokens[place].kind : .newline }
    private var line: Int { tokens[min(place, tokens.count - 1)].line }

    private mutating func take(_ symbol: String) -> Bool {
        guard kind == .symbol(symbol) else { return false }
        place += 1
        return true
    }

    private mutating func take(word: String) -> Bool {
        guard kind == .name(word) else { return false }
        place += 1
        return true
    }

    private mutating func block(until ends: Set<String>) -> [MesonStatement] {
        var result: [MesonStatement] = []
        while place < tokens.count {
            if kind == .newline {
                place += 1
                continue
            }
            if case .name(let word) = kind, ends.contains(word) || blockEnds.contains(word) { break }
            let before = place
            if let statement = statement() { result.append(statement) }
            if place == before { place += 1 }
        }
        return result
    }

    private mutating func statement() -> MesonStatement? {
        depth += 1
        defer { depth -= 1 }
        guard depth < deepestNesting else { return nil }
        if take(word: "if") { return conditional() }
        if take(word: "foreach") { return iteration() }
        if case .name(let name) = kind, place + 1 < tokens.count {
            if case .symbol(let symbol) = tokens[place + 1].kind, symbol == "=" || symbol == "+=" {
                place += 2
                return .assignment(name, isAppending: symbol == "+=", expression())
            }
        }
        return .expression(expression())
    }

    private mutating func conditional() -> MesonStatement {
        var branches: [(condition: MesonExpression, body: [MesonStatement])] = []
        var otherwise: [MesonStatement] = []
        repeat {
            let condition = expression()
            branches.append((condition, block(until: [])))
        } while take(word: "elif")
        if take(word: "else") { otherwise = block(until: []) }
        _ = take(word: "endif")
        return .conditional(branches, otherwise: otherwise)
    }

    private mutating func iteration() -> MesonStatement {
        var names: [String] = []
        while case .name(let name) = kind {
            place += 1
            names.append(name)
            if !take(",") { break }
        }
        _ = take(":")
        let items = expression()
        let body = block(until: [])
        _ = take(word: "endforeach")
        return .iteration(names: names, items, body: body)
    }

    mutating func expression() -> MesonExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth < deepestNesting else { return .nothing }
        let condition = binary(0)
        guard take("?") else { return condition }
        let first = expression()
        _ = take(":")
        return .choice(condition, first, expression())
    }

    private mutating func binary(_ level: Int) -> MesonExpression {
        guard level < levels.count else { return unary() }
        var left = binary(level + 1)
        var links = 0
        while links < longestChain, let operation = operation(at: level) {
            left = .operation(operation, left, binary(level + 1))
            links += 1
        }
        return left
    }

    private mutating func operation(at level: Int) -> String? {
        switch kind {
        case .symbol(let symbol) where levels[level].contains(symbol):
            place += 1
            return symbol
        case .name("not") where levels[level].contains("in"):
            guard place + 1 < tokens.count, tokens[place + 1].kind == .name("in") else { return nil }
            place += 2
            return "not in"
        case .name(let word) where levels[level].contains(word):
            place += 1
            return word
        default: return nil
        }
    }

    private mutating func unary() -> MesonExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth < deepestNesting else { return .nothing }
        if take(word: "not") { return .negation(unary()) }
        if take("-") { return .operation("-", .number(0), unary()) }
        return postfix()
    }

    private mutating func postfix() -> MesonExpression {
        var result = primary()
        for _ in 0..<longestChain {
            let line = line
            if take(".") {
                guard case .name(let name) = kind else { return result }
                place += 1
                guard take("(") else { continue }
                result = .method(result, name, arguments(), line: line)
            } else if take("[") {
                let index = expression()
                _ = take("]")
                result = .element(result, index)
            } else {
                return result
            }
        }
        return result
    }

    private mutating func primary() -> MesonExpression {
        let line = line
        switch kind {
        case .string(let text):
            place += 1
            return .string(text)
        case .number(let value):
            place += 1
            return .number(value)
        case .name(let name):
            if blockEnds.contains(name) { return .nothing }
            place += 1
            if name == "true" || name == "false" { return .boolean(name == "true") }
            guard take("(") else { return .name(name) }
            return .call(name, arguments(), line: line)
        case .symbol("("):
            place += 1
            let inner = expression()
            _ = take(")")
            return inner
        case .symbol("["):
            place += 1
            var items: [MesonExpression] = []
            while kind != .symbol("]"), place < tokens.count, kind != .newline {
                items.append(expression())
                if !take(",") { break }
            }
            _ = take("]")
            return .array(items)
        case .symbol("{"):
            place += 1
            var pairs: [(key: MesonExpression, value: MesonExpression)] = []
            while kind != .symbol("}"), place < tokens.count, kind != .newline {
                let key = expression()
                _ = take(":")
                pairs.append((key, expression()))
                if !take(",") { break }
            }
            _ = take("}")
            return .dictionary(pairs)
        default:
            return .nothing
        }
    }

    private mutating func arguments() -> MesonArguments {
        var result = MesonArguments()
        while kind != .symbol(")"), place < tokens.count, kind != .newline {
            if case .name(let name) = kind, place + 1 < tokens.count, tokens[place + 1].kind == .symbol(":") {
                place += 2
                result.named[name] = expression()
            } else {
                result.positional.append(expression())
            }
            if !take(",") { break }
        }
        _ = take(")")
        return result
    }
}

/// What is nested deeper, or chained longer, is not followed: evaluation recurses.
private let deepestNesting = 60
private let longestChain = 100

private let blockEnds: Set<String> = ["endif", "elif", "else", "endforeach"]

/// Operators from the weakest to the strongest.
private let levels: [Set<String>] = [
    ["or"], ["and"], ["==", "!=", "<", ">", "<=", ">=", "in"], ["+", "-"], ["*", "/", "%"],
]
