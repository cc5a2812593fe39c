//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// An element of an XML document, as far as build files need it: names, texts and children; attributes are kept as
/// written, namespaces are not resolved.
struct XMLElement {
    /// As written, with its prefix.
    let name: String
    /// Counted from 1.
    let line: Int
    var attributes: [String: String] = [:]
    /// The text directly within it, without white space at its ends.
    var text = ""
    var children: [XMLElement] = []

    /// The first child of this name.
    subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The children of this name.
    func children(named name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// The elements to which these names lead, one level each.
    func elements(at names: String...) -> [XMLElement] {
        names.reduce([self]) { level, name in level.flatMap { $0.children(named: name) } }
    }

    /// All elements of this name below it, at any depth.
    func descendants(named name: String) -> [XMLElement] {
        var result: [XMLElement] = []
        collect(name, into: &result)
        return result
    }

    private func collect(_ name: String, into result: inout [XMLElement]) {
        for child in children {
            if child.name == name { result.append(child) }
            child.collect(name, into: &result)
        }
    }
}

/// Why a document is not XML that build tools read.
struct XMLError: Error, Equatable {
    /// Counted from 1.
    let line: Int
    let problem: String
}

/// Reads a document and gives its root element.
///
/// Entities that a document declares are not expanded, so that the result is never larger than the text. What nests
/// deeper than 100 levels or is larger than 32 MB is refused.
func parseXML(_ bytes: [UInt8]) throws(XMLError) -> XMLElement {
    guard bytes.count <= 32 << 20 else { throw XMLError(line: 1, problem: "it is larger than 32 MB") }
    var parser = XMLParser(bytes: bytes)
    return try parser.document()
}

extension Repository {
    /// The root element of the file; nil, with a warning that names the line, where it is malformed.
    func xml(_ path: String) -> XMLElement? {
        guard let bytes = bytes(path) else { return nil }
        do throws(XMLError) {
            return try parseXML(bytes)
        } catch {
            warn(Evidence(path, line: error.line), error.problem)
            return nil
        }
    }
}

private struct XMLParser {
    let bytes: [UInt8]
    var position: Int
    var line = 1

    init(bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    mutating func document() throws(XMLError) -> XMLElement {
        var stack: [XMLElement] = []
        var text: [UInt8] = []
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "<") else {
                if !stack.isEmpty { text.append(bytes[position]) }
                advance(1)
                continue
            }
            if starts(with: "<!--") {
                skip(past: "-->")
            } else if starts(with: "<![CDATA[") {
                advance(9)
                let start = position
                skip(past: "]]>")
                if !stack.isEmpty {
                    stack[stack.count - 1].text += decoded(text)
                    text = []
                    stack[stack.count - 1].text += String(
                        decoding: bytes[start..<max(start, position - 3)], as: UTF8.self)
                }
            } else if starts(with: "<?") {
                skip(past: "?>")
            } else if starts(with: "<!") {
                skipDeclaration()
            } else if starts(with: "</") {
                let start = line
                advance(2)
                let name = take { !" \t\r\n>".utf8.contains($0) }
                skip(past: ">")
                guard var element = stack.popLast(), element.name == name else {
                    throw XMLError(line: start, problem: "`</\(name.prefix(100))>` closes no open element")
                }
                element.text = (element.text + decoded(text)).trimmingSpaces
                text = []
                guard !stack.isEmpty else { return element }
                stack[stack.count - 1].children.append(element)
            } else {
                if !stack.isEmpty { stack[stack.count - 1].text += decoded(text) }
                text = []
                let (element, isEmpty) = try startTag()
                if isEmpty {
                    if stack.isEmpty { return element }
                    stack[stack.count - 1].children.append(element)
                } else {
                    guard stack.count < 100 else {
                        throw XMLError(line: line, problem: "its elements nest deeper than 100 levels")
                    }
                    stack.append(element)
                }
            }
        }
        guard let open = stack.last else { throw XMLError(line: 1, problem: "it has no XML element") }
        throw XMLError(line: open.line, problem: "`<\(open.name.prefix(100))>` is not closed")
    }

    private mutating func startTag() throws(XMLError) -> (XMLElement, isEmpty: Bool) {
        let start = line
        advance(1)
        let name = take { !" \t\r\n/>".utf8.contains($0) }
        guard !name.isEmpty else { throw XMLError(line: start, problem: "an element has no name") }
        var element = XMLElement(name: name, line: start)
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: ">") {
                advance(1)
                return (element, false)
            }
            if byte == UInt8(ascii: "/") {
                skip(past: ">")
                return (element, true)
            }
            if " \t\r\n".utf8.contains(byte) {
                advance(1)
                continue
            }
            let key = take { !" \t\r\n=/>".utf8.contains($0) }
            _ = take { " \t\r\n=".utf8.contains($0) }
            guard !key.isEmpty, position < bytes.count,
                bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "'")
            else {
                throw XMLError(line: line, problem: "an attribute of `<\(name.prefix(100))>` has no value in quotes")
            }
            let quote = bytes[position]
            advance(1)
            element.attributes[key] = decoded(Array(take { $0 != quote }.utf8))
            advance(1)
        }
        throw XMLError(line: start, problem: "`<\(name.prefix(100))` is not closed")
    }

    private mutating func take(while holds: (UInt8) -> Bool) -> String {
        let start = position
        while position < bytes.count, holds(bytes[position]) { advance(1) }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func advance(_ count: Int) {
        for _ in 0..<count where position < bytes.count {
            if bytes[position] == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
    }

    private func starts(with text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        for offset in 0..<count where bytes[position + offset] != text.utf8Start[offset] { return false }
        return true
    }

    private mutating func skip(past text: StaticString) {
        while position < bytes.count, !starts(with: text) { advance(1) }
        advance(text.utf8CodeUnitCount)
    }

    /// `<!DOCTYPE …>`, with what it declares between brackets.
    private mutating func skipDeclaration() {
        while position < bytes.count, bytes[position] != UInt8(ascii: ">") {
            if bytes[position] == UInt8(ascii: "[") { skip(past: "]") } else { advance(1) }
        }
        advance(1)
    }

    /// The text with the five named entities and characters by number replaced; other entities stay as written.
    private func decoded(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard bytes.contains(UInt8(ascii: "&")) else { return text }
        var result = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "&") {
            result += rest[..<start]
            rest = rest[start...]
            guard let end = rest.prefix(12).firstIndex(of: ";"),
                let character = entity(rest[rest.index(after: start)..<end])
            else {
                result += "&"
                rest = rest.dropFirst()
                continue
            }
            result.append(character)
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private func entity(_ name: Substring) -> Character? {
        switch name {
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        case "amp": return "&"
        default:
            guard name.hasPrefix("#") else { return nil }
            let digits = name.dropFirst()
            let number =
                digits.first == "x" || digits.first == "X" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return number.flatMap(Unicode.Scalar.init).map(Character.init)
        }
    }
}
