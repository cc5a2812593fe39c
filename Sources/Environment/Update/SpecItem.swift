//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import YAML

/// A line of `fitout.yaml` that can be told apart from all others: a section, an entry of one, a step or a part of one.
struct SpecItem {
    /// What leads to it: `["packages", "git"]`, `["dependencies", "uv .", "extras", "test"]`.
    let path: [String]
    /// Its first line, from 0.
    let line: Int
    /// The value of an entry `key: value`; nil for an element of a list and for what holds others.
    let value: String?
    /// Whether what it holds is written in brackets.
    let isFlow: Bool
    /// Whether it is an element of a list that holds keys: its first key stands on the same line.
    let isStep: Bool
    /// Whether it holds a list.
    let holdsList: Bool

    /// The items of a spec in the order of its lines.
    static func items(of root: YAMLNode, lines: [String]) -> [SpecItem] {
        var items: [SpecItem] = []
        collect(root, path: [], lines, &items)
        return items
    }

    /// Specs are four levels deep; what the reader accepts is never deeper.
    private static func collect(_ node: YAMLNode, path: [String], _ lines: [String], _ items: inout [SpecItem]) {
        for pair in node.mapping ?? [] {
            guard let key = pair.key.string else { continue }
            items.append(
                SpecItem(
                    path: path + [key], line: pair.key.line - 1, value: pair.value.isNull ? "" : pair.value.string,
                    isFlow: isFlow(pair.value, lines), isStep: false, holdsList: pair.value.sequence != nil))
            collect(pair.value, path: path + [key], lines, &items)
        }
        for element in node.sequence ?? [] {
            let isStep = element.mapping != nil
            let name = isStep ? stepName(element) : entryName(element.string ?? "", in: path)
            items.append(
                SpecItem(
                    path: path + [name], line: element.line - 1, value: nil, isFlow: isFlow(element, lines),
                    isStep: isStep, holdsList: false))
            if isStep { collect(element, path: path + [name], lines, &items) }
        }
    }

    /// A step is known by its manager and folder.
    private static func stepName(_ node: YAMLNode) -> String {
        "\(node["manager"]?.string ?? "") \(node["directory"]?.string ?? ".")"
    }

    /// A package is known by its name, whatever relation it has; other entries by all of their text.
    static func entryName(_ text: String, in path: [String]) -> String {
        path == ["packages"] ? String(text.prefix { $0 != " " }) : text
    }

    private static func isFlow(_ node: YAMLNode, _ lines: [String]) -> Bool {
        guard node.mapping != nil || node.sequence != nil, lines.indices.contains(node.line - 1) else { return false }
        return lines[node.line - 1].dropFirst(node.column - 1).first.map { "[{".contains($0) } ?? false
    }
}
