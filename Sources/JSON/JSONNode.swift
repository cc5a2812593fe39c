//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A JSON value (RFC 8259) with the line on which it begins.
public struct JSONNode: Hashable, Sendable {
    /// The value itself.
    public indirect enum Value: Hashable, Sendable {
        case null
        case boolean(Bool)
        /// A number as written.
        case number(String)
        case string(String)
        case array([JSONNode])
        /// Members in file order.
        case object([JSONMember])
    }

    /// The value.
    public let value: Value
    /// The line, counted from 1.
    public let line: Int

    /// A value on a line.
    public init(_ value: Value, line: Int) {
        self.value = value
        self.line = line
    }

    /// The text of a string.
    public var string: String? { if case .string(let text) = value { text } else { nil } }
    /// A string as one element, an array of strings as many, else empty.
    public var strings: [String] {
        switch value {
        case .string(let text): [text]
        case .array(let nodes): nodes.compactMap(\.string)
        default: []
        }
    }
    /// The value of `true` and `false`.
    public var bool: Bool? { if case .boolean(let flag) = value { flag } else { nil } }
    /// The value of a whole number that fits.
    public var int: Int? { if case .number(let text) = value { Int(text) } else { nil } }
    /// The elements of an array.
    public var array: [JSONNode]? { if case .array(let nodes) = value { nodes } else { nil } }
    /// The members of an object in file order.
    public var object: [JSONMember]? { if case .object(let members) = value { members } else { nil } }

    /// The member `key` of an object; the last one where there are several.
    public subscript(key: String) -> JSONNode? {
        object?.last { $0.key == key }?.value
    }
}

/// A member of a JSON object.
public struct JSONMember: Hashable, Sendable {
    /// Its name.
    public let key: String
    /// The line of the name, counted from 1.
    public let line: Int
    /// Its value.
    public let value: JSONNode

    /// A member.
    public init(key: String, line: Int, value: JSONNode) {
        self.key = key
        self.line = line
        self.value = value
    }
}

/// Why a text is not JSON.
public struct JSONError: Error, Equatable, CustomStringConvertible {
    /// The line, counted from 1.
    public let line: Int
    /// What is wrong there.
    public let problem: String

    /// `line N: problem`.
    public var description: String { "line \(line): \(problem)" }
}
