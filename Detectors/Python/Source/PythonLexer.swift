//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Splits Python source into logical lines of tokens, after the lexical analysis of the language reference.
struct PythonLexer {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// All logical lines that have a token.
    mutating func logicalLines() -> [PythonStatement] {
        var result: [PythonStatement] = []
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        while position < bytes.count {
            let indent = indentation()
            let tokens = logicalLine()
            if !tokens.isEmpty { result.append(PythonStatement(indent: indent, tokens: tokens[...])) }
        }
        return result
    }

    private func peek(_ offset: Int = 0) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    private mutating func indentation() -> Int {
        var width = 0
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: " "): width += 1
            case UInt8(ascii: "\t"): width = (width / 8 + 1) * 8
            case 0x0C: width = 0
            default: return width
            }
            position += 1
        }
        return width
    }

    private mutating func logicalLine() -> [PythonToken] {
        var tokens: [PythonToken] = []
        var depth = 0
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\n"):
                position += 1
                line += 1
                if depth <= 0 { return tokens }
            case UInt8(ascii: "\\") where peek(1) == UInt8(ascii: "\n"):
                position += 2
                line += 1
            case UInt8(ascii: "\\") where peek(1) == UInt8(ascii: "\r"):
                position += 2
                if peek() == UInt8(ascii: "\n") { position += 1 }
                line += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0C:
                position += 1
            case UInt8(ascii: "#"):
                while let next = peek(), next != UInt8(ascii: "\n") { position += 1 }
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                tokens.append(string(isRaw: false, isLiteral: true))
            default:
                let token = isNameStart(byte) ? nameOrString() : isDigit(byte) ? number() : symbol()
                if token.kind == .symbol {
                    switch token.text {
                    case "(", "[", "{": depth += 1
                    case ")", "]", "}": depth -= 1
                    default: break
                    }
                }
                tokens.append(token)
            }
        }
        return tokens
    }

    private mutating func nameOrString() -> PythonToken {
        let start = position
        while let byte = peek(), isNameStart(byte) || isDigit(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let quote = peek(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"), text.utf8.count <= 2 {
            let prefix = text.lowercased()
            if prefix.utf8.allSatisfy({ "rbuft".utf8.contains($0) }) {
                return string(isRaw: prefix.contains("r"), isLiteral: prefix == "r" || prefix == "u")
            }
        }
        return PythonToken(kind: .name, text: text, line: line)
    }

    private mutating func number() -> PythonToken {
        let start = position
        while let byte = peek(), isNameStart(byte) || isDigit(byte) || byte == UInt8(ascii: ".") { position += 1 }
        return PythonToken(kind: .number, text: String(decoding: bytes[start..<position], as: UTF8.self), line: line)
    }

    private mutating func symbol() -> PythonToken {
        for length in [3, 2] where position + length <= bytes.count {
            let text = String(decoding: bytes[position..<position + length], as: UTF8.self)
            if longSymbols.contains(text) {
                position += length
                return PythonToken(kind: .symbol, text: text, line: line)
            }
        }
        let text = String(decoding: bytes[position...position], as: UTF8.self)
        position += 1
        return PythonToken(kind: .symbol, text: text, line: line)
    }

    private mutating func string(isRaw: Bool, isLiteral: Bool) -> PythonToken {
        let start = line
        let quote = bytes[position]
        let isTriple = peek(1) == quote && peek(2) == quote
        position += isTriple ? 3 : 1
        var value: [UInt8] = []
        while let byte = peek() {
            if byte == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
                position += isTriple ? 3 : 1
                break
            }
            if byte == UInt8(ascii: "\n") {
                if !isTriple { break }
                line += 1
            }
            position += 1
            guard byte == UInt8(ascii: "\\"), let next = peek() else {
                value.append(byte)
                continue
            }
            position += 1
            if next == UInt8(ascii: "\n") { line += 1 }
            if isRaw { value += [byte, next] } else { value += escape(next) }
        }
        return PythonToken(
            kind: .string(isLiteral: isLiteral), text: String(decoding: value, as: UTF8.self), line: start)
    }

    /// What a backslash before `byte` stands for; numeric escapes stay as written, no declaration needs them.
    private func escape(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case UInt8(ascii: "\n"): []
        case UInt8(ascii: "n"): [UInt8(ascii: "\n")]
        case UInt8(ascii: "t"): [UInt8(ascii: "\t")]
        case UInt8(ascii: "r"): [UInt8(ascii: "\r")]
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): [byte]
        default: [UInt8(ascii: "\\"), byte]
        }
    }
}

private let longSymbols: Set<String> = [
    "**=", "//=", ">>=", "<<=", "...", "==", "!=", "<=", ">=", "->", ":=", "+=", "-=", "*=", "/=", "%=", "|=", "&=",
    "^=", "@=", "**", "//", "<<", ">>", "<>",
]

private func isNameStart(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || byte == UInt8(ascii: "_") || byte >= 0x80
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
