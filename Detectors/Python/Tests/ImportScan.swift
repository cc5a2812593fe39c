//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What one Python source file imports when it is loaded, and what it uses.
struct ImportScan {
    /// An import that must succeed.
    struct Import: Hashable {
        /// The dotted name; for `from a import b` it is `a.b`.
        let module: String
        let line: Int
    }

    /// The unconditional absolute imports of the module's top level, in order.
    private(set) var required: [Import] = []
    /// The top-level names of all imports, conditional and local ones included.
    private(set) var mentioned: Set<String> = []
    /// The last components of what is imported: submodules and names.
    private(set) var imported: Set<String> = []
    /// The functions that the file defines, by name.
    private(set) var functions: Set<String> = []
    /// The parameters of test functions and fixtures, with the first line that has them.
    private(set) var parameters: [String: Int] = [:]
    /// The markers `pytest.mark.x`, with their first line.
    private(set) var marks: [String: Int] = [:]
    /// The modules of `pytest_plugins`.
    private(set) var plugins: [Import] = []
    /// Whether there are test functions outside classes, and classes of `unittest`.
    private(set) var hasTestFunctions = false
    private(set) var hasTestCases = false

    init(_ statements: [PythonStatement]) {
        var blocks: [(indent: Int, isLoaded: Bool)] = []
        for (index, statement) in statements.enumerated() {
            blocks.removeAll { $0.indent >= statement.indent }
            let isLoaded = blocks.allSatisfy(\.isLoaded)
            if statement.opensBlock {
                if statement.keyword == "def" { note(definition: statement) }
                if statement.keyword == "class" { note(class: statement) }
                blocks.append((statement.indent, loads(statement, statements[index...])))
            } else if statement.keyword == "import" || statement.keyword == "from" {
                note(import: statement, isLoaded: isLoaded)
            } else if statement.tokens.first?.isName("pytest_plugins") == true, isLoaded {
                for token in statement.tokens {
                    token.literal.map { plugins.append(Import(module: $0, line: token.line)) }
                }
            }
            note(marksOf: statement)
        }
    }

    /// Whether what a block holds is always executed when the module is loaded, and nothing forgives its failure.
    private func loads(_ head: PythonStatement, _ following: ArraySlice<PythonStatement>) -> Bool {
        switch head.keyword {
        case "class", "finally", "with":
            return !head.tokens.contains { $0.isName("ImportError") || $0.isName("suppress") }
        case "try":
            let handlers = following.dropFirst().prefix {
                $0.indent > head.indent || ["except", "else", "finally"].contains($0.keyword)
            }
            return !handlers.contains { handler in
                handler.indent == head.indent && handler.keyword == "except"
                    && (handler.tokens.count == 2 || handler.tokens.contains { importErrors.contains($0.text) })
            }
        default: return false
        }
    }

    private mutating func note(import statement: PythonStatement, isLoaded: Bool) {
        for module in importedModules(statement) {
            let top = module.split(separator: ".").first.map(String.init) ?? module
            mentioned.insert(top)
            if isLoaded { required.append(Import(module: module, line: statement.line)) }
        }
        for token in statement.tokens where token.kind == .name { imported.insert(token.text) }
    }

    private mutating func note(definition statement: PythonStatement) {
        let tokens = Array(statement.tokens)
        guard let place = tokens.firstIndex(where: { $0.isName("def") }), place + 1 < tokens.count else { return }
        let name = tokens[place + 1].text
        functions.insert(name)
        // `test_suite` makes a suite for the runners of unittest.
        let isTest = name.hasPrefix("test") && name != "test_suite"
        if isTest, statement.indent == 0 { hasTestFunctions = true }
        guard isTest else { return }
        var depth = 0
        for index in tokens.indices.dropFirst(place + 2) {
            if tokens[index].kind == .symbol, "([{".contains(tokens[index].text) { depth += 1 }
            if tokens[index].kind == .symbol, ")]}".contains(tokens[index].text) { depth -= 1 }
            guard depth == 1, tokens[index].kind == .name, let before = tokens[index - 1].text.last,
                "(,".contains(before),
                index + 1 < tokens.count, !tokens[index + 1].isSymbol("=")
            else { continue }
            parameters[tokens[index].text] = parameters[tokens[index].text] ?? tokens[index].line
        }
    }

    private mutating func note(class statement: PythonStatement) {
        if statement.tokens.contains(where: { $0.text.hasSuffix("TestCase") }) { hasTestCases = true }
        if statement.tokens.dropFirst().first?.text.hasPrefix("Test") == true,
            !statement.tokens.contains(where: { $0.isSymbol("(") })
        {
            hasTestFunctions = true
        }
    }

    private mutating func note(marksOf statement: PythonStatement) {
        let tokens = Array(statement.tokens)
        for index in tokens.indices where tokens[index].isName("mark") {
            guard index > 1, index + 2 < tokens.count, tokens[index - 2].isName("pytest"),
                tokens[index + 1].isSymbol(".")
            else { continue }
            let name = tokens[index + 2].text
            marks[name] = marks[name] ?? tokens[index].line
            // Arguments of a parametrised test are no fixtures.
            guard name == "parametrize" else { continue }
            for literal in tokens.compactMap(\.literal) where literal.utf8.count < 200 {
                for word in literal.split(whereSeparator: { $0 == "," || $0 == " " }) { functions.insert(String(word)) }
            }
        }
    }
}

private let importErrors: Set<String> = ["ImportError", "ModuleNotFoundError", "Exception", "BaseException"]

/// The dotted names that an import statement names, relative ones left out; `from a import b` gives `a.b`.
func importedModules(_ statement: PythonStatement) -> [String] {
    let tokens = Array(statement.tokens)
    guard tokens.count > 1 else { return [] }
    func dottedName(_ index: inout Int) -> String {
        var name = ""
        while index < tokens.count,
            tokens[index].kind == .name && !["import", "as"].contains(tokens[index].text)
                || index < tokens.count && tokens[index].isSymbol(".")
        {
            name += tokens[index].text
            index += 1
        }
        return name
    }
    var index = 1
    if tokens[0].isName("import") {
        var result: [String] = []
        while index < tokens.count {
            let name = dottedName(&index)
            if !name.isEmpty { result.append(name) }
            while index < tokens.count, !tokens[index].isSymbol(",") { index += 1 }
            index += 1
        }
        return result
    }
    guard tokens[0].isName("from"), tokens[1].kind == .name else { return [] }
    let base = dottedName(&index)
    guard index < tokens.count, tokens[index].isName("import") else { return [] }
    let names = tokens[(index + 1)...].filter { $0.kind == .name }
    guard let first = names.first else { return [base] }
    var result = ["\(base).\(first.text)"]
    var isAlias = false
    for token in names.dropFirst() {
        if token.text == "as" {
            isAlias = true
        } else if isAlias {
            isAlias = false
        } else {
            result.append("\(base).\(token.text)")
        }
    }
    return result
}
