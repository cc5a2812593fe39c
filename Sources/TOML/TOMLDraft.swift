//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A value while its document is read: tables grow until the end.
final class TOMLDraft {
    enum Kind {
        /// A string, a number, a boolean or a date.
        case value(TOMLNode.Value)
        /// An array written as a value.
        case array
        /// An array that headers `[[a]]` extend.
        case tables
        case table(Definition)
    }

    /// What has defined a table, and so what may still add to it.
    enum Definition {
        /// Only headers of tables below it; a header or dotted keys may follow.
        case implied
        /// Its header, or the root.
        case header
        /// Dotted keys.
        case dotted
        /// Braces: nothing may be added behind them.
        case inline
    }

    var kind: Kind
    var line: Int
    /// How many tables and arrays are around it.
    let depth: Int
    private var pairs: [(key: [UInt8], draft: TOMLDraft)] = []
    private var elements: [TOMLDraft] = []
    // Bytes, because strings that differ in Unicode normalization only are equal in Swift and different in TOML.
    private var places: [[UInt8]: Int] = [:]

    init(_ kind: Kind, line: Int, depth: Int) {
        self.kind = kind
        self.line = line
        self.depth = depth
    }

    /// The value of `key` in a table.
    subscript(key: [UInt8]) -> TOMLDraft? {
        // Most tables are small, and comparing is quicker than hashing there.
        guard places.isEmpty else { return places[key].map { pairs[$0].draft } }
        return pairs.first { $0.key == key }?.draft
    }

    /// The last element of an array.
    var last: TOMLDraft? { elements.last }

    /// Adds a value that is not yet in the table.
    func add(_ key: [UInt8], _ draft: TOMLDraft) {
        pairs.append((key, draft))
        if !places.isEmpty {
            places[key] = pairs.count - 1
        } else if pairs.count > 8 {
            for (place, pair) in pairs.enumerated() { places[pair.key] = place }
        }
    }

    /// Adds an element to an array.
    func add(_ draft: TOMLDraft) { elements.append(draft) }

    /// The finished node. It is as deep as the parser allows, so recursion is bounded.
    var node: TOMLNode {
        switch kind {
        case .value(let value): TOMLNode(value, line: line)
        case .array, .tables: TOMLNode(.array(elements.map(\.node)), line: line)
        case .table:
            TOMLNode(
                .table(pairs.map { TOMLPair(key: String(decoding: $0.key, as: UTF8.self), value: $0.draft.node) }),
                line: line)
        }
    }
}
