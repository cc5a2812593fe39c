//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// An expression of a Meson build file, after the
/// [grammar](https://mesonbuild.com/Syntax.html#grammar).
indirect enum MesonExpression {
    case string(String)
    case number(Int)
    case boolean(Bool)
    case name(String)
    case array([MesonExpression])
    case dictionary([(key: MesonExpression, value: MesonExpression)])
    case call(String, MesonArguments, line: Int)
    case method(MesonExpression, String, MesonArguments, line: Int)
    case element(MesonExpression, MesonExpression)
    case negation(MesonExpression)
    case operation(String, MesonExpression, MesonExpression)
    case choice(MesonExpression, MesonExpression, MesonExpression)
    case nothing
}

/// The arguments of a call.
struct MesonArguments {
    var positional: [MesonExpression] = []
    var named: [String: MesonExpression] = [:]
}

/// A statement of a Meson build file.
indirect enum MesonStatement {
    case assignment(String, isAppending: Bool, MesonExpression)
    case expression(MesonExpression)
    case conditional([(condition: MesonExpression, body: [MesonStatement])], otherwise: [MesonStatement])
    case iteration(names: [String], MesonExpression, body: [MesonStatement])
}

/// A token of a Meson build file.
struct MesonToken: Hashable {
    enum Kind: Hashable {
        case name(String)
        case string(String)
        case number(Int)
        case symbol(String)
        case newline
    }

    let kind: Kind
    /// Counted from 1.
    let line: Int
}

/// Splits a Meson build file into tokens; ends of lines between brackets are not tokens.
func mesonTokens(of bytes: [UInt8]) -> [MesonToken] {
    var tokens: [MesonToken] = []
    var place = 0
    var line = 1
    var depth = 0
    func isName(_ byte: UInt8) -> Bool {
        (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == UInt8(ascii: "_")
    }
    while place < bytes.count {
        let byte = bytes[place]
        switch byte {
        case UInt8(ascii: "\n"):
            if depth == 0 { tokens.append(MesonToken(kind: .newline, line: line)) }
            line += 1
            place += 1
        case UInt8(ascii: "\\"):
            place += 1
            while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
            line += 1
            place += 1
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
            place += 1
        case UInt8(ascii: "#"):
            while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
        case UInt8(ascii: "'"):
            let first = line
            let text = mesonString(bytes, &place, &line)
            tokens.append(MesonToken(kind: .string(text), line: first))
        case _ where isName(byte):
            let start = place
            while place < bytes.count, isName(bytes[place]) { place += 1 }
            let word = String(decoding: bytes[start..<place], as: UTF8.self)
            if word == "f", place < bytes.count, bytes[place] == UInt8(ascii: "'") { continue }
            if byte >= 0x30, byte <= 0x39 {
                let value = word.lowercased().hasPrefix("0x") ? Int(word.dropFirst(2), radix: 16) : Int(word)
                tokens.append(MesonToken(kind: .number(value ?? 0), line: line))
            } else {
                tokens.append(MesonToken(kind: .name(word), line: line))
            }
        default:
            if "([{".utf8.contains(byte) { depth += 1 }
            if ")]}".utf8.contains(byte) { depth = max(depth - 1, 0) }
            let pair = place + 1 < bytes.count ? String(decoding: bytes[place...place + 1], as: UTF8.self) : ""
            let symbol = ["==", "!=", "<=", ">=", "+="].contains(pair) ? pair : String(decoding: [byte], as: UTF8.self)
            tokens.append(MesonToken(kind: .symbol(symbol), line: line))
            place += symbol.utf8.count == 2 ? 2 : 1
        }
    }
    tokens.append(MesonToken(kind: .newline, line: line))
    return tokens
}

/// The text of the string that starts at `place`.
private func mesonString(_ bytes: [UInt8], _ place: inout Int, _ line: inout Int) -> String {
    let quote = UInt8(ascii: "'")
    let isLong = bytes[place...].starts(with: [quote, quote, quote])
    place += isLong ? 3 : 1
    var text: [UInt8] = []
    while place < bytes.count {
        if isLong ? bytes[place...].starts(with: [quote, quote, quote]) : bytes[place] == quote { break }
        if bytes[place] == UInt8(ascii: "\n") {
            line += 1
            if !isLong { break }
        }
        if !isLong, bytes[place] == UInt8(ascii: "\\"), place + 1 < bytes.count { place += 1 }
        text.append(bytes[place])
        place += 1
    }
    place += isLong ? 3 : 1
    return String(decoding: text, as: UTF8.self)
}
