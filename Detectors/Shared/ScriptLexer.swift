//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A token of a build script in a language with C's comments, strings and braces.
struct ScriptToken: Hashable {
    enum Kind: Hashable {
        case word, number, string, symbol, lineEnd
    }

    let kind: Kind
    /// What is written; of a string what stands between its quotes, with escapes and interpolations as they are.
    let text: String
    /// Counted from 1.
    let line: Int

    func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }
    func isWord(_ word: String) -> Bool { kind == .word && text == word }
}

/// In which language a build script is written, as far as its tokens differ.
enum ScriptLanguage {
    case groovy, kotlin, scala, swift
}

/// The tokens of a script without its comments. What is not closed ends with the line or the file; a script of more
/// than 4 MB is none that people write, and has none.
func scriptTokens(_ text: String, _ language: ScriptLanguage) -> [ScriptToken] {
    let bytes = Array(text.utf8)
    guard bytes.count <= 4 << 20 else { return [] }
    var lexer = ScriptLexer(bytes: bytes, language: language)
    lexer.run()
    return lexer.tokens
}

private struct ScriptLexer {
    let bytes: [UInt8]
    let language: ScriptLanguage
    var tokens: [ScriptToken] = []
    private var position = 0
    private var line = 1

    init(bytes: [UInt8], language: ScriptLanguage) {
        self.bytes = bytes
        self.language = language
    }

    mutating func run() {
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\n"):
                add(.lineEnd, "")
                line += 1
                position += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
                while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): skipComment()
            case UInt8(ascii: "\""): string(byte)
            case UInt8(ascii: "'") where language == .groovy: string(byte)
            case UInt8(ascii: "'"): character()
            case UInt8(ascii: "`"): quotedName()
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number()
            default:
                if isNamePart(byte) {
                    let start = position
                    while position < bytes.count, isNamePart(bytes[position]) { position += 1 }
                    add(.word, start..<position)
                } else {
                    add(.symbol, position..<(position + 1))
                    position += 1
                }
            }
        }
        add(.lineEnd, "")
    }

    private func peek(_ offset: Int) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    private func isNamePart(_ byte: UInt8) -> Bool {
        (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == UInt8(ascii: "_")
            || byte >= 0x80
    }

    private mutating func add(_ kind: ScriptToken.Kind, _ range: Range<Int>) {
        add(kind, String(decoding: bytes[range], as: UTF8.self))
    }

    private mutating func add(_ kind: ScriptToken.Kind, _ text: String) {
        tokens.append(ScriptToken(kind: kind, text: text, line: line))
    }

    private mutating func skipComment() {
        var depth = 1
        position += 2
        while position < bytes.count, depth > 0 {
            if bytes[position] == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
                depth -= 1
                position += 2
            } else if bytes[position] == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*"), language != .groovy {
                depth += 1
                position += 2
            } else {
                if bytes[position] == UInt8(ascii: "\n") { line += 1 }
                position += 1
            }
        }
    }

    /// Digits with a fraction, such as `17` and `1.8`.
    private mutating func number() {
        let start = position
        while position < bytes.count,
            isNamePart(bytes[position])
                || (bytes[position] == UInt8(ascii: ".") && (peek(1).map { $0 >= 0x30 && $0 <= 0x39 } ?? false))
        {
            position += 1
        }
        add(.number, start..<position)
    }

    /// `'a'` of Kotlin and Scala; a quote that opens none is passed over.
    private mutating func character() {
        position += 1
        if peek(0) == UInt8(ascii: "\\") { position += 1 }
        if peek(1) == UInt8(ascii: "'") { position += 2 }
    }

    private mutating func quotedName() {
        let start = position + 1
        position = start
        while position < bytes.count, bytes[position] != UInt8(ascii: "`"), bytes[position] != UInt8(ascii: "\n") {
            position += 1
        }
        add(.word, start..<position)
        if peek(0) == UInt8(ascii: "`") { position += 1 }
    }

    private mutating func string(_ quote: UInt8) {
        let first = line
        let isLong = peek(1) == quote && peek(2) == quote
        position += isLong ? 3 : 1
        let start = position
        var end = bytes.count
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\\"), !(isLong && language != .groovy && language != .swift) {
                if language == .swift, peek(1) == UInt8(ascii: "(") {
                    skipInterpolation(UInt8(ascii: "("), UInt8(ascii: ")"))
                } else {
                    if peek(1) == UInt8(ascii: "\n") { line += 1 }
                    position += 2
                }
            } else if byte == UInt8(ascii: "$"), peek(1) == UInt8(ascii: "{"), quote == UInt8(ascii: "\"") {
                skipInterpolation(UInt8(ascii: "{"), UInt8(ascii: "}"))
            } else if byte == quote, !isLong || (peek(1) == quote && peek(2) == quote) {
                end = position
                position += isLong ? 3 : 1
                break
            } else if byte == UInt8(ascii: "\n") {
                if !isLong {
                    end = position
                    break
                }
                line += 1
                position += 1
            } else {
                position += 1
            }
        }
        position = min(position, bytes.count)
        end = min(end, bytes.count)
        tokens.append(
            ScriptToken(
                kind: .string, text: String(decoding: bytes[min(start, end)..<end], as: UTF8.self), line: first))
    }

    /// Up to the end of `${…}` or `\(…)`, on one line.
    private mutating func skipInterpolation(_ open: UInt8, _ close: UInt8) {
        position += 1
        var depth = 0
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
            if bytes[position] == open { depth += 1 }
            if bytes[position] == close {
                depth -= 1
                if depth == 0 {
                    position += 1
                    return
                }
            }
            position += 1
        }
    }
}
