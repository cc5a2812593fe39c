//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import YAML

/// The entries of a job's matrix: every combination of the axes that is not excluded, with what `include` adds.
func matrixEntries(_ original: YAMLNode?, context: ActionsContext) -> [[String: ActionsValue]] {
    let matrix = original?.string == nil ? original : original.flatMap { computed($0, context) }
    var axes: [(name: String, values: [YAMLNode])] = []
    for pair in matrix?.mapping ?? [] {
        guard let name = pair.key.string, name != "include", name != "exclude" else { continue }
        axes.append((name, list(pair.value, context)))
    }
    var entries: [[String: ActionsValue]] = axes.isEmpty ? [] : [[:]]
    for axis in axes {
        var longer: [[String: ActionsValue]] = []
        for entry in entries {
            for value in axis.values where longer.count < entryLimit {
                longer.append(entry.merging(flattened(value, named: "matrix.\(axis.name)", context)) { _, new in new })
            }
            // An axis whose values are computed elsewhere leaves the others known.
            if axis.values.isEmpty { longer.append(entry.merging(["matrix.\(axis.name)": .unknown]) { _, new in new }) }
        }
        entries = longer
    }
    for node in matrix?["exclude"].map({ list($0, context) }) ?? [] {
        let excluded = members(node, context)
        entries.removeAll { entry in !excluded.isEmpty && excluded.allSatisfy { entry[$0.key] == $0.value } }
    }
    let axisKeys = Set(
        axes.flatMap { axis in axis.values.flatMap { flattened($0, named: "matrix.\(axis.name)", context).keys } })
    for node in matrix?["include"].map({ list($0, context) }) ?? [] {
        let included = members(node, context)
        let shared = included.filter { axisKeys.contains($0.key) }
        var isAdded = false
        if !axes.isEmpty {
            for index in entries.indices where shared.allSatisfy({ entries[index][$0.key] == $0.value }) {
                entries[index].merge(included) { _, new in new }
                isAdded = true
            }
        }
        if !isAdded, entries.count < entryLimit { entries.append(included) }
    }
    return entries.isEmpty ? [[:]] : entries
}

/// The items of a list, also of one that an expression such as `fromJSON('["3.8", "3.9"]')` gives.
private func list(_ node: YAMLNode, _ context: ActionsContext) -> [YAMLNode] {
    node.sequence ?? computed(node, context)?.sequence ?? []
}

/// What an expression gives where that is the text of a list or an object; its lines are those of the expression.
private func computed(_ node: YAMLNode, _ context: ActionsContext) -> YAMLNode? {
    guard let text = node.string, let value = context.evaluate(text).text?.trimmingSpaces,
        value.hasPrefix("[") || value.hasPrefix("{"), let parsed = try? parseYAML(Array(value.utf8))
    else { return nil }
    return parsed.placed(at: node)
}

extension YAMLNode {
    fileprivate func placed(at place: YAMLNode) -> YAMLNode {
        let value: YAMLNode.Value =
            switch self.value {
            case .scalar: self.value
            case .sequence(let nodes): .sequence(nodes.map { $0.placed(at: place) })
            case .mapping(let pairs):
                .mapping(
                    pairs.map { YAMLPair(key: $0.key.placed(at: place), value: $0.value.placed(at: place)) })
            }
        return YAMLNode(value, tag: tag, line: place.line, column: place.column)
    }
}

private func members(_ node: YAMLNode, _ context: ActionsContext) -> [String: ActionsValue] {
    var result: [String: ActionsValue] = [:]
    for pair in node.mapping ?? [] {
        guard let name = pair.key.string else { continue }
        result.merge(flattened(pair.value, named: "matrix.\(name)", context)) { _, new in new }
    }
    return result
}

/// A value by its name, and the members of a mapping by theirs.
private func flattened(_ node: YAMLNode, named name: String, _ context: ActionsContext) -> [String: ActionsValue] {
    if let pairs = node.mapping {
        var result: [String: ActionsValue] = [:]
        for pair in pairs {
            guard let key = pair.key.string else { continue }
            result.merge(flattened(pair.value, named: "\(name).\(key)", context)) { _, new in new }
        }
        return result
    }
    if let flag = node.bool { return [name: .boolean(flag)] }
    if node.isNull { return [name: .null] }
    guard let text = node.string else { return [name: .text(node.strings.joined(separator: " "))] }
    return [name: text.contains("${{") ? context.evaluate(text) : .text(text)]
}

/// GitHub allows this many jobs in a matrix.
private let entryLimit = 256
