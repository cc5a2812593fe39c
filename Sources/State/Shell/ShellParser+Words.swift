//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension ShellParser {
    // MARK: Words

    /// Parses one word up to a blank or an operator.
    mutating func parseWord() throws(ScriptProblem) -> ShellWord {
        try parseParts { ShellParser.endsWord($0) }
    }

    /// Parses parts up to a byte at which `ends` holds outside quotes, which is not consumed.
    private mutating func parseParts(until ends: (UInt8) -> Bool) throws(ScriptProblem) -> ShellWord {
        var word = ShellWord()
        var literal: [UInt8] = []
        func flush(_ word: inout ShellWord, _ literal: inout [UInt8]) {
            guard !literal.isEmpty else { return }
            word.parts.append(.literal(String(decoding: literal, as: UTF8.self), quoted: false))
            literal = []
        }
        while let byte = peek(), !ends(byte) {
            switch byte {
            case UInt8(ascii: "\\"):
                guard let next = peek(1) else { throw problem("a backslash at the end") }
                advance(2)
                if next == UInt8(ascii: "\n") { continue }
                flush(&word, &literal)
                var escaped = [next]
                while next >= 0x80, let more = peek(), more & 0xC0 == 0x80 {
                    escaped.append(more)
                    advance()
                }
                word.parts.append(.literal(String(decoding: escaped, as: UTF8.self), quoted: true))
            case UInt8(ascii: "'"):
                flush(&word, &literal)
                advance()
                let start = position
                while let inner = peek(), inner != UInt8(ascii: "'") { advance() }
                guard peek() != nil else { throw problem("an unterminated quote") }
                word.parts.append(.literal(String(decoding: source[start..<position], as: UTF8.self), quoted: true))
                advance()
            case UInt8(ascii: "\""):
                flush(&word, &literal)
                advance()
                word.parts += try parseDoubleQuoted { $0 == UInt8(ascii: "\"") }
                guard peek() != nil else { throw problem("an unterminated quote") }
                advance()
            case UInt8(ascii: "$"), UInt8(ascii: "`"):
                flush(&word, &literal)
                word.parts.append(try parseExpansion(quoted: false))
            default:
                literal.append(byte)
                advance()
            }
        }
        flush(&word, &literal)
        return word
    }

    /// Parses what stands between double quotes, or in a here-document, up to where `ends` holds.
    private mutating func parseDoubleQuoted(
        isHereDocument: Bool = false, until ends: (UInt8) -> Bool
    ) throws(ScriptProblem) -> [ShellWord.Part] {
        var parts: [ShellWord.Part] = []
        var literal: [UInt8] = []
        while let byte = peek(), !ends(byte) {
            if byte == UInt8(ascii: "\\"), let next = peek(1) {
                advance(2)
                switch next {
                case UInt8(ascii: "\n"): break
                case UInt8(ascii: "$"), UInt8(ascii: "`"), UInt8(ascii: "\\"): literal.append(next)
                case UInt8(ascii: "\"") where !isHereDocument: literal.append(next)
                default: literal += [byte, next]
                }
            } else if byte == UInt8(ascii: "$") || byte == UInt8(ascii: "`") {
                if !literal.isEmpty {
                    parts.append(.literal(String(decoding: literal, as: UTF8.self), quoted: true))
                }
                literal = []
                parts.append(try parseExpansion(quoted: true))
            } else {
                literal.append(byte)
                advance()
            }
        }
        // `""` is a word, where nothing is not.
        if !literal.isEmpty || parts.isEmpty {
            parts.append(.literal(String(decoding: literal, as: UTF8.self), quoted: true))
        }
        return parts
    }

    // MARK: Expansions

    private mutating func parseExpansion(quoted: Bool) throws(ScriptProblem) -> ShellWord.Part {
        try enter()
        defer { depth -= 1 }
        if peek() == UInt8(ascii: "`") { return try parseBackquoted(quoted: quoted) }
        advance()
        guard let byte = peek() else { return .literal("$", quoted: true) }
        switch byte {
        case UInt8(ascii: "("):
            if peek(1) == UInt8(ascii: "(") { return try parseArithmetic() }
            advance()
            let body = try parseList(until: [])
            guard peek() == UInt8(ascii: ")") else { throw problem("an unterminated `$(`") }
            advance()
            return .substitution(body, quoted: quoted)
        case UInt8(ascii: "{"):
            advance()
            return .parameter(try parseBraced(quoted: quoted), quoted: quoted)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "@"), UInt8(ascii: "*"), UInt8(ascii: "#"),
            UInt8(ascii: "?"), UInt8(ascii: "$"), UInt8(ascii: "!"), UInt8(ascii: "-"):
            advance()
            return .parameter(ParameterExpansion(name: String(UnicodeScalar(byte))), quoted: quoted)
        default:
            let name = takeName()
            if name.isEmpty { return .literal("$", quoted: true) }
            return .parameter(ParameterExpansion(name: name), quoted: quoted)
        }
    }

    private mutating func takeName() -> String {
        let start = position
        guard let first = peek(), !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return "" }
        while let byte = peek(), ShellParser.isNameByte(byte) { advance() }
        return String(decoding: source[start..<position], as: UTF8.self)
    }

    private mutating func parseBackquoted(quoted: Bool) throws(ScriptProblem) -> ShellWord.Part {
        let start = line
        advance()
        var text: [UInt8] = []
        while let byte = peek(), byte != UInt8(ascii: "`") {
            advance()
            if byte == UInt8(ascii: "\\"), let next = peek(),
                next == UInt8(ascii: "`") || next == UInt8(ascii: "\\") || next == UInt8(ascii: "$")
                    || (quoted && next == UInt8(ascii: "\""))
            {
                text.append(next)
                advance()
            } else {
                text.append(byte)
            }
        }
        guard peek() != nil else { throw problem("an unterminated backquote") }
        advance()
        var inner = ShellParser(text, line: start, depth: depth)
        let body = try inner.parseList(until: [])
        guard inner.position == text.count else { throw inner.problem("unexpected \(inner.restOfLine())") }
        return .substitution(body, quoted: quoted)
    }

    private mutating func parseArithmetic() throws(ScriptProblem) -> ShellWord.Part {
        advance(2)
        var depth = 0
        let start = position
        while let byte = peek() {
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") {
                if depth == 0 { break }
                depth -= 1
            }
            advance()
        }
        guard looking(at: "))") else { throw problem("an unterminated `$((`") }
        var inner = ShellParser(Array(source[start..<position]), line: line, depth: depth)
        advance(2)
        return .arithmetic(ShellWord(parts: try inner.parseDoubleQuoted { _ in false }))
    }

    private mutating func parseBraced(quoted: Bool) throws(ScriptProblem) -> ParameterExpansion {
        var expansion = ParameterExpansion(name: "")
        if peek() == UInt8(ascii: "#"), let next = peek(1), next != UInt8(ascii: "}"), ShellParser.isNameByte(next) {
            advance()
            expansion.operation = .length
        }
        if let byte = peek(), "@*#?$!-0123456789".utf8.contains(byte) {
            let start = position
            advance()
            while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), let digit = peek(),
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit)
            {
                advance()
            }
            expansion.name = String(decoding: source[start..<position], as: UTF8.self)
        } else {
            expansion.name = takeName()
        }
        guard !expansion.name.isEmpty else { throw problem("unexpected \(restOfLine())") }
        if peek() == UInt8(ascii: "}") {
            advance()
            return expansion
        }
        if peek() == UInt8(ascii: ":") {
            expansion.treatsEmptyAsUnset = true
            advance()
        }
        guard expansion.operation == .none, let byte = peek() else { throw problem("unexpected \(restOfLine())") }
        advance()
        switch byte {
        case UInt8(ascii: "-"): expansion.operation = .useDefault
        case UInt8(ascii: "="): expansion.operation = .assignDefault
        case UInt8(ascii: "?"): expansion.operation = .failUnset
        case UInt8(ascii: "+"): expansion.operation = .useAlternate
        case UInt8(ascii: "#") where !expansion.treatsEmptyAsUnset:
            expansion.operation = .dropShortestPrefix
            if peek() == byte { (expansion.operation, _) = (.dropLongestPrefix, advance()) }
        case UInt8(ascii: "%") where !expansion.treatsEmptyAsUnset:
            expansion.operation = .dropShortestSuffix
            if peek() == byte { (expansion.operation, _) = (.dropLongestSuffix, advance()) }
        default: expansion.operation = .unsupported
        }
        let isPattern = byte == UInt8(ascii: "#") || byte == UInt8(ascii: "%")
        if quoted && !isPattern {
            expansion.word.parts = try parseDoubleQuoted { $0 == UInt8(ascii: "}") }
        } else {
            expansion.word = try parseParts { $0 == UInt8(ascii: "}") }
        }
        guard peek() == UInt8(ascii: "}") else { throw problem("an unterminated `${`") }
        advance()
        return expansion
    }

    // MARK: Redirections

    /// Parses a redirection when one stands here.
    mutating func parseRedirection() throws(ScriptProblem) -> Redirection? {
        var digits = 0
        while let byte = peek(digits), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { digits += 1 }
        guard let sign = peek(digits), sign == UInt8(ascii: "<") || sign == UInt8(ascii: ">"), digits <= 1 else {
            return nil
        }
        var descriptor = sign == UInt8(ascii: "<") ? 0 : 1
        if digits == 1, let digit = peek() { descriptor = Int(digit - UInt8(ascii: "0")) }
        advance(digits)
        let operators: [(String, Redirection.Operator)] = [
            ("<<-", .here), ("<<", .here), ("<&", .duplicate), (">&", .duplicate), (">>", .append), (">|", .output),
            ("<>", .append), ("<", .input), (">", .output),
        ]
        guard let (text, operation) = operators.first(where: { looking(at: $0.0) }) else { return nil }
        if text == "<>" || looking(at: "<<<") || looking(at: "<(") || looking(at: ">(") {
            throw problem("unexpected \(restOfLine())")
        }
        advance(text.utf8.count)
        skipBlanks()
        let target = try parseWord()
        guard !target.parts.isEmpty else { throw problem("a redirection without target") }
        var redirection = Redirection(descriptor: descriptor, operation: operation, target: target)
        if operation == .here {
            guard let delimiter = target.literalText else { throw problem("an expansion as end of a here-document") }
            let document = HereDocument(
                delimiter: delimiter, expands: target.bareText != nil, dropsTabs: text == "<<-")
            redirection.hereDocument = document
            pendingDocuments.append(document)
        }
        return redirection
    }

    /// Reads the lines of a here-document up to its delimiter.
    mutating func readBody(of document: HereDocument) throws(ScriptProblem) {
        var body: [UInt8] = []
        let start = line
        while true {
            guard position < source.count else { throw problem("a here-document without `\(document.delimiter)`") }
            var text = source[position...].prefix { $0 != UInt8(ascii: "\n") }
            position = min(text.endIndex + 1, source.count)
            line += 1
            if document.dropsTabs { text = text.drop { $0 == UInt8(ascii: "\t") } }
            if text.elementsEqual(document.delimiter.utf8) { break }
            body += text
            body.append(UInt8(ascii: "\n"))
        }
        guard document.expands else {
            document.body.parts = [.literal(String(decoding: body, as: UTF8.self), quoted: true)]
            return
        }
        var inner = ShellParser(body, line: start, depth: depth)
        document.body.parts = try inner.parseDoubleQuoted(isHereDocument: true) { _ in false }
    }
}
