//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A value of [EDN](https://github.com/edn-format/edn) or Clojure's source, as far as project files need it.
struct EDNNode {
    enum Value {
        /// Symbols, keywords, numbers and characters, as written.
        case atom(String)
        case string(String)
        /// A list, a vector or a set.
        case items([EDNNode])
        /// Keys and values in turn.
        case map([EDNNode])
    }

    let value: Value
    /// Counted from 1.
    let line: Int

    var atom: String? { if case .atom(let text) = value { text } else { nil } }
    var string: String? { if case .string(let text) = value { text } else { nil } }
    var items: [EDNNode] { if case .items(let nodes) = value { nodes } else { [] } }

    /// The keys and values of a map.
    var pairs: [(key: EDNNode, value: EDNNode)] {
        guard case .map(let nodes) = value else { return [] }
        return stride(from: 0, to: nodes.count - nodes.count % 2, by: 2).map { (nodes[$0], nodes[$0 + 1]) }
    }

    /// The value of a keyword in a map, or behind it in a list such as `(defproject … :key value)`.
    subscript(key: String) -> EDNNode? {
        switch value {
        case .map: return pairs.first { $0.key.atom == key }?.value
        case .items(let nodes):
            guard let place = nodes.firstIndex(where: { $0.atom == key }), place + 1 < nodes.count else { return nil }
            return nodes[place + 1]
        default: return nil
        }
    }

    /// The top-level values of a text. What is not closed ends with the text; what nests deeper than 100 levels is
    /// left out.
    static func parse(_ text: String) -> [EDNNode] {
        var reader = EDNReader(bytes: Array(text.utf8))
        return reader.read()
    }
}

private struct EDNReader {
    let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var stack: [(nodes: [EDNNode], isMap: Bool, line: Int)] = [([], false, 1)]
    /// How many of the values that follow are left out, for each open level.
    private var discards = [0]

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func read() -> [EDNNode] {
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                position += 1
            case UInt8(ascii: ";"):
                while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
                position += 1
                open(isMap: byte == UInt8(ascii: "{"))
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
                position += 1
                if stack.count > 1 { close() }
            case UInt8(ascii: "\""): string()
            case UInt8(ascii: "#"): dispatch()
            case UInt8(ascii: "^"):
                // Metadata belongs to what follows it.
                position += 1
                discards[discards.count - 1] += 1
            case UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "~"), UInt8(ascii: "@"): position += 1
            case UInt8(ascii: "\\"): character()
            default:
                if byte <= 0x20 || byte == UInt8(ascii: ",") { position += 1 } else { atom() }
            }
        }
        while stack.count > 1 { close() }
        return stack[0].nodes
    }

    private mutating func open(isMap: Bool) {
        stack.append(([], isMap, line))
        discards.append(0)
    }

    private mutating func close() {
        let (nodes, isMap, start) = stack.removeLast()
        discards.removeLast()
        // The result is read and freed recursively.
        let kept = stack.count < 100 ? nodes : []
        add(EDNNode(value: isMap ? .map(kept) : .items(kept), line: start))
    }

    private mutating func add(_ node: EDNNode) {
        if discards[discards.count - 1] > 0 {
            discards[discards.count - 1] -= 1
        } else {
            stack[stack.count - 1].nodes.append(node)
        }
    }

    private mutating func dispatch() {
        position += 1
        guard position < bytes.count else { return }
        switch bytes[position] {
        case UInt8(ascii: "_"):
            position += 1
            discards[discards.count - 1] += 1
        case UInt8(ascii: "{"):
            position += 1
            open(isMap: false)
        case UInt8(ascii: "("), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "^"): break
        case UInt8(ascii: "?"):
            position += 1
        default:
            // A tag, or a namespace of a map: what follows it stands for itself.
            while position < bytes.count, isAtomPart(bytes[position]) { position += 1 }
        }
    }

    private func isAtomPart(_ byte: UInt8) -> Bool {
        byte > 0x20 && !"()[]{}\",;".utf8.contains(byte)
    }

    private mutating func atom() {
        let start = position
        while position < bytes.count, isAtomPart(bytes[position]) { position += 1 }
        add(EDNNode(value: .atom(String(decoding: bytes[start..<position], as: UTF8.self)), line: line))
    }

    private mutating func character() {
        let start = position
        position = min(position + 2, bytes.count)
        while position < bytes.count, isAtomPart(bytes[position]) { position += 1 }
        add(EDNNode(value: .atom(String(decoding: bytes[start..<position], as: UTF8.self)), line: line))
    }

    private mutating func string() {
        let first = line
        position += 1
        var text: [UInt8] = []
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == UInt8(ascii: "\\") { position += 1 }
            guard position < bytes.count else { break }
            if bytes[position] == UInt8(ascii: "\n") { line += 1 }
            text.append(bytes[position])
            position += 1
        }
        position += 1
        add(EDNNode(value: .string(String(decoding: text, as: UTF8.self)), line: first))
    }
}
