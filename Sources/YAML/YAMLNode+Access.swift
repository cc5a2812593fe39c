//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension YAMLNode {
    /// The text of a scalar exactly as written, so `3.10` is `3.10`; `nil` for a null, a sequence and a mapping.
    public var string: String? {
        guard case .scalar(let text, _) = value, !isNull else { return nil }
        return text
    }

    /// The texts of a scalar or of the scalars in a sequence, nulls left out; empty for a mapping.
    public var strings: [String] {
        switch value {
        case .scalar: string.map { [$0] } ?? []
        case .sequence(let nodes): nodes.compactMap(\.string)
        case .mapping: []
        }
    }

    /// The boolean of a plain `true` or `false` (YAML 1.2 core schema: `yes` and `on` are strings).
    public var bool: Bool? {
        switch plainText {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: nil
        }
    }

    /// The integer of a plain scalar: decimal, `0o` octal or `0x` hexadecimal (YAML 1.2 core schema).
    /// `nil` too for one that does not fit.
    public var int: Int? {
        guard let text = plainText else { return nil }
        if text.hasPrefix("0o") { return unsigned(text.dropFirst(2), radix: 8) }
        if text.hasPrefix("0x") { return unsigned(text.dropFirst(2), radix: 16) }
        return Int(text)
    }

    /// Whether this is a plain null: `~`, `null` or nothing at all.
    public var isNull: Bool {
        switch plainText {
        case "", "~", "null", "Null", "NULL": true
        default: false
        }
    }

    /// The nodes of a sequence.
    public var sequence: [YAMLNode]? {
        guard case .sequence(let nodes) = value else { return nil }
        return nodes
    }

    /// The pairs of a mapping, in the order of the file.
    public var mapping: [YAMLPair]? {
        guard case .mapping(let pairs) = value else { return nil }
        return pairs
    }

    /// The value of the scalar key `key` of a mapping; `nil` for anything that is not a mapping.
    public subscript(key: String) -> YAMLNode? {
        guard case .mapping(let pairs) = value else { return nil }
        let pair = pairs.first { pair in
            guard case .scalar(let text, _) = pair.key.value else { return false }
            return text == key
        }
        return pair?.value
    }

    /// The text of a scalar whose type is to be found from its text.
    private var plainText: String? {
        guard case .scalar(let text, plain: true) = value, tag != "tag:yaml.org,2002:str" else { return nil }
        return text
    }

    private func unsigned(_ digits: Substring, radix: Int) -> Int? {
        guard let first = digits.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return nil }
        return Int(digits, radix: radix)
    }
}
