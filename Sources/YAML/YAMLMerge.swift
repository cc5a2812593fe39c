//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Refuses duplicate keys and resolves merge keys (https://yaml.org/type/merge.html): explicit keys win over merged
/// ones, and of merged mappings the earlier ones win.
func mergedPairs(_ written: [YAMLPair], allowsDuplicateKeys: Bool) throws(YAMLError) -> [YAMLPair] {
    var places: [YAMLKeyIdentity: Int] = [:]
    places.reserveCapacity(written.count)
    var kept: [YAMLPair?] = []
    kept.reserveCapacity(written.count)
    for pair in written {
        let identity = YAMLKeyIdentity(pair.key)
        if let place = places[identity], let earlier = kept[place], !(allowsDuplicateKeys && pair.isMerge) {
            guard allowsDuplicateKeys else { throw duplicate(pair.key, of: earlier.key) }
            kept[place] = nil
        }
        places[identity] = kept.count
        kept.append(pair)
    }
    var pairs: [YAMLPair] = []
    pairs.reserveCapacity(kept.count)
    for case let pair? in kept {
        guard pair.isMerge else {
            pairs.append(pair)
            continue
        }
        for merged in try mappings(mergedBy: pair).joined() {
            let identity = YAMLKeyIdentity(merged.key)
            if places[identity] == nil {
                places[identity] = pairs.count
                pairs.append(merged)
            }
        }
    }
    return pairs
}

private func duplicate(_ key: YAMLNode, of earlier: YAMLNode) -> YAMLError {
    let name = key.string.map { "the key `\($0)`" } ?? "this key"
    return YAMLError(line: key.line, column: key.column, problem: "\(name) is already there on line \(earlier.line)")
}

private func mappings(mergedBy pair: YAMLPair) throws(YAMLError) -> [[YAMLPair]] {
    let error = YAMLError(
        line: pair.key.line, column: pair.key.column, problem: "`<<` merges a mapping or a sequence of mappings only")
    switch pair.value.value {
    case .mapping(let pairs):
        return [pairs]
    case .sequence(let nodes):
        var sources: [[YAMLPair]] = []
        for node in nodes {
            guard let pairs = node.mapping else { throw error }
            sources.append(pairs)
        }
        return sources
    case .scalar:
        throw error
    }
}

extension YAMLPair {
    fileprivate var isMerge: Bool { key.isMergeKey }
}
