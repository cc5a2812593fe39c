//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A file of opam ([format](https://opam.ocaml.org/doc/Manual.html#Common-file-format)): fields and their values.
struct OpamFile {
    /// A value with what stands in braces behind it.
    struct Item {
        enum Value {
            case string(String)
            case word(String)
            case list([Item])
        }

        let value: Value
        /// The words, operators and texts in braces, in their order.
        var filter: [Token] = []
        let line: Int

        var string: String? { if case .string(let text) = value { text } else { nil } }
        var items: [Item] { if case .list(let items) = value { items } else { [] } }
    }

    struct Token: Equatable {
        let text: String
        let isString: Bool
        let line: Int
    }

    private(set) var fields: [String: Item] = [:]

    /// Reads as much as is well formed.
    init(_ text: String) {
        var reader = OpamReader(tokens: Self.tokens(text))
        while let token = reader.next() {
            // A section such as `url { … }` holds nothing of interest.
            if !token.isString, token.text == "{" {
                reader.skipBraces()
            } else if !token.isString, reader.peek()?.text == ":", reader.peek()?.isString == false {
                _ = reader.next()
                guard let item = reader.item(depth: 0) else { continue }
                fields[token.text] = fields[token.text] ?? item
            }
        }
    }

    subscript(field: String) -> Item? { fields[field] }

    private static func tokens(_ text: String) -> [Token] {
        let bytes = Array(text.utf8)
        var tokens: [Token] = []
        var index = 0
        var line = 1
        func starts(_ mark: String, at place: Int) -> Bool { bytes[place...].starts(with: mark.utf8) }
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case 0x0A:
                line += 1
                index += 1
            case 0x20, 0x09, 0x0D: index += 1
            case UInt8(ascii: "#"):
                while index < bytes.count, bytes[index] != 0x0A { index += 1 }
            case UInt8(ascii: "(") where starts("(*", at: index):
                index += 2
                while index < bytes.count, !starts("*)", at: index) {
                    if bytes[index] == 0x0A { line += 1 }
                    index += 1
                }
                index += 2
            case UInt8(ascii: "\""):
                let start = line
                let mark = starts("\"\"\"", at: index) ? "\"\"\"" : "\""
                index += mark.utf8.count
                var content: [UInt8] = []
                while index < bytes.count, !starts(mark, at: index) {
                    if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count { index += 1 }
                    if bytes[index] == 0x0A { line += 1 }
                    content.append(bytes[index])
                    index += 1
                }
                index += mark.utf8.count
                tokens.append(Token(text: String(decoding: content, as: UTF8.self), isString: true, line: start))
            case _ where isWord(byte):
                let start = index
                while index < bytes.count, isWord(bytes[index]) { index += 1 }
                let word = String(decoding: bytes[start..<index], as: UTF8.self)
                tokens.append(Token(text: word, isString: false, line: line))
            default:
                let mark = [">=", "<=", "!="].first { starts($0, at: index) }
                let text = mark ?? String(decoding: [byte], as: UTF8.self)
                tokens.append(Token(text: text, isString: false, line: line))
                index += text.utf8.count
            }
        }
        return tokens
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || "_-+%.".utf8.contains(byte)
            || byte >= 0x80
    }
}

private struct OpamReader {
    let tokens: [OpamFile.Token]
    private var index = 0

    init(tokens: [OpamFile.Token]) { self.tokens = tokens }

    mutating func next() -> OpamFile.Token? {
        guard index < tokens.count else { return nil }
        index += 1
        return tokens[index - 1]
    }

    func peek() -> OpamFile.Token? { index < tokens.count ? tokens[index] : nil }

    private func stands(_ mark: String) -> Bool { peek().map { !$0.isString && $0.text == mark } ?? false }

    /// A text, a word or a list, with its filter; no list goes deeper than any that people write.
    mutating func item(depth: Int) -> OpamFile.Item? {
        guard depth < 32, let token = next() else { return nil }
        var item: OpamFile.Item
        if token.isString {
            item = OpamFile.Item(value: .string(token.text), line: token.line)
        } else if token.text == "[" || token.text == "(" {
            var items: [OpamFile.Item] = []
            while let next = peek(), next.isString || (next.text != "]" && next.text != ")") {
                guard let element = self.item(depth: depth + 1) else { break }
                items.append(element)
            }
            _ = next()
            item = OpamFile.Item(value: .list(items), line: token.line)
        } else {
            item = OpamFile.Item(value: .word(token.text), line: token.line)
        }
        if stands("{") {
            _ = next()
            var depth = 1
            while let token = next() {
                if !token.isString, token.text == "{" { depth += 1 }
                if !token.isString, token.text == "}" { depth -= 1 }
                if depth == 0 { break }
                item.filter.append(token)
            }
        }
        return item
    }

    /// Goes behind the brace that closes the one before.
    mutating func skipBraces() {
        var depth = 1
        while depth > 0, let token = next() {
            if !token.isString, token.text == "{" { depth += 1 }
            if !token.isString, token.text == "}" { depth -= 1 }
        }
    }
}

extension OpamFile.Item {
    /// What the filter demands of the version, for example `>=4.08, <5.0`; empty for nothing. Conditions that are no
    /// versions do not count, and what opam negates is left out.
    var constraint: String {
        var result = ""
        var joint = ""
        for (index, token) in filter.enumerated() {
            if !token.isString, token.text == "&" || token.text == "|" {
                joint = token.text == "&" ? ", " : " || "
            } else if token.isString, index > 0, ["=", "!=", ">=", "<=", ">", "<"].contains(filter[index - 1].text),
                !filter[index - 1].isString, index == 1 || !isName(filter[index - 2])
            {
                // `4.08~` is what comes just before 4.08.
                let version = token.text.prefix { $0 != "~" }
                guard version.first?.isNumber == true else { continue }
                result += (result.isEmpty ? "" : joint.isEmpty ? ", " : joint) + filter[index - 1].text + version
            }
        }
        return result
    }

    /// Whether the filter names this variable, for example `with-test`.
    func names(_ variable: String) -> Bool { filter.contains { !$0.isString && $0.text == variable } }

    private func isName(_ token: OpamFile.Token) -> Bool {
        !token.isString && token.text.first.map { $0.isLetter } ?? false
    }
}
