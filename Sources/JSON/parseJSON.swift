//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Parses a JSON text (RFC 8259), with a byte order mark tolerated.
///
/// - Parameters:
///   - bytes: The text in UTF-8.
///   - lenient: Whether `//` and `/* */` comments and trailing commas are allowed, as in `devcontainer.json`.
/// - Throws: `JSONError` with the line; also where the text nests deeper than 200 levels.
public func parseJSON(_ bytes: [UInt8], lenient: Bool = false) throws(JSONError) -> JSONNode {
    var parser = JSONParser(bytes: bytes, lenient: lenient)
    return try parser.document()
}

private struct JSONParser {
    let bytes: [UInt8]
    let lenient: Bool
    var position = 0
    var line = 1
    var depth = 0

    init(bytes: [UInt8], lenient: Bool) {
        self.bytes = bytes
        self.lenient = lenient
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    mutating func document() throws(JSONError) -> JSONNode {
        try skipBlanks()
        let node = try value()
        try skipBlanks()
        if position < bytes.count { throw error("something follows the value") }
        return node
    }

    private func error(_ problem: String) -> JSONError { JSONError(line: line, problem: problem) }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() throws(JSONError) {
        while let byte = current {
            switch byte {
            case 0x0A:
                line += 1
                position += 1
            case 0x20, 0x09, 0x0D: position += 1
            case 0x2F where lenient: try skipComment()
            default: return
            }
        }
    }

    private mutating func skipComment() throws(JSONError) {
        let start = line
        position += 1
        switch current {
        case 0x2F:
            while let byte = current, byte != 0x0A { position += 1 }
        case 0x2A:
            position += 1
            while let byte = current {
                if byte == 0x0A { line += 1 }
                position += 1
                if byte == 0x2A, current == 0x2F {
                    position += 1
                    return
                }
            }
            throw JSONError(line: start, problem: "the comment does not end")
        default: throw error("`/` begins no value")
        }
    }

    private mutating func value() throws(JSONError) -> JSONNode {
        let start = line
        guard let byte = current else { throw error("the text ends where a value should stand") }
        switch byte {
        case 0x7B: return JSONNode(.object(try members()), line: start)
        case 0x5B: return JSONNode(.array(try elements()), line: start)
        case 0x22: return JSONNode(.string(try string()), line: start)
        case 0x74: return JSONNode(try word("true", .boolean(true)), line: start)
        case 0x66: return JSONNode(try word("false", .boolean(false)), line: start)
        case 0x6E: return JSONNode(try word("null", .null), line: start)
        case 0x2D, 0x30...0x39: return JSONNode(.number(try number()), line: start)
        default: throw error("`\(String(decoding: [byte], as: UTF8.self))` begins no value")
        }
    }

    private mutating func enter() throws(JSONError) {
        position += 1
        depth += 1
        if depth > 200 { throw error("the text nests deeper than 200 levels") }
        try skipBlanks()
    }

    /// Reads the comma or the closing bracket after an item; true when the container has ended.
    private mutating func ends(with bracket: UInt8) throws(JSONError) -> Bool {
        try skipBlanks()
        if current == bracket {
            position += 1
            depth -= 1
            return true
        }
        guard current == 0x2C else { throw error("`,` or a closing bracket is missing") }
        position += 1
        try skipBlanks()
        if current == bracket {
            if !lenient { throw error("a comma stands before the closing bracket") }
            position += 1
            depth -= 1
            return true
        }
        return false
    }

    private mutating func members() throws(JSONError) -> [JSONMember] {
        try enter()
        var members: [JSONMember] = []
        if current == 0x7D {
            position += 1
            depth -= 1
            return members
        }
        while true {
            guard current == 0x22 else { throw error("a member's name is missing") }
            let start = line
            let key = try string()
            try skipBlanks()
            guard current == 0x3A else { throw error("`:` is missing after `\(key)`") }
            position += 1
            try skipBlanks()
            members.append(JSONMember(key: key, line: start, value: try value()))
            if try ends(with: 0x7D) { return members }
        }
    }

    private mutating func elements() throws(JSONError) -> [JSONNode] {
        try enter()
        var nodes: [JSONNode] = []
        if current == 0x5D {
            position += 1
            depth -= 1
            return nodes
        }
        while true {
            nodes.append(try value())
            if try ends(with: 0x5D) { return nodes }
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONNode.Value) throws(JSONError) -> JSONNode.Value {
        let matches = word.withUTF8Buffer { bytes[position...].starts(with: $0) }
        if !matches { throw error("a word is neither `true`, `false` nor `null`") }
        position += word.utf8CodeUnitCount
        return value
    }

    private mutating func number() throws(JSONError) -> String {
        let start = position
        while let byte = current, (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte) {
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if !isNumber(bytes[start..<position]) { throw error("`\(text)` is not a number") }
        return text
    }

    /// `-`, an integer without leading zeros, a fraction and an exponent (RFC 8259, 6), all but the integer optional.
    private func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        func digits() -> Int {
            let count = rest.prefix { (0x30...0x39).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == 0x2D { rest = rest.dropFirst() }
        let startsWithZero = rest.first == 0x30
        let count = digits()
        if count == 0 || startsWithZero && count > 1 { return false }
        if rest.first == 0x2E {
            rest = rest.dropFirst()
            if digits() == 0 { return false }
        }
        if rest.first == 0x45 || rest.first == 0x65 {
            rest = rest.dropFirst()
            if rest.first == 0x2B || rest.first == 0x2D { rest = rest.dropFirst() }
            if digits() == 0 { return false }
        }
        return rest.isEmpty
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = current {
            position += 1
            switch byte {
            case 0x22: return String(decoding: text, as: UTF8.self)
            case 0x5C: text += try escaped()
            case 0x0A: throw error("a string does not end on its line")
            case 0x00..<0x20 where !lenient: throw error("a string holds a control character that is not escaped")
            default: text.append(byte)
            }
        }
        throw error("the text ends inside a string")
    }

    private mutating func escaped() throws(JSONError) -> [UInt8] {
        guard let byte = current else { throw error("the text ends inside a string") }
        position += 1
        switch byte {
        case 0x22, 0x5C, 0x2F: return [byte]
        case 0x62: return [0x08]
        case 0x66: return [0x0C]
        case 0x6E: return [0x0A]
        case 0x72: return [0x0D]
        case 0x74: return [0x09]
        case 0x75:
            var code = UInt32(try codeUnit())
            if (0xD800..<0xDC00).contains(code), bytes[position...].starts(with: [0x5C, 0x75]) {
                let behind = position
                position += 2
                let low = UInt32(try codeUnit())
                if (0xDC00..<0xE000).contains(low) {
                    code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
                } else {
                    // Half of a pair alone; what follows stands for itself.
                    position = behind
                }
            }
            return Array(String(Character(Unicode.Scalar(code) ?? "\u{FFFD}")).utf8)
        default: throw error("`\\\(String(decoding: [byte], as: UTF8.self))` is no escape")
        }
    }

    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        guard bytes.count - position >= 4, bytes[position] != UInt8(ascii: "+"),
            let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw error("`\\u` needs four hexadecimal digits") }
        position += 4
        return unit
    }
}
