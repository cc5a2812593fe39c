//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Parses a shell script as far as installing and testing need it; what it does not know, it passes over.
struct ShellParser {
    private let tokens: [ShellToken]
    private var position = 0
    private var depth = 0

    /// The commands of `text`.
    static func parse(_ text: String) -> ShellNode {
        var parser = ShellParser(tokens: ShellLexer.tokens(of: text))
        var nodes: [ShellNode] = []
        while parser.position < parser.tokens.count {
            nodes.append(parser.list(until: []))
            // A word or operator that closes nothing.
            parser.position += 1
        }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private init(tokens: [ShellToken]) { self.tokens = tokens }

    private var bare: String? {
        guard position < tokens.count, case .word(let word) = tokens[position].kind else { return nil }
        return word.bare
    }

    private var symbol: String? {
        guard position < tokens.count, case .symbol(let symbol) = tokens[position].kind else { return nil }
        return symbol
    }

    private mutating func take(_ words: String...) -> Bool {
        skipNewlines()
        guard let bare, words.contains(bare) else { return false }
        position += 1
        return true
    }

    private mutating func skipNewlines() {
        while position < tokens.count, case .newline = tokens[position].kind { position += 1 }
    }

    /// Commands up to one of the reserved words `ends`, which is not taken, or a closing operator.
    private mutating func list(until ends: Set<String>) -> ShellNode {
        var nodes: [ShellNode] = []
        depth += 1
        defer { depth -= 1 }
        while position < tokens.count, depth < 100 {
            skipNewlines()
            if symbol == ";" || symbol == "&" {
                position += 1
                continue
            }
            if position >= tokens.count || symbol == ")" || symbol?.hasPrefix(";;") == true || symbol == ";&" { break }
            if let bare, ends.contains(bare) || closers.contains(bare) { break }
            let before = position
            nodes.append(andOr())
            if position == before { position += 1 }
        }
        return .sequence(nodes)
    }

    private mutating func andOr() -> ShellNode {
        var left = pipeline()
        while let operation = symbol, operation == "&&" || operation == "||" {
            position += 1
            skipNewlines()
            let right = pipeline()
            left = operation == "&&" ? .both(left, right) : .either(left, right)
        }
        return left
    }

    private mutating func pipeline() -> ShellNode {
        if bare == "!" {
            position += 1
            return .negation(pipeline())
        }
        var parts = [command()]
        while symbol == "|" {
            position += 1
            skipNewlines()
            parts.append(command())
        }
        return parts.count == 1 ? parts[0] : .pipeline(parts)
    }

    private mutating func command() -> ShellNode {
        if symbol == "(" {
            position += 1
            let body = list(until: [])
            if symbol == ")" { position += 1 }
            skipRedirections()
            return body
        }
        switch bare {
        case "if": return conditional()
        case "for", "select": return iteration()
        case "while", "until":
            position += 1
            let condition = list(until: ["do"])
            return .repetition(body: .sequence([condition, loopBody()]))
        case "case": return selection()
        case "{":
            position += 1
            let body = list(until: ["}"])
            _ = take("}")
            skipRedirections()
            return body
        case "function":
            position += 1
            let name = bare ?? ""
            position += 1
            if symbol == "(" { position += 2 }
            skipNewlines()
            return .function(name: name, body: command())
        default:
            if let name = bare, isSymbol("(", at: position + 1), isSymbol(")", at: position + 2) {
                position += 3
                skipNewlines()
                return .function(name: name, body: command())
            }
            return simple()
        }
    }

    private func isSymbol(_ symbol: String, at index: Int) -> Bool {
        guard index < tokens.count, case .symbol(symbol) = tokens[index].kind else { return false }
        return true
    }

    private mutating func conditional() -> ShellNode {
        position += 1
        var branches: [ShellNode.Branch] = []
        var otherwise: ShellNode?
        let ends: Set<String> = ["elif", "else", "fi"]
        repeat {
            let condition = list(until: ["then"])
            _ = take("then")
            branches.append(ShellNode.Branch(condition: condition, body: list(until: ends)))
        } while take("elif")
        if take("else") { otherwise = list(until: ["fi"]) }
        _ = take("fi")
        skipRedirections()
        return .conditional(branches, otherwise: otherwise)
    }

    private mutating func iteration() -> ShellNode {
        position += 1
        var words: [ShellWord] = []
        let variable = bare ?? ""
        position += 1
        if take("in") {
            while position < tokens.count, case .word(let word) = tokens[position].kind {
                words.append(word)
                position += 1
            }
        }
        // Also passes over the three expressions of an arithmetic loop.
        while position < tokens.count, bare != "do", bare != "{" { position += 1 }
        return .iteration(variable: variable, words: words, body: loopBody())
    }

    private mutating func loopBody() -> ShellNode {
        _ = take("do", "{")
        let body = list(until: ["done", "}"])
        _ = take("done", "}")
        skipRedirections()
        return body
    }

    private mutating func selection() -> ShellNode {
        position += 1
        guard position < tokens.count, case .word(let subject) = tokens[position].kind else { return .sequence([]) }
        position += 1
        _ = take("in")
        var choices: [ShellNode.Choice] = []
        while position < tokens.count {
            skipNewlines()
            if bare == "esac" { break }
            if symbol == "(" { position += 1 }
            var patterns: [ShellWord] = []
            while position < tokens.count, symbol != ")" {
                if case .word(let word) = tokens[position].kind { patterns.append(word) }
                position += 1
            }
            position += 1
            choices.append(ShellNode.Choice(patterns: patterns, body: list(until: ["esac"])))
            if let symbol, symbol.hasPrefix(";") { position += 1 }
        }
        _ = take("esac")
        skipRedirections()
        return .selection(subject, choices)
    }

    private mutating func skipRedirections() {
        while let symbol, symbol.contains("<") || symbol.contains(">") { position += 2 }
    }

    private mutating func simple() -> ShellNode {
        var command = SimpleCommand()
        command.line = position < tokens.count ? tokens[position].line : 0
        var isTest = false
        while position < tokens.count {
            switch tokens[position].kind {
            case .newline:
                return .simple(command)
            case .symbol(let symbol):
                if isTest {
                    command.words.append(ShellWord(pieces: [.text(symbol, isQuoted: false)]))
                } else if symbol.contains("<") || symbol.contains(">") {
                    position += 1
                    guard position < tokens.count, case .word(let target) = tokens[position].kind else { continue }
                    if symbol == "<" { command.input = target }
                } else if symbol == "(", command.words.isEmpty, !command.assignments.isEmpty {
                    readArray(into: &command)
                } else {
                    return .simple(command)
                }
            case .word(let word):
                if command.words.isEmpty, let assignment = assignment(word) {
                    command.assignments.append(assignment)
                } else {
                    if command.words.isEmpty, word.bare == "[[" { isTest = true }
                    command.words.append(word)
                    if isTest, word.bare == "]]" { isTest = false }
                }
            }
            position += 1
        }
        return .simple(command)
    }

    /// `NAME=(a b c)`: the elements become the words of the variable.
    private mutating func readArray(into command: inout SimpleCommand) {
        guard var last = command.assignments.popLast() else { return }
        position += 1
        while position < tokens.count, symbol != ")" {
            if case .word(let word) = tokens[position].kind {
                if !last.value.pieces.isEmpty { last.value.append(" ", isQuoted: false) }
                last.value.pieces += word.pieces
            }
            position += 1
        }
        command.assignments.append(last)
    }

    private func assignment(_ word: ShellWord) -> (name: String, value: ShellWord)? {
        guard case .text(let text, isQuoted: false)? = word.pieces.first, let sign = text.firstIndex(of: "=") else {
            return nil
        }
        var name = text[..<sign]
        let isAppending = name.hasSuffix("+")
        if isAppending { name.removeLast() }
        guard let first = name.first, first.isLetter || first == "_",
            name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
        else { return nil }
        var value = ShellWord()
        if isAppending {
            value.pieces = [.variable(String(name), fallback: "", isQuoted: true), .text(" ", isQuoted: false)]
        }
        let rest = text[text.index(after: sign)...]
        if !rest.isEmpty { value.append(String(rest), isQuoted: false) }
        value.pieces += word.pieces.dropFirst()
        return (String(name), value)
    }
}

private let closers: Set<String> = ["then", "do", "done", "fi", "elif", "else", "esac", "}"]
