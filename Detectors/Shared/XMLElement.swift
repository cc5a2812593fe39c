//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// An element of an XML document, as far as build files need it: names, texts and children; attributes are kept as
/// written, namespaces are not resolved.
struct XMLElement {
    let name: String
    /// Counted from 1.
    let line: Int
    var attributes: [String: String] = [:]
    /// The text directly within it, without white space at its ends.
    var text = ""
    var children: [XMLElement] = []

    /// The first child of this name.
    subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    /// All elements of this name below it, at any depth.
    func descendants(named name: String) -> [XMLElement] {
        children.flatMap { ($0.name == name ? [$0] : []) + $0.descendants(named: name) }
    }

    /// The root element of a document; nil for a text that is not XML. What nests deeper than 100 levels is left out.
    static func parse(_ text: String) -> XMLElement? {
        var parser = XMLParser(bytes: Array(text.utf8))
        return parser.document()
    }
}

private struct XMLParser {
    let bytes: [UInt8]
    var position = 0
    var line = 1

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() -> XMLElement? {
        var stack: [XMLElement] = []
        var text: [UInt8] = []
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "<") else {
                text.append(bytes[position])
                advance(1)
                continue
            }
            if starts(with: "<!--") {
                skip(past: "-->")
            } else if starts(with: "<![CDATA[") {
                advance(9)
                let start = position
                skip(past: "]]>")
                text += bytes[start..<max(start, position - 3)]
            } else if starts(with: "<?") {
                skip(past: "?>")
            } else if starts(with: "<!") {
                skip(past: ">")
            } else if starts(with: "</") {
                skip(past: ">")
                guard var element = stack.popLast() else { return nil }
                element.text += decoded(text)
                text = []
                element.text = element.text.trimmingSpaces
                guard !stack.isEmpty else { return element }
                stack[stack.count - 1].children.append(element)
            } else {
                if !stack.isEmpty { stack[stack.count - 1].text += decoded(text) }
                text = []
                guard let (element, isEmpty) = startTag() else { return nil }
                if isEmpty {
                    if stack.isEmpty { return element }
                    stack[stack.count - 1].children.append(element)
                } else {
                    guard stack.count < 100 else { return nil }
                    stack.append(element)
                }
            }
        }
        return nil
    }

    private mutating func startTag() -> (XMLElement, isEmpty: Bool)? {
        let start = line
        advance(1)
        let name = take { !" \t\r\n/>".utf8.contains($0) }
        guard !name.isEmpty else { return nil }
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
            guard !key.isEmpty, position < bytes.count else { return nil }
            let quote = bytes[position]
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
            advance(1)
            element.attributes[key] = decoded(Array(take { $0 != quote }.utf8))
            advance(1)
        }
        return nil
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

    private func starts(with text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

    private mutating func skip(past text: String) {
        while position < bytes.count, !starts(with: text) { advance(1) }
        advance(text.utf8.count)
    }

    private func decoded(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.contains("&") else { return text }
        return text.replacing(text: "&lt;", with: "<").replacing(text: "&gt;", with: ">")
            .replacing(text: "&quot;", with: "\"").replacing(text: "&apos;", with: "'").replacing(
                text: "&amp;", with: "&")
    }
}
