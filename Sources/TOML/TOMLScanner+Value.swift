//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension TOMLScanner {
    /// Reads a value within `parent`, and the space around it. It stands on the line where it begins.
    mutating func value(in parent: TOMLOutline) throws(TOMLError) -> TOMLOutline? {
        skipSpace()
        let line = line
        let depth = try deeper(than: parent)
        let node: TOMLOutline
        switch peek {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            guard try skipString() else { return nil }
            node = TOMLOutline(.string, line: line, depth: depth)
        case UInt8(ascii: "["):
            node = TOMLOutline(.array, line: line, depth: depth)
            guard try array(into: node) else { return nil }
        case UInt8(ascii: "{"):
            node = TOMLOutline(.table, line: line, depth: depth)
            guard try inlineTable(into: node) else { return nil }
        default:
            let start = index
            while let byte = peek, !",]}#\r\n".utf8.contains(byte) { index += 1 }
            let text = bytes[start..<index]
            let end = text.lastIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
            guard let end else { return nil }
            node = TOMLOutline(.bare(start..<end + 1), line: line, depth: depth)
        }
        skipSpace()
        return node
    }

    private mutating func array(into node: TOMLOutline) throws(TOMLError) -> Bool {
        index += 1
        while skipToStatement() {
            if take(UInt8(ascii: "]")) { return true }
            guard let element = try value(in: node), skipToStatement() else { return false }
            node.add(element)
            guard take(UInt8(ascii: ",")) || peek == UInt8(ascii: "]") else { return false }
        }
        return false
    }

    private mutating func inlineTable(into node: TOMLOutline) throws(TOMLError) -> Bool {
        index += 1
        while skipToStatement() {
            if take(UInt8(ascii: "}")) { return true }
            guard try pair(in: node), skipToStatement() else { return false }
            guard take(UInt8(ascii: ",")) || peek == UInt8(ascii: "}") else { return false }
        }
        return false
    }

    /// Skips a string of one line or several; whether it has an end.
    private mutating func skipString() throws(TOMLError) -> Bool {
        let isBasic = peek == UInt8(ascii: "\"")
        guard has(isBasic ? "\"\"\"" : "'''") else { return try quoted() != nil }
        let quote = isBasic ? UInt8(ascii: "\"") : UInt8(ascii: "'")
        index += 3
        var quotes = 0
        while let byte = peek {
            if byte == quote {
                index += 1
                quotes += 1
                // Two quotes may stand before the closing three.
                if quotes == 5 || (quotes >= 3 && peek != quote) { return true }
                continue
            }
            quotes = 0
            if isBasic, byte == UInt8(ascii: "\\") {
                var ignored: [UInt8] = []
                guard try escape(into: &ignored) else { return false }
            } else {
                advance()
            }
        }
        return false
    }

    /// Reads a string of one line; `nil` if it has no end.
    mutating func quoted() throws(TOMLError) -> [UInt8]? {
        guard let quote = peek else { return nil }
        index += 1
        var text: [UInt8] = []
        while let byte = peek, byte != UInt8(ascii: "\n") {
            if byte == quote {
                index += 1
                return text
            }
            if quote == UInt8(ascii: "\""), byte == UInt8(ascii: "\\") {
                guard try escape(into: &text) else { return nil }
            } else {
                text.append(byte)
                index += 1
            }
        }
        return nil
    }

    /// Reads a backslash and what it escapes. Before a line break it stands for nothing.
    private mutating func escape(into text: inout [UInt8]) throws(TOMLError) -> Bool {
        index += 1
        guard let byte = peek else { return false }
        advance()
        switch byte {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(byte)
        case UInt8(ascii: "u"): return try codePoint(digits: 4, into: &text)
        case UInt8(ascii: "U"): return try codePoint(digits: 8, into: &text)
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: " "), UInt8(ascii: "\t"): break
        default: return false
        }
        return true
    }

    private mutating func codePoint(digits: Int, into text: inout [UInt8]) throws(TOMLError) -> Bool {
        guard bytes.count - index >= digits,
            let code = UInt32(String(decoding: bytes[index..<index + digits], as: UTF8.self), radix: 16),
            let scalar = Unicode.Scalar(code)
        else { return false }
        // The values come as C strings.
        guard code != 0 else { throw error("a string holds a NUL character") }
        index += digits
        text.append(contentsOf: String(scalar).utf8)
        return true
    }
}
