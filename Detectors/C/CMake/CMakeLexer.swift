//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A command of a CMake file: `find_package(ZLIB REQUIRED)`.
struct CMakeCommand {
    /// An argument as it is written, before variables are put in.
    struct Argument {
        enum Form { case plain, quoted, bracket }

        var text: String
        var form: Form
    }

    /// In lower case.
    var name: String
    var arguments: [Argument]
    /// Counted from 1.
    var line: Int
}

/// Splits a CMake file into commands, after
/// [cmake-language(7)](https://cmake.org/cmake/help/latest/manual/cmake-language.7.html). What is malformed is skipped.
struct CMakeLexer {
    private let bytes: [UInt8]
    private var place = 0
    private var line = 1

    /// The commands of `bytes`, in order.
    static func commands(of bytes: [UInt8]) -> [CMakeCommand] {
        var lexer = CMakeLexer(bytes: bytes)
        var commands: [CMakeCommand] = []
        while let command = lexer.nextCommand() { commands.append(command) }
        return commands
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var byte: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func advance() {
        if byte == UInt8(ascii: "\n") { line += 1 }
        place += 1
    }

    private mutating func nextCommand() -> CMakeCommand? {
        while let found = byte {
            if found == UInt8(ascii: "#") {
                skipComment()
            } else if isIdentifier(found) {
                let start = place
                let first = line
                while let next = byte, isIdentifier(next) { advance() }
                let name = text(start, place).lowercased()
                while byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { advance() }
                guard byte == UInt8(ascii: "(") else { continue }
                advance()
                return CMakeCommand(name: name, arguments: arguments(), line: first)
            } else {
                advance()
            }
        }
        return nil
    }

    private mutating func arguments() -> [CMakeCommand.Argument] {
        var result: [CMakeCommand.Argument] = []
        var depth = 1
        while let found = byte {
            switch found {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"), UInt8(ascii: ";"):
                advance()
            case UInt8(ascii: "#"):
                skipComment()
            case UInt8(ascii: "("):
                depth += 1
                advance()
                result.append(.init(text: "(", form: .plain))
            case UInt8(ascii: ")"):
                depth -= 1
                advance()
                if depth == 0 { return result }
                result.append(.init(text: ")", form: .plain))
            case UInt8(ascii: "\""):
                result.append(.init(text: quoted(), form: .quoted))
            default:
                if let text = bracket() {
                    result.append(.init(text: text, form: .bracket))
                } else {
                    result.append(.init(text: plain(), form: .plain))
                }
            }
        }
        return result
    }

    private mutating func quoted() -> String {
        advance()
        var result: [UInt8] = []
        while let found = byte, found != UInt8(ascii: "\"") {
            appendByte(found, to: &result)
        }
        advance()
        return String(decoding: result, as: UTF8.self)
    }

    private mutating func plain() -> String {
        var result: [UInt8] = []
        while let found = byte, !" \t\r\n();#".utf8.contains(found) {
            if found == UInt8(ascii: "\""), result.last == UInt8(ascii: "=") {
                // The old form `-Dx="a b"`.
                result.append(found)
                result += Array(quoted().utf8)
                result.append(found)
            } else if found == UInt8(ascii: "$"), place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "(") {
                // A make-style reference `$(NAME)`.
                while let next = byte, next != UInt8(ascii: ")") { appendByte(next, to: &result) }
            } else {
                appendByte(found, to: &result)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private mutating func appendByte(_ found: UInt8, to result: inout [UInt8]) {
        advance()
        guard found == UInt8(ascii: "\\"), let next = byte else { return result.append(found) }
        advance()
        switch next {
        case UInt8(ascii: "n"): result.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "t"): result.append(UInt8(ascii: "\t"))
        case UInt8(ascii: "\n"): break
        case UInt8(ascii: "$"), UInt8(ascii: "@"):
            // Not a reference any more.
            result += [0x01, next]
        default: result.append(next)
        }
    }

    /// The text of `[[…]]` or `[=[…]=]`; nil where no bracket argument starts here.
    private mutating func bracket() -> String? {
        guard byte == UInt8(ascii: "[") else { return nil }
        var end = place + 1
        while end < bytes.count, bytes[end] == UInt8(ascii: "=") { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "[") else { return nil }
        let closing =
            [UInt8(ascii: "]")] + Array(repeating: UInt8(ascii: "="), count: end - place - 1) + [UInt8(ascii: "]")]
        let start = end + 1
        var close = start
        while close + closing.count <= bytes.count, !bytes[close...].starts(with: closing) { close += 1 }
        let stop = min(close, bytes.count)
        let result = text(min(start, stop), stop)
        while place < min(close + closing.count, bytes.count) { advance() }
        return result
    }

    private mutating func skipComment() {
        advance()
        if bracket() != nil { return }
        while let found = byte, found != UInt8(ascii: "\n") {
            _ = found
            advance()
        }
    }

    private func text(_ start: Int, _ end: Int) -> String {
        String(decoding: bytes[start..<end], as: UTF8.self)
    }
}

private func isIdentifier(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == UInt8(ascii: "_")
}
