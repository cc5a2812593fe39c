//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A token of Python source, as far as reading declarations needs them.
struct PythonToken: Hashable {
    /// What a token is.
    enum Kind: Hashable {
        case name
        case number
        /// A string literal; `isLiteral` is false for an f-string and for bytes, whose value is not the text as it stands.
        case string(isLiteral: Bool)
        case symbol
    }

    /// What it is.
    let kind: Kind
    /// The name, number or symbol as written, the value of a string.
    let text: String
    /// The line on which it begins, from 1.
    let line: Int

    /// Whether it is the name or keyword `text`.
    func isName(_ text: String) -> Bool { kind == .name && self.text == text }

    /// Whether it is the symbol `text`.
    func isSymbol(_ text: String) -> Bool { kind == .symbol && self.text == text }

    /// The value of a plain string literal.
    var literal: String? { kind == .string(isLiteral: true) ? text : nil }
}

/// A statement, or the head of a compound one, with its indentation.
struct PythonStatement: Hashable {
    /// The width of the white space before it; statements behind a colon on the same line count as one deeper.
    let indent: Int
    /// Its tokens without comments; the colon that ends a head included.
    let tokens: ArraySlice<PythonToken>

    /// The line on which it begins, from 1.
    var line: Int { tokens.first?.line ?? 0 }

    /// Its first word, where it begins with a name or keyword.
    var keyword: String {
        guard let first = tokens.first, first.kind == .name else { return "" }
        if first.text == "async", tokens.count > 1 { return tokens[tokens.startIndex + 1].text }
        return first.text
    }

    /// Whether it is the head of a compound statement.
    var opensBlock: Bool { blockKeywords.contains(keyword) && tokens.last?.isSymbol(":") == true }
}

private let blockKeywords: Set<String> = [
    "if", "elif", "else", "try", "except", "finally", "with", "for", "while", "def", "class",
]

/// The statements of Python source, in order. Source that is not Python gives whatever its tokens look like.
func pythonStatements(_ source: [UInt8]) -> [PythonStatement] {
    var lexer = PythonLexer(source)
    return lexer.logicalLines().flatMap(splitLine)
}

/// Splits a logical line at semicolons and behind the colon of a compound statement's head.
private func splitLine(_ line: PythonStatement) -> [PythonStatement] {
    var result: [PythonStatement] = []
    var indent = line.indent
    var start = line.tokens.startIndex
    var depth = 0
    var expectsHeadColon = blockKeywords.contains(line.keyword)
    var lambdas = 0
    for index in line.tokens.indices {
        let token = line.tokens[index]
        if token.isName("lambda") { lambdas += 1 }
        guard token.kind == .symbol else { continue }
        switch token.text {
        case "(", "[", "{": depth += 1
        case ")", "]", "}": depth -= 1
        case ":" where depth == 0 && lambdas > 0: lambdas -= 1
        case ":" where depth == 0 && expectsHeadColon:
            expectsHeadColon = false
            guard index + 1 < line.tokens.endIndex else { break }
            result.append(PythonStatement(indent: indent, tokens: line.tokens[start...index]))
            start = index + 1
            indent += 1
        case ";" where depth == 0:
            if start < index { result.append(PythonStatement(indent: indent, tokens: line.tokens[start..<index])) }
            start = index + 1
        default: break
        }
    }
    if start < line.tokens.endIndex {
        result.append(PythonStatement(indent: indent, tokens: line.tokens[start...]))
    }
    return result
}
