//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import YAML

extension YAMLNode {
    /// The node with each text replaced, keys included; lines stay.
    func mapTexts(_ change: (String) -> String) -> YAMLNode {
        switch value {
        case .scalar(let text, let plain):
            let changed = change(text)
            return changed == text
                ? self : YAMLNode(.scalar(changed, plain: plain), tag: tag, line: line, column: column)
        case .sequence(let nodes):
            return YAMLNode(.sequence(nodes.map { $0.mapTexts(change) }), tag: tag, line: line, column: column)
        case .mapping(let pairs):
            return YAMLNode(
                .mapping(
                    pairs.map { YAMLPair(key: $0.key.mapTexts(change), value: $0.value.mapTexts(change)) }), tag: tag,
                line: line, column: column)
        }
    }

    /// How many nodes it has, as far as `limit`: aliases make small files large.
    func count(upTo limit: Int) -> Int {
        var count = 1
        for node in sequence ?? [] where count < limit { count += node.count(upTo: limit - count) }
        for pair in mapping ?? [] where count < limit { count += 1 + pair.value.count(upTo: limit - count) }
        return count
    }
}
