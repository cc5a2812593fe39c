//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Splits a script into words and operators (POSIX.1-2024, XCU 2.3, with what bash adds to quoting).
///
/// Nothing is refused: what does not end is taken to end with the script.
struct ShellLexer {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var tokens: [ShellToken] = []
    /// Delimiters of here-documents whose text begins on the next line.
    private var hereDocuments: [(delimiter: String, stripsTabs: Bool)] = []
    private var expectsDelimiter: (stripsTabs: Bool, isPending: Bool) = (false, false)

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// The tokens of `text`.
    static func tokens(of text: String) -> [ShellToken] {
        var lexer = ShellLexer(text)
        lexer.run()
        return lexer.tokens
    }

    private func peek(_ offset: Int = 0) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    private mutating func next() -> UInt8? {
        guard position < bytes.count else { return nil }
        let byte = bytes[position]
        position += 1
        if byte == UInt8(ascii: "\n") { line += 1 }
        return byte
    }

    private mutating func run() {
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                position += 1
            case UInt8(ascii: "\\") where peek(1) == UInt8(ascii: "\n"):
                _ = next()
                _ = next()
            case UInt8(ascii: "#"):
                while let byte = peek(), byte != UInt8(ascii: "\n") { position += 1 }
            case UInt8(ascii: "\n"):
                tokens.append(ShellToken(kind: .newline, line: line))
                _ = next()
                skipHereDocuments()
            default:
                if let symbol = symbol() {
                    tokens.append(ShellToken(kind: .symbol(symbol), line: line))
                    position += symbol.utf8.count
                    if symbol == "<<" || symbol == "<<-" { expectsDelimiter = (symbol == "<<-", true) }
                } else {
                    readWord()
                }
            }
        }
    }

    private func symbol() -> String? {
        for symbol in symbols where bytes[position...].starts(with: symbol.utf8) { return symbol }
        return nil
    }

    private mutating func readWord() {
        let start = line
        var word = ShellWord()
        while let byte = peek(), !" \t\r\n;&|()<>".utf8.contains(byte) {
            readPiece(byte, into: &word, isQuoted: false)
        }
        // `2>` and `{fd}>` name a descriptor, not a word.
        if let byte = peek(), byte == UInt8(ascii: ">") || byte == UInt8(ascii: "<"), let text = word.bare,
            text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        {
            return
        }
        if expectsDelimiter.isPending {
            hereDocuments.append((word.source, expectsDelimiter.stripsTabs))
            expectsDelimiter.isPending = false
        }
        tokens.append(ShellToken(kind: .word(word), line: start))
    }

    private mutating func readPiece(_ byte: UInt8, into word: inout ShellWord, isQuoted: Bool) {
        switch byte {
        case UInt8(ascii: "\\"):
            position += 1
            guard let escaped = next() else { return }
            if escaped == UInt8(ascii: "\n") { return }
            let isKept = isQuoted && !"$`\"\\".utf8.contains(escaped)
            word.append((isKept ? "\\" : "") + text([escaped] + continuation()), isQuoted: true)
        case UInt8(ascii: "'") where !isQuoted:
            position += 1
            word.append(take(until: UInt8(ascii: "'")), isQuoted: true)
        case UInt8(ascii: "\"") where !isQuoted:
            position += 1
            word.append("", isQuoted: true)
            while let inner = peek(), inner != UInt8(ascii: "\"") { readPiece(inner, into: &word, isQuoted: true) }
            _ = next()
        case UInt8(ascii: "`"):
            position += 1
            word.pieces.append(.substitution(take(until: UInt8(ascii: "`")), isQuoted: isQuoted))
        case UInt8(ascii: "$"):
            position += 1
            word.pieces.append(dollar(isQuoted: isQuoted))
        default:
            _ = next()
            word.append(text([byte] + continuation()), isQuoted: isQuoted)
        }
    }

    /// The bytes behind the first one of a character.
    private mutating func continuation() -> [UInt8] {
        var result: [UInt8] = []
        while let byte = peek(), byte & 0xC0 == 0x80 {
            result.append(byte)
            position += 1
        }
        return result
    }

    /// What stands behind a dollar sign.
    private mutating func dollar(isQuoted: Bool) -> ShellWord.Piece {
        guard let byte = peek() else { return .text("$", isQuoted: isQuoted) }
        if bytes[position...].starts(with: "{{".utf8) {
            let start = position
            while position < bytes.count, !bytes[position...].starts(with: "}}".utf8) { _ = next() }
            position = min(position + 2, bytes.count)
            return .opaque("$" + text(Array(bytes[start..<position])))
        }
        if bytes[position...].starts(with: "((".utf8) {
            return .opaque("$" + balanced(UInt8(ascii: "("), UInt8(ascii: ")"), keepsBrackets: true))
        }
        if byte == UInt8(ascii: "(") {
            return .substitution(balanced(byte, UInt8(ascii: ")"), keepsBrackets: false), isQuoted: isQuoted)
        }
        if byte == UInt8(ascii: "{") {
            return parameter(balanced(byte, UInt8(ascii: "}"), keepsBrackets: false), isQuoted: isQuoted)
        }
        if byte == UInt8(ascii: "'"), !isQuoted {
            position += 1
            return .text(take(until: byte), isQuoted: true)
        }
        if "@*#?$!-0123456789".utf8.contains(byte) {
            position += 1
            return .variable(text([byte]), fallback: nil, isQuoted: isQuoted)
        }
        let start = position
        while let byte = peek(), isNameByte(byte) { position += 1 }
        if start == position { return .text("$", isQuoted: isQuoted) }
        return .variable(text(Array(bytes[start..<position])), fallback: nil, isQuoted: isQuoted)
    }

    private func parameter(_ body: String, isQuoted: Bool) -> ShellWord.Piece {
        let name = body.utf8.prefix(while: isNameByte)
        let rest = String(decoding: body.utf8.dropFirst(name.count), as: UTF8.self)
        let text = String(decoding: name, as: UTF8.self)
        if rest.isEmpty, !text.isEmpty || body == "@" || body == "*" {
            return .variable(text, fallback: nil, isQuoted: isQuoted)
        }
        if body == "@" || body == "*" { return .variable(body, fallback: nil, isQuoted: isQuoted) }
        if rest == "[@]" || rest == "[*]" { return .variable(text, fallback: nil, isQuoted: false) }
        for sign in [":-", ":=", "-", "="] where rest.hasPrefix(sign) && !text.isEmpty {
            return .variable(text, fallback: String(rest.dropFirst(sign.count)), isQuoted: isQuoted)
        }
        return .opaque("${\(body)}")
    }

    /// What stands between the bracket at the position and its partner.
    private mutating func balanced(_ open: UInt8, _ close: UInt8, keepsBrackets: Bool) -> String {
        let start = position
        var depth = 0
        var quote: UInt8?
        while let byte = next() {
            if byte == UInt8(ascii: "\\") {
                _ = next()
            } else if let mark = quote {
                if byte == mark { quote = nil }
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
            } else if byte == open {
                depth += 1
            } else if byte == close {
                depth -= 1
                if depth == 0 { break }
            }
        }
        if keepsBrackets { return text(Array(bytes[start..<position])) }
        let end = max(start + 1, position - (depth == 0 ? 1 : 0))
        return text(Array(bytes[min(start + 1, end)..<end]))
    }

    private mutating func take(until end: UInt8) -> String {
        var result: [UInt8] = []
        while let byte = next(), byte != end { result.append(byte) }
        return text(result)
    }

    private mutating func skipHereDocuments() {
        for document in hereDocuments {
            while position < bytes.count {
                var content: [UInt8] = []
                while let byte = next(), byte != UInt8(ascii: "\n") { content.append(byte) }
                let stripped = document.stripsTabs ? Array(content.drop { $0 == UInt8(ascii: "\t") }) : content
                if stripped.elementsEqual(document.delimiter.utf8) { break }
            }
        }
        hereDocuments = []
    }
}

private let symbols = [
    "<<<", "<<-", "&>>", ";;&", "&&", "||", ";;", ";&", "<<", ">>", ">&", "<&", "&>", ">|", "<>", ";", "&", "|", "(",
    ")",
    "<", ">",
]

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

private func isNameByte(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == UInt8(ascii: "_")
}
