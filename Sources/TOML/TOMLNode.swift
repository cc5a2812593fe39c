//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A value of a TOML document, with the line where it stands.
public struct TOMLNode: Hashable, Sendable {
    /// What a node holds.
    public indirect enum Value: Hashable, Sendable {
        /// A string of any notation.
        case string(String)
        /// An integer of any notation.
        case integer(Int64)
        /// A float, infinite or not a number too.
        case float(Double)
        /// `true` or `false`.
        case boolean(Bool)
        /// A date, a time or both, as written.
        case dateTime(String)
        /// An array, or an array of tables.
        case array([TOMLNode])
        /// A table, in the order in which the file names its keys first. No key is there twice.
        case table([TOMLPair])
    }

    /// What the node holds.
    public let value: Value
    /// The line of the key, of the header for a table that has one, of the value for an element of an array; from 1.
    public let line: Int

    /// A node as it stands on `line`, from 1.
    public init(_ value: Value, line: Int) {
        self.value = value
        self.line = line
    }
}

/// A key of a table and its value.
public struct TOMLPair: Hashable, Sendable {
    /// The key, without quotes.
    public let key: String
    /// The value, which knows the line of the key.
    public let value: TOMLNode

    /// The pair of `key` and `value`.
    public init(key: String, value: TOMLNode) {
        self.key = key
        self.value = value
    }
}

extension TOMLNode {
    /// The value of `key` in a table; `nil` for anything that is not a table.
    public subscript(key: String) -> TOMLNode? {
        guard case .table(let pairs) = value else { return nil }
        return pairs.first { $0.key == key }?.value
    }

    /// The value reached through tables by the keys in `path`.
    public subscript(path: [String]) -> TOMLNode? {
        var node: TOMLNode? = self
        for key in path { node = node?[key] }
        return node
    }

    /// The text of a string.
    public var string: String? {
        guard case .string(let text) = value else { return nil }
        return text
    }

    /// The text of a string, or the texts of the strings in an array; empty for anything else.
    public var strings: [String] {
        switch value {
        case .string(let text): [text]
        case .array(let nodes): nodes.compactMap(\.string)
        default: []
        }
    }

    /// The value of a boolean.
    public var bool: Bool? {
        guard case .boolean(let flag) = value else { return nil }
        return flag
    }

    /// The value of an integer.
    public var int: Int? {
        guard case .integer(let number) = value else { return nil }
        return Int(exactly: number)
    }

    /// The nodes of an array.
    public var array: [TOMLNode]? {
        guard case .array(let nodes) = value else { return nil }
        return nodes
    }

    /// The pairs of a table.
    public var table: [TOMLPair]? {
        guard case .table(let pairs) = value else { return nil }
        return pairs
    }
}
