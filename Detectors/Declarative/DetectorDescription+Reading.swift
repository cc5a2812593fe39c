//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Versions
import YAML

/// Why a file does not describe a detector.
public struct DetectorDescriptionError: Error, Hashable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// The line, from 1.
    public let line: Int
    /// The column in characters, from 1.
    public let column: Int
    /// What is wrong there.
    public let problem: String

    /// `path:line:column: problem`.
    public var description: String { "\(path):\(line):\(column): \(problem)" }
}

extension DetectorDescription {
    /// Reads a description; `path` is for messages.
    init(_ bytes: [UInt8], path: String) throws(DetectorDescriptionError) {
        let root: YAMLNode?
        do throws(YAMLError) {
            root = try parseYAML(bytes)
        } catch {
            throw DetectorDescriptionError(path: path, line: error.line, column: error.column, problem: error.problem)
        }
        let reader = DescriptionReader(path: path)
        guard let root else { throw reader.error(YAMLNode(.mapping([]), line: 1, column: 1), "the file is empty") }
        try reader.check(root, keys: ["detector", "name", "summary", "rules"])
        guard let version = root["detector"] else { throw reader.error(root, "`detector: 1` is missing") }
        guard version.string == "1" else {
            throw reader.error(version, "version `\(version.string ?? "")` of the format is not known")
        }
        name = try reader.text(root, "name")
        summary = try reader.text(root, "summary")
        guard let nodes = root["rules"]?.sequence, !nodes.isEmpty else {
            throw reader.error(root["rules"] ?? root, "`rules` must be a list of rules")
        }
        var rules: [Rule] = []
        for node in nodes { rules.append(try reader.rule(node)) }
        self.rules = rules
    }
}

private struct DescriptionReader {
    let path: String

    func error(_ node: YAMLNode, _ problem: String) -> DetectorDescriptionError {
        DetectorDescriptionError(path: path, line: node.line, column: node.column, problem: problem)
    }

    func check(_ node: YAMLNode, keys: [String]) throws(DetectorDescriptionError) {
        guard let pairs = node.mapping else { throw error(node, "a mapping is expected") }
        for pair in pairs {
            let key = pair.key.string ?? ""
            guard !keys.contains(key) else { continue }
            throw error(
                pair.key,
                "the key `\(key)` is not known\n\nhint: known here are \(keys.map { "`\($0)`" }.joined(separator: ", "))"
            )
        }
    }

    func text(_ node: YAMLNode, _ key: String) throws(DetectorDescriptionError) -> String {
        guard let value = node[key] else { throw error(node, "`\(key)` is missing") }
        guard let text = value.string, !text.isEmpty else { throw error(value, "`\(key)` must be a text") }
        return text
    }

    func texts(_ node: YAMLNode?) throws(DetectorDescriptionError) -> [String] {
        guard let node else { return [] }
        let nodes = node.sequence ?? [node]
        var result: [String] = []
        for item in nodes {
            guard let text = item.string else { throw error(item, "a text is expected") }
            result.append(text)
        }
        return result
    }

    func rule(_ node: YAMLNode) throws(DetectorDescriptionError) -> DetectorDescription.Rule {
        try check(
            node,
            keys: [
                "files", "beside", "language", "toolchains", "packages", "programs", "modules", "tasks", "variables",
                "services",
            ])
        let files = try texts(node["files"])
        guard !files.isEmpty else { throw error(node, "`files` is missing") }
        var toolchains: [DetectorDescription.Toolchain] = []
        for item in node["toolchains"].map({ $0.sequence ?? [$0] }) ?? [] { toolchains.append(try toolchain(item)) }
        var needs: [DetectorDescription.Need] = []
        if let item = node["packages"] { needs += try need(item) { .package($0) } }
        if let item = node["programs"] { needs += try need(item) { .program($0) } }
        if let item = node["modules"] {
            guard let language = node["language"]?.string else {
                throw error(item, "`modules` needs `language` in the same rule")
            }
            needs += try need(item) { .module(language: language, name: $0) }
        }
        var tasks: [(name: String, command: String)] = []
        for pair in node["tasks"]?.mapping ?? [] {
            guard let name = pair.key.string, let command = pair.value.string else {
                throw error(pair.value, "a command is expected")
            }
            tasks.append((name, command))
        }
        var variables: [(name: String, value: DetectorDescription.Value)] = []
        for pair in node["variables"]?.mapping ?? [] {
            guard let name = pair.key.string else { throw error(pair.key, "a name is expected") }
            variables.append((name, try value(pair.value, extra: [])))
        }
        var services: [(name: String, version: DetectorDescription.Value?)] = []
        for pair in node["services"]?.mapping ?? [] {
            guard let name = pair.key.string else { throw error(pair.key, "a name is expected") }
            services.append((name, pair.value.isNull ? nil : try value(pair.value, extra: [])))
        }
        return DetectorDescription.Rule(
            files: files, beside: try texts(node["beside"]), language: node["language"]?.string, toolchains: toolchains,
            needs: needs, tasks: tasks, variables: variables, services: services)
    }

    private func toolchain(_ node: YAMLNode) throws(DetectorDescriptionError) -> DetectorDescription.Toolchain {
        let keys = ["tool", "kind", "dialect", "prefix"]
        try check(node, keys: keys + valueKeys)
        let tool = try text(node, "tool")
        var kind = StatementKind.hint
        if let item = node["kind"] {
            guard let known = StatementKind(rawValue: item.string ?? ""), known != .fallback else {
                throw error(item, "`kind` is one of `pin`, `range`, `lock`, `hint`")
            }
            kind = known
        }
        var dialect = versionDialect(of: tool)
        if let item = node["dialect"] {
            guard let known = VersionDialect(rawValue: item.string ?? "") else {
                let names = VersionDialect.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
                throw error(item, "the dialect `\(item.string ?? "")` is not known\n\nhint: known are \(names)")
            }
            dialect = known
        }
        let hasValue = valueKeys.contains { node[$0] != nil }
        return DetectorDescription.Toolchain(
            tool: tool, kind: kind, dialect: dialect, prefix: node["prefix"]?.string ?? "",
            value: hasValue ? try value(node, extra: keys) : nil)
    }

    private func need(
        _ node: YAMLNode, _ make: @escaping @Sendable (String) -> SystemRequirement
    ) throws(DetectorDescriptionError) -> [DetectorDescription.Need] {
        if node.mapping == nil {
            return [DetectorDescription.Need(requirement: make, names: .literal(try texts(node)), phase: .build)]
        }
        try check(node, keys: ["names", "for"] + valueKeys)
        var phase = SystemFinding.Phase.build
        if let item = node["for"] {
            guard let known = SystemFinding.Phase(rawValue: item.string ?? "") else {
                throw error(item, "`for` is one of `build`, `run`, `test`")
            }
            phase = known
        }
        let names: DetectorDescription.Value =
            node["names"] != nil ? .literal(try texts(node["names"])) : try value(node, extra: ["names", "for"])
        return [DetectorDescription.Need(requirement: make, names: names, phase: phase)]
    }

    private func value(_ node: YAMLNode, extra: [String]) throws(DetectorDescriptionError) -> DetectorDescription.Value
    {
        if node.mapping == nil { return .literal(try texts(node)) }
        try check(node, keys: extra + valueKeys)
        if let item = node["key"] {
            if item.sequence != nil { return .key(try texts(item)) }
            return .key(try text(node, "key").split(separator: ".").map(String.init))
        }
        if let item = node["pattern"] {
            guard let pattern = LinePattern(item.string ?? "") else {
                throw error(item, "`pattern` is not a regular expression with a group")
            }
            return .pattern(pattern)
        }
        if node["line"] != nil { return .line(try text(node, "line")) }
        if let item = node["first-line"] {
            return .first(dropping: item.bool == true ? [] : try texts(item))
        }
        throw error(node, "one of `key`, `line`, `pattern`, `first-line` is missing")
    }
}

private let valueKeys = ["key", "line", "pattern", "first-line"]
