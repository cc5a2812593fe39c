//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import JSON
import TOML
import YAML

/// A value of JSON, TOML or YAML, as far as keys lead through it.
protocol DataNode {
    var line: Int { get }
    /// A text, or a number as text; nil for anything else.
    var scalar: String? { get }
    /// The elements of a list, and the values of a mapping with their keys.
    var children: [(key: String?, line: Int, node: Self)] { get }
}

extension DataNode {
    /// The texts to which the keys lead: that of a scalar, those of a list, or the keys of a mapping; `*` is any key
    /// and any element of a list.
    func texts(_ keys: [String]) -> [(text: String, line: Int)] {
        var nodes = [self]
        for key in keys {
            nodes = nodes.flatMap { node in
                node.children.filter { key == "*" || $0.key == key }.map(\.node)
            }
        }
        return nodes.flatMap { node -> [(text: String, line: Int)] in
            if let text = node.scalar { return [(text, node.line)] }
            return node.children.compactMap { child in
                (child.key ?? child.node.scalar).map { ($0, child.line) }
            }
        }
    }
}

extension JSONNode: DataNode {
    var scalar: String? {
        switch value {
        case .string(let text), .number(let text): text
        default: nil
        }
    }

    var children: [(key: String?, line: Int, node: JSONNode)] {
        array?.map { (nil, $0.line, $0) } ?? object?.map { ($0.key, $0.line, $0.value) } ?? []
    }
}

extension TOMLNode: DataNode {
    var scalar: String? {
        switch value {
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .float(let number): "\(number)"
        default: nil
        }
    }

    var children: [(key: String?, line: Int, node: TOMLNode)] {
        array?.map { (nil, $0.line, $0) } ?? table?.map { ($0.key, $0.value.line, $0.value) } ?? []
    }
}

extension YAMLNode: DataNode {
    var scalar: String? { string }

    var children: [(key: String?, line: Int, node: YAMLNode)] {
        sequence?.map { (nil, $0.line, $0) }
            ?? mapping?.map { ($0.key.string ?? "", $0.key.line, $0.value) } ?? []
    }
}
