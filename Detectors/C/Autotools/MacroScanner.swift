//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A call of an m4 macro in `configure.ac`: `AC_CHECK_LIB([z], [inflate])`.
struct MacroCall {
    let name: String
    /// As written, without the outer quotes.
    let arguments: [MacroArgument]
    /// Counted from 1.
    let line: Int
    /// Whether shell code around it decides whether it takes effect.
    let isConditional: Bool
}

/// An argument of a macro, with the line on which it starts.
struct MacroArgument {
    let text: String
    let line: Int
}

/// Finds calls of macros in Autoconf's input, by the rules of
/// [M4sh's quotation](https://www.gnu.org/software/autoconf/manual/autoconf.html#M4-Quotation): brackets quote, `dnl` and
/// `#` start comments.
struct MacroScanner {
    private let bytes: [UInt8]
    private var place = 0
    private var line: Int
    private var calls: [MacroCall] = []
    /// How many `if` and `case` of the shell are open.
    private var shellDepth = 0

    /// The calls in `text`, which starts on `line`; calls within arguments are not among them.
    static func calls(in text: String, line: Int = 1, isConditional: Bool = false) -> [MacroCall] {
        var scanner = MacroScanner(bytes: Array(text.utf8), line: line)
        scanner.scan(isConditional: isConditional)
        return scanner.calls
    }

    private init(bytes: [UInt8], line: Int) {
        self.bytes = bytes
        self.line = line
    }

    private mutating func advance() {
        if bytes[place] == UInt8(ascii: "\n") { line += 1 }
        place += 1
    }

    private mutating func skipLine() {
        while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
    }

    private mutating func scan(isConditional: Bool) {
        while place < bytes.count {
            let byte = bytes[place]
            if byte == UInt8(ascii: "#"), place == 0 || " \t\n;[".utf8.contains(bytes[place - 1]) {
                skipLine()
            } else if isWord(byte), place == 0 || !isWord(bytes[place - 1]) {
                let start = place
                let first = line
                while place < bytes.count, isWord(bytes[place]) { place += 1 }
                let word = String(decoding: bytes[start..<place], as: UTF8.self)
                if word == "dnl" {
                    skipLine()
                } else if place < bytes.count, bytes[place] == UInt8(ascii: "("), word.contains(where: \.isLetter) {
                    let condition = isConditional || shellDepth > 0
                    let arguments = arguments()
                    calls.append(MacroCall(name: word, arguments: arguments, line: first, isConditional: condition))
                } else if word.contains("_"), word == word.uppercased() {
                    calls.append(
                        MacroCall(
                            name: word, arguments: [], line: first, isConditional: isConditional || shellDepth > 0))
                } else if start == 0 || isCommandStart(start) {
                    if word == "if" || word == "case" { shellDepth += 1 }
                    if word == "fi" || word == "esac" { shellDepth = max(shellDepth - 1, 0) }
                }
            } else {
                advance()
            }
        }
    }

    /// Whether the word at `start` stands where the shell looks for a command.
    private func isCommandStart(_ start: Int) -> Bool {
        var before = start - 1
        while before >= 0, bytes[before] == UInt8(ascii: " ") || bytes[before] == UInt8(ascii: "\t") { before -= 1 }
        return before < 0 || "\n;[".utf8.contains(bytes[before])
    }

    private mutating func arguments() -> [MacroArgument] {
        place += 1
        var result: [MacroArgument] = []
        var text: [UInt8] = []
        var quotes = 0
        var parentheses = 0
        var first = line
        func finish() -> MacroArgument { MacroArgument(text: unquoted(text), line: first) }
        while place < bytes.count {
            let byte = bytes[place]
            if text.isEmpty, quotes == 0,
                byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n")
            {
                advance()
                first = line
                continue
            }
            switch byte {
            case UInt8(ascii: "["): quotes += 1
            case UInt8(ascii: "]"): quotes = max(quotes - 1, 0)
            case UInt8(ascii: "(") where quotes == 0: parentheses += 1
            case UInt8(ascii: ")") where quotes == 0:
                if parentheses == 0 {
                    advance()
                    result.append(finish())
                    return result
                }
                parentheses -= 1
            case UInt8(ascii: ",") where quotes == 0 && parentheses == 0:
                advance()
                result.append(finish())
                text = []
                first = line
                continue
            case UInt8(ascii: "d")
            where bytes[place...].starts(with: "dnl".utf8)
                && (place == 0 || !isWord(bytes[place - 1])) && (place + 3 >= bytes.count || !isWord(bytes[place + 3])):
                skipLine()
                continue
            default: break
            }
            text.append(byte)
            advance()
        }
        result.append(finish())
        return result
    }
}

private func isWord(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == UInt8(ascii: "_")
}

/// The argument without blanks around it and one level of quotes.
private func unquoted(_ bytes: [UInt8]) -> String {
    var text = String(decoding: bytes, as: UTF8.self).trimmingBlanks
    if text.hasPrefix("["), text.hasSuffix("]"), text.utf8.count > 1 {
        text = String(text.dropFirst().dropLast())
    }
    return text
}

extension StringProtocol {
    /// The text without blanks and line ends around it.
    var trimmingBlanks: String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
