//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Finds the keys and values of a TOML text (https://toml.io/en/v1.0.0) and the lines they stand on.
///
/// It takes more than TOML and stops where it does not understand, since the grammar is checked elsewhere. What it
/// throws are the bounds that keep later steps safe.
struct TOMLScanner {
    /// Tables and arrays within each other.
    static let maximumDepth = 100

    let bytes: [UInt8]
    var index = 0
    var line = 1
    private var lineStart = 0
    private let root = TOMLOutline(.table, line: 1, depth: 0)

    /// The outline of the text up to where it is understood.
    static func outline(_ bytes: [UInt8]) throws(TOMLError) -> TOMLOutline {
        var scanner = TOMLScanner(bytes: bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { scanner.index = 3 }
        var current = scanner.root
        while scanner.skipToStatement() {
            if scanner.peek == UInt8(ascii: "[") {
                guard let table = try scanner.header() else { break }
                current = table
            } else {
                guard try scanner.pair(in: current) else { break }
            }
        }
        return scanner.root
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    func error(_ problem: String) -> TOMLError {
        TOMLError(line: line, column: index - lineStart + 1, problem: problem)
    }

    func has(_ text: StaticString) -> Bool {
        guard bytes.count - index >= text.utf8CodeUnitCount else { return false }
        for offset in 0..<text.utf8CodeUnitCount where bytes[index + offset] != text.utf8Start[offset] { return false }
        return true
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        index += 1
        return true
    }

    /// Goes one byte on, and counts lines.
    mutating func advance() {
        let byte = bytes[index]
        index += 1
        if byte == UInt8(ascii: "\n") {
            line += 1
            lineStart = index
        }
    }

    mutating func skipSpace() {
        while let byte = peek, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { index += 1 }
    }

    /// Skips space, line breaks and comments; whether anything follows.
    mutating func skipToStatement() -> Bool {
        while let byte = peek {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): advance()
            case UInt8(ascii: "#"): while let byte = peek, byte != UInt8(ascii: "\n") { index += 1 }
            default: return true
            }
        }
        return false
    }

    /// Reads `[a.b]` or `[[a.b]]`, and returns the table it opens.
    private mutating func header() throws(TOMLError) -> TOMLOutline? {
        let line = line
        let isArray = has("[[")
        index += isArray ? 2 : 1
        guard let path = try key(), take(UInt8(ascii: "]")), !isArray || take(UInt8(ascii: "]")), let last = path.last,
            let parent = try table(path.dropLast(), in: root, line: line)
        else { return nil }
        let existing = parent.child(last)
        if isArray {
            let depth = try deeper(than: parent)
            let array = existing ?? TOMLOutline(.array, line: line, depth: depth)
            guard case .array = array.kind else { return nil }
            if existing == nil { parent.add(last, array) }
            let element = TOMLOutline(.table, line: line, depth: try deeper(than: array))
            array.add(element)
            return element
        }
        if let existing {
            guard case .table = existing.kind, existing.isImplicit else { return nil }
            existing.isImplicit = false
            existing.line = line
            return existing
        }
        let table = TOMLOutline(.table, line: line, depth: try deeper(than: parent))
        parent.add(last, table)
        return table
    }

    /// Reads `a.b = value` into `table`; whether it was understood.
    mutating func pair(in table: TOMLOutline) throws(TOMLError) -> Bool {
        let line = line
        guard let path = try key(), let last = path.last, take(UInt8(ascii: "=")),
            let parent = try self.table(path.dropLast(), in: table, line: line), parent.child(last) == nil,
            let node = try value(in: parent)
        else { return false }
        node.line = line
        parent.add(last, node)
        return true
    }

    /// The table at `path` below `start`, made where there is none; in an array of tables, its last.
    private func table(
        _ path: ArraySlice<[UInt8]>, in start: TOMLOutline, line: Int
    ) throws(TOMLError) -> TOMLOutline? {
        var table = start
        for key in path {
            if let child = table.child(key) {
                switch child.kind {
                case .table: table = child
                case .array:
                    guard let last = child.elements.last, case .table = last.kind else { return nil }
                    table = last
                default: return nil
                }
            } else {
                let child = TOMLOutline(.table, line: line, depth: try deeper(than: table))
                child.isImplicit = true
                table.add(key, child)
                table = child
            }
        }
        return table
    }

    func deeper(than node: TOMLOutline) throws(TOMLError) -> Int {
        guard node.depth < Self.maximumDepth else {
            throw error("more than \(Self.maximumDepth) tables and arrays stand within each other")
        }
        return node.depth + 1
    }

    /// Reads a key with its dots, and the space around it.
    mutating func key() throws(TOMLError) -> [[UInt8]]? {
        var path: [[UInt8]] = []
        repeat {
            skipSpace()
            if peek == UInt8(ascii: "\"") || peek == UInt8(ascii: "'") {
                guard let text = try quoted() else { return nil }
                path.append(text)
            } else {
                let start = index
                while let byte = peek, Self.isBare(byte) { index += 1 }
                guard index > start else { return nil }
                path.append(Array(bytes[start..<index]))
            }
            skipSpace()
        } while take(UInt8(ascii: "."))
        return path
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
