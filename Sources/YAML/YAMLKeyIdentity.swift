//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What makes two keys the same: text, structure and the role of a merge key, but neither place nor quotes.
struct YAMLKeyIdentity: Hashable {
    // Bytes, because strings that differ in Unicode normalization only are equal in Swift and different in YAML.
    private let bytes: [UInt8]

    init(_ key: YAMLNode) {
        var bytes: [UInt8] = []
        if case .scalar(let text, _) = key.value {
            bytes.reserveCapacity(text.utf8.count + 1)
            bytes.append(UInt8(ascii: key.isMergeKey ? "<" : "="))
            bytes.append(contentsOf: text.utf8)
        } else {
            Self.append(key, to: &bytes)
        }
        self.bytes = bytes
    }

    /// A notation that no two different nodes share: every part says its length first.
    private static func append(_ node: YAMLNode, to bytes: inout [UInt8]) {
        switch node.value {
        case .scalar(let text, _):
            bytes.append(contentsOf: "s\(text.utf8.count):\(text)".utf8)
        case .sequence(let nodes):
            bytes.append(contentsOf: "q\(nodes.count):".utf8)
            for node in nodes { append(node, to: &bytes) }
        case .mapping(let pairs):
            bytes.append(contentsOf: "m\(pairs.count):".utf8)
            for pair in pairs {
                append(pair.key, to: &bytes)
                append(pair.value, to: &bytes)
            }
        }
    }
}

extension YAMLNode {
    /// Whether this is `<<` as a key that merges.
    var isMergeKey: Bool {
        guard case .scalar("<<", plain: true) = value else { return false }
        return tag == nil || tag == "tag:yaml.org,2002:merge"
    }
}
