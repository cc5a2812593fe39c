//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension TOMLParser {
    /// Reads a string of any of the four notations.
    mutating func string() throws(TOMLError) -> [UInt8] {
        guard let quote = peek, peek(1) == quote, peek(2) == quote else { return try quoted() }
        return try tripleQuoted(quote)
    }

    /// Reads `"a"` or `'a'`.
    mutating func quoted() throws(TOMLError) -> [UInt8] {
        let start = self
        guard let quote = peek else { throw error("a string should stand here") }
        index += 1
        var text: [UInt8] = []
        while let byte = peek, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") {
            if take(quote) { return text }
            if quote == UInt8(ascii: "\""), byte == UInt8(ascii: "\\") {
                try escape(into: &text)
            } else {
                try refuseControl(byte)
                text.append(byte)
                index += 1
            }
        }
        throw start.error("the string has no end on its line")
    }

    /// Reads a string between three quotes on either side. A line break right behind the first is not part of it.
    private mutating func tripleQuoted(_ quote: UInt8) throws(TOMLError) -> [UInt8] {
        let start = self
        index += 3
        _ = try skipLineBreak()
        var text: [UInt8] = []
        while let byte = peek {
            if byte == quote {
                let quotes = take(while: { $0 == quote })
                guard quotes.count >= 3 else {
                    text += quotes
                    continue
                }
                // Two more may stand before the three that end it.
                index = quotes.startIndex + min(quotes.count, 5)
                return text + quotes.dropFirst(3).prefix(2)
            }
            if quote == UInt8(ascii: "\""), byte == UInt8(ascii: "\\") {
                if try !skipEscapedLineBreak() { try escape(into: &text) }
                continue
            }
            if try skipLineBreak() {
                text.append(UInt8(ascii: "\n"))
                continue
            }
            try refuseControl(byte)
            text.append(byte)
            index += 1
        }
        throw start.error("the string has no end")
    }

    /// Skips a backslash at the end of a line with the blank that follows it, over several lines too.
    private mutating func skipEscapedLineBreak() throws(TOMLError) -> Bool {
        let start = self
        index += 1
        skipSpace()
        guard try skipLineBreak() else {
            self = start
            return false
        }
        repeat { skipSpace() } while try skipLineBreak()
        return true
    }

    /// Reads a backslash and what it escapes.
    private mutating func escape(into text: inout [UInt8]) throws(TOMLError) {
        switch peek(1) {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "e"): text.append(0x1B)
        case UInt8(ascii: "\""): text.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): text.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "x"): try codePoint(digits: 2, into: &text)
        case UInt8(ascii: "u"): try codePoint(digits: 4, into: &text)
        case UInt8(ascii: "U"): try codePoint(digits: 8, into: &text)
        default: throw error("this backslash escapes nothing; a literal string stands in single quotes")
        }
        index += 2
    }

    /// Reads the hexadecimal digits behind a backslash and a letter.
    private mutating func codePoint(digits: Int, into text: inout [UInt8]) throws(TOMLError) {
        let code = bytes.dropFirst(index + 2).prefix(digits)
        guard code.count == digits, code.allSatisfy(isHexadecimalDigit),
            let number = UInt32(String(decoding: code, as: UTF8.self), radix: 16), let scalar = Unicode.Scalar(number)
        else { throw error("this escape names no Unicode character") }
        text.append(contentsOf: String(scalar).utf8)
        index += digits
    }
}
