//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import TOMLKit

/// Joins the values of a document with the places of its outline.
struct TOMLJoin {
    let bytes: [UInt8]

    /// The node of `value`, which stands where `outline` says.
    func node(_ value: any TOMLValueConvertible, _ outline: TOMLOutline) throws(TOMLError) -> TOMLNode {
        TOMLNode(try contents(value, outline), line: outline.line)
    }

    private func contents(
        _ value: any TOMLValueConvertible, _ outline: TOMLOutline
    ) throws(TOMLError) -> TOMLNode.Value {
        switch (value.type, outline.kind) {
        case (.table, .table):
            guard let table = value.table, table.count == outline.children.count else { break }
            var pairs: [TOMLPair] = []
            pairs.reserveCapacity(outline.children.count)
            for (key, child) in outline.children {
                let key = String(decoding: key, as: UTF8.self)
                guard let value = table[key] else { throw disagreement(child) }
                pairs.append(TOMLPair(key: key, value: try node(value, child)))
            }
            return .table(pairs)
        case (.array, .array):
            guard let array = value.array, array.count == outline.elements.count else { break }
            var nodes: [TOMLNode] = []
            nodes.reserveCapacity(outline.elements.count)
            for (index, element) in outline.elements.enumerated() {
                nodes.append(try node(array[index], element))
            }
            return .array(nodes)
        case (.string, .string):
            if let text = value.string { return .string(text) }
        case (.int, .bare):
            if let number = value.int { return .integer(Int64(number)) }
        case (.double, .bare):
            if let number = value.double { return .float(number) }
        case (.bool, .bare):
            if let flag = value.bool { return .boolean(flag) }
        case (.date, .bare(let text)), (.time, .bare(let text)), (.dateTime, .bare(let text)):
            return .dateTime(String(decoding: bytes[text], as: UTF8.self))
        default:
            break
        }
        throw disagreement(outline)
    }

    private func disagreement(_ outline: TOMLOutline) -> TOMLError {
        TOMLError(line: outline.line, column: 1, problem: "internal error: the value read is not the value found here")
    }
}
