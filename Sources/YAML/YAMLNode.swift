//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A node of a YAML document, with the place where it stands.
///
/// Aliases are replaced by what they refer to, and merge keys by what they merge; such a node keeps the place of its
/// anchor.
public struct YAMLNode: Hashable, Sendable {
    /// What a node holds.
    public indirect enum Value: Hashable, Sendable {
        /// A text; `plain` when it was written without quotes and not as a block, so that it may be a number,
        /// a boolean or null.
        case scalar(String, plain: Bool)
        /// A list.
        case sequence([YAMLNode])
        /// Keys with their values, in the order of the file. No key is there twice.
        case mapping([YAMLPair])
    }

    /// What the node holds.
    public let value: Value
    /// The tag, resolved: `!!str` is `tag:yaml.org,2002:str`. `nil` where none is written.
    public let tag: String?
    /// The line of its first character, from 1.
    public let line: Int
    /// The column of its first character, in characters from 1.
    public let column: Int

    /// A node as it stands at `line` and `column`, both from 1.
    public init(_ value: Value, tag: String? = nil, line: Int, column: Int) {
        self.value = value
        self.tag = tag
        self.line = line
        self.column = column
    }
}

/// A key of a mapping and its value.
public struct YAMLPair: Hashable, Sendable {
    /// The key; a scalar in nearly every file.
    public let key: YAMLNode
    /// The value.
    public let value: YAMLNode

    /// The pair of `key` and `value`.
    public init(key: YAMLNode, value: YAMLNode) {
        self.key = key
        self.value = value
    }
}
