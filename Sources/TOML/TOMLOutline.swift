//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The structure of a document without its values: where what stands, and in which order.
final class TOMLOutline {
    enum Kind {
        case table
        case array
        case string
        /// A number, a boolean or a date: the bytes of its text.
        case bare(Range<Int>)
    }

    var line: Int
    let depth: Int
    var kind: Kind
    /// The keys of a table with their nodes.
    private(set) var children: [(key: [UInt8], node: TOMLOutline)] = []
    /// The elements of an array.
    private(set) var elements: [TOMLOutline] = []
    /// Whether only headers and keys below it have named this table.
    var isImplicit = false
    // Bytes, because strings that differ in Unicode normalization only are equal in Swift and different in TOML.
    private var places: [[UInt8]: Int] = [:]

    init(_ kind: Kind, line: Int, depth: Int) {
        self.kind = kind
        self.line = line
        self.depth = depth
    }

    /// The node of `key`, or the last element if that is an array of tables.
    func child(_ key: [UInt8]) -> TOMLOutline? {
        places[key].map { children[$0].node }
    }

    func add(_ key: [UInt8], _ node: TOMLOutline) {
        places[key] = children.count
        children.append((key, node))
    }

    func add(_ node: TOMLOutline) { elements.append(node) }
}
