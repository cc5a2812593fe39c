//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A place in a TOML text, and the document read so far. The parts of the grammar are extensions.
struct TOMLParser {
    /// Tables and arrays within each other. Deeper documents are refused, since whoever walks, compares or frees a tree
    /// does so recursively.
    static let maximumDepth = 100

    let bytes: [UInt8]
    var index = 0
    private(set) var line = 1
    private var lineStart = 0
    let root = TOMLDraft(.table(.header), line: 1, depth: 0)

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            index = 3
            lineStart = 3
        }
    }

    /// Reads the whole text.
    mutating func document() throws(TOMLError) -> TOMLNode {
        var table = root
        while try skipBlankLines() {
            if peek == UInt8(ascii: "[") {
                table = try header()
            } else {
                try pair(in: table)
            }
            skipSpace()
            try skipComment()
            guard try skipLineBreak() || isAtEnd else { throw error("the line goes on where it should end") }
        }
        return root.node
    }

    var isAtEnd: Bool { index == bytes.count }

    /// The next byte.
    var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    /// The byte `distance` behind the next.
    func peek(_ distance: Int) -> UInt8? { bytes.count - index > distance ? bytes[index + distance] : nil }

    /// An error at the next byte.
    func error(_ problem: String) -> TOMLError {
        TOMLError(line: line, column: index - lineStart + 1, problem: problem)
    }

    /// Whether the next byte is `byte`, which is then behind us.
    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        index += 1
        return true
    }

    /// As many bytes as are next and fulfil `condition`.
    mutating func take(while condition: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let start = index
        while let byte = peek, condition(byte) { index += 1 }
        return bytes[start..<index]
    }

    mutating func skipSpace() {
        while let byte = peek, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { index += 1 }
    }

    /// Skips `\n` or `\r\n`; whether there was one.
    mutating func skipLineBreak() throws(TOMLError) -> Bool {
        if peek == UInt8(ascii: "\r") {
            guard peek(1) == UInt8(ascii: "\n") else { throw error("a carriage return stands without a line feed") }
            index += 1
        }
        guard take(UInt8(ascii: "\n")) else { return false }
        line += 1
        lineStart = index
        return true
    }

    mutating func skipComment() throws(TOMLError) {
        guard peek == UInt8(ascii: "#") else { return }
        while let byte = peek, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") {
            try refuseControl(byte)
            index += 1
        }
    }

    /// Skips space, line breaks and comments; whether anything follows.
    mutating func skipBlankLines() throws(TOMLError) -> Bool {
        repeat {
            skipSpace()
            try skipComment()
        } while try skipLineBreak()
        return !isAtEnd
    }

    /// Throws for control characters other than the tab.
    func refuseControl(_ byte: UInt8) throws(TOMLError) {
        if (byte < 0x20 && byte != UInt8(ascii: "\t")) || byte == 0x7F {
            throw error("a control character stands here")
        }
    }
}
