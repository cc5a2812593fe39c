//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import YAML

/// A file of Azure Pipelines with its
/// [template expressions](https://learn.microsoft.com/en-us/azure/devops/pipelines/process/template-expressions)
/// replaced: conditions decided, loops unrolled, parameters filled in.
///
/// What comes from another file than the one around it carries that file's path in its tag.
struct AzureTemplate {
    let path: String
    let root: YAMLNode
    let context: AzureContext

    /// Reads the file at `path` with the parameters that its user gives; nil where it cannot be read.
    init?(_ path: String, _ given: [String: AzureValue], variables: [String: AzureValue], in repository: Repository) {
        guard repository.contains(path), let root = repository.yaml(path) else { return nil }
        var context = AzureContext(values: builtInVariables.merging(variables) { _, given in given })
        let parameters = root["parameters"]
        for item in parameters?.sequence ?? [] {
            guard let name = item["name"]?.string?.lowercased() else { continue }
            context.values["parameters.\(name)"] =
                given[name] ?? item["default"].map { AzureValue($0, path: path) } ?? .unknown
        }
        for pair in parameters?.mapping ?? [] {
            guard let name = pair.key.string?.lowercased() else { continue }
            context.values["parameters.\(name)"] = given[name] ?? AzureValue(pair.value, path: path)
        }
        for (name, value) in given where context.values["parameters.\(name)"] == nil {
            context.values["parameters.\(name)"] = value
        }
        for (name, value) in azureVariables(root["variables"]) {
            context.values["variables.\(name.lowercased())"] = .text(context.expand(value))
        }
        self.path = path
        self.context = context
        var expansion = Expansion(path: path)
        self.root = expansion.expand(root, context, depth: 0)
    }

    /// The file that a reference names from this one; nil for one of another repository.
    func file(_ name: String) -> String? {
        let parts = name.split(separator: "@", maxSplits: 1)
        if parts.count > 1, parts[1] != "self" { return nil }
        guard let file = parts.first else { return nil }
        return file.hasPrefix("/") ? joinPath("", String(file)) : joinPath(parentPath(path), String(file))
    }

    /// The parameters that a reference gives.
    func arguments(_ node: YAMLNode?) -> [String: AzureValue] {
        var values: [String: AzureValue] = [:]
        for pair in node?.mapping ?? [] {
            guard let name = pair.key.string?.lowercased() else { continue }
            values[name] = AzureValue(pair.value, path: pair.value.originalPath ?? path)
        }
        return values
    }
}

extension YAMLNode {
    /// The file that a node comes from, where that is not the one around it.
    var originalPath: String? {
        tag.flatMap { $0.hasPrefix(originMark) ? String($0.dropFirst(originMark.count)) : nil }
    }

    fileprivate func from(_ path: String) -> YAMLNode {
        originalPath == nil ? YAMLNode(value, tag: originMark + path, line: line, column: column) : self
    }
}

private let originMark = "fitout:file:"

/// The variables of a pipeline, a stage or a job: a mapping, or a list with names.
func azureVariables(_ node: YAMLNode?) -> [(name: String, value: String)] {
    (node?.mapping ?? []).compactMap { pair in
        pair.key.string.flatMap { name in pair.value.string.map { (name, $0) } }
    }
        + (node?.sequence ?? []).compactMap { item in
            item["name"]?.string.flatMap { name in item["value"]?.string.map { (name, $0) } }
        }
}

private struct Expansion {
    let path: String
    /// Loops within loops grow: what is beyond any pipeline that people write is left out.
    private var budget = 50_000

    init(path: String) { self.path = path }

    mutating func expand(_ node: YAMLNode, _ context: AzureContext, depth: Int) -> YAMLNode {
        budget -= 1
        guard depth < 60, budget > 0 else { return YAMLNode(.scalar("", plain: true), line: node.line, column: 1) }
        switch node.value {
        case .scalar(let text, let plain):
            if let value = wholeExpression(text).map(context.evaluate), case .node(let found, let origin) = value {
                return origin == path ? found : found.from(origin)
            }
            let changed = text.range(ofText: "${{") == nil ? text : context.expand(text)
            return YAMLNode(.scalar(changed, plain: plain), tag: node.tag, line: node.line, column: node.column)
        case .sequence(let nodes):
            return YAMLNode(
                .sequence(items(nodes, context, depth: depth)), tag: node.tag, line: node.line, column: node.column)
        case .mapping(let pairs):
            return YAMLNode(
                .mapping(members(pairs, context, depth: depth)), tag: node.tag, line: node.line, column: node.column)
        }
    }

    /// The items of a list, with those that expressions put in.
    private mutating func items(_ nodes: [YAMLNode], _ context: AzureContext, depth: Int) -> [YAMLNode] {
        var result: [YAMLNode] = []
        var isDecided: Bool?
        for node in nodes {
            if let pair = node.mapping?.first, node.mapping?.count == 1, let directive = directive(pair.key) {
                for (value, context) in chosen(directive, pair.value, context, &isDecided) {
                    let expanded = expand(value, context, depth: depth + 1)
                    for item in expanded.sequence ?? [expanded] {
                        result.append(expanded.originalPath.map { item.from($0) } ?? item)
                    }
                }
                continue
            }
            isDecided = nil
            let expanded = expand(node, context, depth: depth + 1)
            if node.string != nil, let inserted = expanded.sequence {
                result += inserted.map { item in expanded.originalPath.map { item.from($0) } ?? item }
            } else if !(node.string.flatMap(wholeExpression) != nil && expanded.string?.isEmpty != false
                && expanded.mapping == nil)
            {
                result.append(expanded)
            }
        }
        return result
    }

    private mutating func members(_ pairs: [YAMLPair], _ context: AzureContext, depth: Int) -> [YAMLPair] {
        var result: [YAMLPair] = []
        var isDecided: Bool?
        for pair in pairs {
            guard let directive = directive(pair.key) else {
                isDecided = nil
                let key = pair.key.mapTexts { $0.range(ofText: "${{") == nil ? $0 : context.expand($0) }
                result.append(YAMLPair(key: key, value: expand(pair.value, context, depth: depth + 1)))
                continue
            }
            for (value, context) in chosen(directive, pair.value, context, &isDecided) {
                let expanded = expand(value, context, depth: depth + 1)
                result += expanded.mapping ?? []
                // A list of steps under a condition in a mapping stands for itself.
                for item in expanded.sequence ?? [] { result += item.mapping ?? [] }
            }
        }
        return result
    }

    private enum Directive {
        case condition(String)
        case otherCondition(String)
        case otherwise
        case each(name: String, list: String)
        case insert
    }

    private func directive(_ key: YAMLNode) -> Directive? {
        guard let text = key.string, let body = wholeExpression(text)?.trimmingSpaces else { return nil }
        if body == "else" { return .otherwise }
        if body == "insert" { return .insert }
        if body.hasPrefix("if ") || body.hasPrefix("if(") { return .condition(String(body.dropFirst(2))) }
        if body.hasPrefix("elseif ") || body.hasPrefix("elseif(") {
            return .otherCondition(String(body.dropFirst(6)))
        }
        let words = body.split(separator: " ", maxSplits: 3)
        if words.count == 4, words[0] == "each", words[2] == "in" {
            return .each(name: words[1].lowercased(), list: String(words[3]))
        }
        return nil
    }

    /// The values that a directive lets stand, each with what its names hold. What is not known stands.
    private func chosen(
        _ directive: Directive, _ value: YAMLNode, _ context: AzureContext, _ isDecided: inout Bool?
    ) -> [(YAMLNode, AzureContext)] {
        switch directive {
        case .condition(let text):
            let holds = context.evaluate(text).isTrue
            isDecided = holds
            return holds == false ? [] : [(value, context)]
        case .otherCondition(let text):
            if isDecided == true { return [] }
            let holds = context.evaluate(text).isTrue
            if isDecided == false || holds == true { isDecided = holds }
            return holds == false ? [] : [(value, context)]
        case .otherwise:
            return isDecided == true ? [] : [(value, context)]
        case .insert: return [(value, context)]
        case .each(let name, let list):
            guard case .node(let node, let origin) = context.evaluate(list) else { return [] }
            var result: [(YAMLNode, AzureContext)] = []
            for item in (node.sequence ?? []).prefix(200) {
                var inner = context
                inner.values[name] = AzureValue(item, path: origin)
                result.append((value, inner))
            }
            for pair in (node.mapping ?? []).prefix(200) {
                var inner = context
                inner.values["\(name).key"] = .text(pair.key.string ?? "")
                inner.values["\(name).value"] = AzureValue(pair.value, path: origin)
                result.append((value, inner))
            }
            return result
        }
    }

    /// The body of a text that is one expression and nothing else.
    private func wholeExpression(_ text: String) -> String? {
        guard text.hasPrefix("${{"), text.hasSuffix("}}") else { return nil }
        let body = text.dropFirst(3).dropLast(2)
        return body.range(ofText: "${{") == nil ? String(body) : nil
    }
}

private let builtInVariables: [String: AzureValue] = [
    "variables.agent.os": .text("Linux"), "variables.build.reason": .text("IndividualCI"),
    "variables.build.sourcebranch": .text("refs/heads/main"), "variables.build.sourcebranchname": .text("main"),
    "variables.agent.osarchitecture": .text("X64"), "variables.system.pullrequest.pullrequestid": .null,
    "variables.build.sourcesdirectory": .text("/workspace"),
    "variables.system.defaultworkingdirectory": .text("/workspace"),
    "variables.build.repository.localpath": .text("/workspace"), "variables.pipeline.workspace": .text("/workspace"),
]
