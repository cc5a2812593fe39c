//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A node with its measures as a tree without sharing.
struct YAMLSubtree {
    let node: YAMLNode
    /// Nodes in it, itself included.
    let size: Int
    /// Collections within each other in it.
    let height: Int
}

/// A collection while it is read.
struct YAMLFrame {
    let start: YAMLEvent
    let number: Int
    private let isMapping: Bool
    private var items: [YAMLNode] = []
    private var pairs: [YAMLPair] = []
    private var key: YAMLNode?
    private var size = 1
    private var height = 0

    init(start: YAMLEvent, number: Int, isMapping: Bool) {
        self.start = start
        self.number = number
        self.isMapping = isMapping
    }

    mutating func add(_ subtree: YAMLSubtree) {
        size += subtree.size
        height = max(height, subtree.height)
        if !isMapping {
            items.append(subtree.node)
        } else if let key = key.take() {
            pairs.append(YAMLPair(key: key, value: subtree.node))
        } else {
            key = subtree.node
        }
    }

    /// The collection, complete.
    consuming func finish(allowsDuplicateKeys: Bool) throws(YAMLError) -> YAMLSubtree {
        let value: YAMLNode.Value
        if isMapping {
            value = .mapping(try mergedPairs(pairs, allowsDuplicateKeys: allowsDuplicateKeys))
        } else {
            value = .sequence(items)
        }
        let node = YAMLNode(value, tag: start.tag, line: start.line, column: start.column)
        return YAMLSubtree(node: node, size: size, height: height + 1)
    }
}
