//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension TOMLParser {
    /// Reads a value. It stands on the line where it begins.
    mutating func value(depth: Int) throws(TOMLError) -> TOMLDraft {
        let line = line
        switch peek {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            let text = try string()
            return TOMLDraft(.value(.string(String(decoding: text, as: UTF8.self))), line: line, depth: depth)
        case UInt8(ascii: "["):
            let array = TOMLDraft(.array, line: line, depth: depth)
            try readElements(of: array)
            return array
        case UInt8(ascii: "{"):
            // While it is read it is like one that dotted keys define; closed, nothing adds to it.
            let table = TOMLDraft(.table(.dotted), line: line, depth: depth)
            try readPairs(of: table)
            table.kind = .table(.inline)
            return table
        default:
            return TOMLDraft(.value(try unquoted()), line: line, depth: depth)
        }
    }

    private mutating func readElements(of array: TOMLDraft) throws(TOMLError) {
        let start = self
        index += 1
        while try skipBlankLines() {
            if take(UInt8(ascii: "]")) { return }
            array.add(try value(depth: depth(in: array)))
            guard try skipBlankLines() else { break }
            guard take(UInt8(ascii: ",")) || peek == UInt8(ascii: "]") else {
                throw error("a comma or `]` should stand here")
            }
        }
        throw start.error("the array has no end")
    }

    private mutating func readPairs(of table: TOMLDraft) throws(TOMLError) {
        let start = self
        index += 1
        while try skipBlankLines() {
            if take(UInt8(ascii: "}")) { return }
            try pair(in: table)
            guard try skipBlankLines() else { break }
            guard take(UInt8(ascii: ",")) || peek == UInt8(ascii: "}") else {
                throw error("a comma or `}` should stand here")
            }
        }
        throw start.error("the inline table has no end")
    }

    /// Reads a number, a boolean or a date.
    private mutating func unquoted() throws(TOMLError) -> TOMLNode.Value {
        let start = self
        var text = take(while: Self.isUnquoted)
        guard !text.isEmpty else { throw error("a value should stand here") }
        // A space may stand between date and time.
        if isTOMLDate(text), peek == UInt8(ascii: " "), let next = peek(1), isDecimalDigit(next) {
            index += 1
            text = bytes[text.startIndex..<take(while: Self.isUnquoted).endIndex]
        }
        let string = String(decoding: text, as: UTF8.self)
        switch string {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default: break
        }
        if isTOMLDateTime(text) { return .dateTime(string) }
        switch tomlNumber(text) {
        case .integer(let number)?: return .integer(number)
        case .float(let number)?: return .float(number)
        case .tooLarge?: throw start.error("the integer `\(string)` does not fit into 64 bits")
        case nil: throw start.error("`\(string)` is no value; strings stand in quotes")
        }
    }

    private static func isUnquoted(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }
}
