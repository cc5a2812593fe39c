//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The names that a module binds, as far as that can be told without running it.
///
/// The statements are gone through once from top to bottom, those in functions included, since `setup()` is often
/// called in one. A branch whose condition is known to be false on a current Python is left out; of one whose condition
/// is not known, only bindings of new names count.
struct PythonScope {
    /// Whether a file of the repository is at this path.
    let isFile: (String) -> Bool
    /// What the names are bound to.
    private(set) var values: [String: PythonValue] = [:]
    /// The calls made as statements or to the right of an assignment, with their line.
    private(set) var calls: [(name: String, arguments: [PythonArgument], line: Int)] = []
    /// The lines of statements that run only under a condition which is not known.
    private(set) var conditionalLines: Set<Int> = []
    private var functions: [String: [PythonStatement]] = [:]

    init(_ statements: [PythonStatement], isFile: @escaping (String) -> Bool) {
        self.isFile = isFile
        var blocks: [(indent: Int, counts: Certainty)] = []
        var lastCondition: [Int: Certainty] = [:]
        var function: (indent: Int, name: String)?
        for statement in statements {
            blocks.removeAll { $0.indent >= statement.indent }
            if let open = function, statement.indent <= open.indent { function = nil }
            if let open = function { functions[open.name, default: []].append(statement) }
            let outer = blocks.last?.counts ?? .certain
            guard statement.opensBlock else {
                if outer != .impossible { run(statement, isCertain: outer == .certain) }
                continue
            }
            if statement.keyword == "def", function == nil, let name = statement.tokens.first(where: isFunctionName) {
                function = (statement.indent, name.text)
            }
            if statement.keyword == "with", outer != .impossible { bindContext(of: statement) }
            var counts = certainty(ofBlock: statement, after: lastCondition[statement.indent] ?? .possible)
            if ["if", "elif", "else"].contains(statement.keyword) { lastCondition[statement.indent] = counts }
            if outer == .impossible || (outer == .possible && counts == .certain) { counts = outer }
            blocks.append((statement.indent, counts))
        }
    }

    private enum Certainty { case certain, possible, impossible }

    private func certainty(ofBlock head: PythonStatement, after previous: Certainty) -> Certainty {
        switch head.keyword {
        case "except": return .possible
        case "else" where previous == .certain: return .impossible
        case "else" where previous == .impossible: return .certain
        case "else": return .possible
        case "if", "elif":
            if head.keyword == "elif", previous == .certain { return .impossible }
            var parser = PythonExpressionParser(head.tokens.dropFirst())
            switch truth(parser.expression()) {
            case true?: return .certain
            case false?: return .impossible
            case nil: return .possible
            }
        default: return .certain
        }
    }

    private mutating func run(_ statement: PythonStatement, isCertain: Bool) {
        if !isCertain { conditionalLines.formUnion(statement.tokens.map(\.line)) }
        var tokens = statement.tokens
        if statement.keyword == "return" { tokens = tokens.dropFirst() }
        var parser = PythonExpressionParser(tokens)
        let target = parser.expressionList()
        record(target, line: statement.line)
        guard !parser.isAtEnd else {
            if isCertain { mutate(target) }
            return
        }
        var symbol = tokens[parser.position].text
        var rest = tokens[(parser.position + 1)...]
        if symbol == ":" {
            guard let equal = rest.firstIndex(where: { $0.isSymbol("=") }) else { return }
            symbol = "="
            rest = rest[(equal + 1)...]
        }
        var valueParser = PythonExpressionParser(rest)
        let expression = valueParser.expressionList()
        record(expression, line: statement.line)
        switch (symbol, target) {
        case ("=", .name(let name)) where isCertain || values[name] == nil: values[name] = value(of: expression)
        case ("+=", .name(let name)) where isCertain:
            values[name] = sum(values[name] ?? .unknown, value(of: expression))
        case ("=", .subscripted(.name(let name), let key)) where isCertain:
            guard let key = value(of: key).string else { return }
            let pairs = values[name]?.pairs ?? []
            values[name] = .dictionary(pairs + [PythonPair(key: key, value: value(of: expression))])
        default: break
        }
    }

    /// `with open(…) as name:`.
    private mutating func bindContext(of head: PythonStatement) {
        var parser = PythonExpressionParser(head.tokens.dropFirst())
        let expression = parser.expression()
        let rest = head.tokens[parser.position...]
        guard rest.first?.isName("as") == true, let name = rest.dropFirst().first, name.kind == .name else { return }
        values[name.text] = value(of: expression)
    }

    private mutating func record(_ expression: PythonExpression, line: Int) {
        guard case .call(let function, let arguments) = expression, let name = function.dottedName else { return }
        calls.append((name, arguments, line))
    }

    /// `list.append(x)`, `list.extend(xs)`, `dict.update(…)` as statements.
    private mutating func mutate(_ expression: PythonExpression) {
        guard case .call(.attribute(.name(let name), let method), let arguments) = expression,
            let old = values[name], let argument = arguments.first
        else { return }
        switch method {
        case "append": values[name] = sum(old, .list([value(of: argument.value)]))
        case "extend": values[name] = sum(old, value(of: argument.value))
        case "update": values[name] = .dictionary(old.pairs + entries(of: arguments))
        default: break
        }
    }

    /// The statements of the module's function `name`.
    func body(of name: String) -> [PythonStatement] { functions[name] ?? [] }
}

extension PythonScope {
    /// Arguments as entries, `**` ones opened.
    func entries(of arguments: [PythonArgument]) -> [PythonPair] {
        arguments.flatMap { argument -> [PythonPair] in
            let known = value(of: argument.value)
            switch argument.kind {
            case .keyword(let name): return [PythonPair(key: name, value: known, line: argument.line)]
            case .unpackedKeywords: return known.pairs
            case .unpacked: return known.elements.map { PythonPair(key: "", value: $0, line: argument.line) }
            case .positional where !known.pairs.isEmpty: return known.pairs
            case .positional: return [PythonPair(key: "", value: known, line: argument.line)]
            }
        }
    }
}

private func isFunctionName(_ token: PythonToken) -> Bool {
    token.kind == .name && token.text != "def" && token.text != "async"
}

/// The concatenation of two lists or strings, as far as they are known.
func sum(_ left: PythonValue, _ right: PythonValue) -> PythonValue {
    if case .string(let first) = left, case .string(let second) = right { return .string(first + second) }
    return .list(left.elements + right.elements)
}
