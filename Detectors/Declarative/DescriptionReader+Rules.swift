//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Versions
import YAML

extension DescriptionReader {
    func rule(_ node: YAMLNode) throws(DetectorDescriptionError) -> DetectorDescription.Rule {
        try check(
            node,
            keys: [
                "files", "beside", "without", "when", "unless", "comment", "format", "language", "toolchains",
                "package-manager",
                "members", "packages", "libraries", "headers", "pkg-config", "programs", "modules", "tasks", "commands",
                "ports", "variables", "services",
                "suggests",
            ])
        var rule = DetectorDescription.Rule(files: try texts(node["files"]))
        guard !rule.files.isEmpty else { throw error(node, "`files` is missing") }
        rule.beside = try texts(node["beside"])
        rule.without = try texts(node["without"])
        rule.condition = try condition(node, "when")
        rule.exclusion = try condition(node, "unless")
        rule.comments = try texts(node["comment"])
        rule.format = try word(node, "format")
        rule.language = try optionalText(node, "language")
        for item in node["toolchains"].map({ $0.sequence ?? [$0] }) ?? [] {
            rule.toolchains.append(try toolchain(item))
        }
        if let item = node["package-manager"] { rule.packageManager = try packageManager(item) }
        if let item = node["members"] {
            let keys = ["workspace", "manifest"]
            rule.members = DetectorDescription.Members(
                workspace: try text(item, "workspace"), folders: try value(item, extra: keys),
                manifest: try optionalText(item, "manifest"))
        }
        rule.needs = try needs(node, language: rule.language)
        for (name, item) in try pairs(node["tasks"]) {
            guard let command = item.string, !command.isEmpty else { throw error(item, "a command is expected") }
            rule.tasks.append((name, command))
        }
        if let item = node["commands"] {
            rule.commands = (try value(item, extra: ["run"]), try text(item, "run"))
        }
        if let item = node["ports"] { rule.ports = try value(item) }
        for (name, item) in try pairs(node["variables"]) { rule.variables.append((name, try value(item))) }
        for (name, item) in try pairs(node["services"]) {
            rule.services.append((name, item.isNull ? nil : try value(item)))
        }
        if let item = node["suggests"] { rule.suggestions = try value(item) }
        return rule
    }

    private func condition(_ node: YAMLNode, _ key: String) throws(DetectorDescriptionError) -> LinePattern? {
        guard let item = node[key] else { return nil }
        guard let text = item.string, !text.isEmpty,
            let pattern = LinePattern(text, needsGroup: false, known: isShipped)
        else {
            throw error(item, "`\(key)` is not a regular expression")
        }
        return pattern
    }

    private func toolchain(_ node: YAMLNode) throws(DetectorDescriptionError) -> DetectorDescription.Toolchain {
        let keys = ["tool", "kind", "dialect"]
        try check(node, keys: keys + valueKeys)
        let tool = try text(node, "tool")
        let kinds = StatementKind.allCases.filter { $0 != .fallback }
        let kind: StatementKind? = try word(node, "kind", from: kinds)
        let dialect: VersionDialect? = try word(node, "dialect")
        let hasValue = valueKeys.contains { node[$0] != nil }
        return DetectorDescription.Toolchain(
            tool: tool, kind: kind ?? .hint, dialect: dialect ?? versionDialect(of: tool),
            value: hasValue ? try value(node, extra: keys) : nil)
    }

    private func packageManager(
        _ node: YAMLNode
    ) throws(DetectorDescriptionError) -> DetectorDescription.PackageManager {
        if let name = node.string {
            return DetectorDescription.PackageManager(name: name, version: nil, lockfiles: [])
        }
        try check(node, keys: ["name", "version", "lockfile"])
        return DetectorDescription.PackageManager(
            name: try text(node, "name"), version: try node["version"].map(value),
            lockfiles: try texts(node["lockfile"]))
    }

    private func needs(
        _ node: YAMLNode, language: String?
    ) throws(DetectorDescriptionError) -> [DetectorDescription.Need] {
        var needs: [DetectorDescription.Need] = []
        if let item = node["packages"] { needs += try need(item) { .package($0) } }
        if let item = node["libraries"] { needs += try need(item) { .library($0) } }
        if let item = node["headers"] { needs += try need(item) { .header($0) } }
        if let item = node["pkg-config"] { needs += try need(item) { .pkgConfig($0) } }
        if let item = node["programs"] { needs += try need(item) { .program($0) } }
        if let item = node["modules"] {
            guard let language else { throw error(item, "`modules` needs `language` in the same rule") }
            needs += try need(item) { .module(language: language, name: $0) }
        }
        return needs
    }

    /// A need, or several in a list of mappings.
    private func need(
        _ node: YAMLNode, _ make: @escaping @Sendable (String) -> SystemRequirement
    ) throws(DetectorDescriptionError) -> [DetectorDescription.Need] {
        var needs: [DetectorDescription.Need] = []
        let isList = node.sequence?.first?.mapping != nil
        for item in isList ? node.sequence ?? [] : [node] {
            if item.mapping != nil { try check(item, keys: ["for"] + valueKeys) }
            let phase: SystemFinding.Phase? = try word(item, "for")
            needs.append(
                DetectorDescription.Need(
                    requirement: make, names: try value(item, extra: ["for"]), phase: phase ?? .build))
        }
        return needs
    }

    private func value(_ node: YAMLNode) throws(DetectorDescriptionError) -> DetectorDescription.Value {
        try value(node, extra: [])
    }

    /// A value: texts as they are, or a mapping that says where they stand and what becomes of them.
    private func value(_ node: YAMLNode, extra: [String]) throws(DetectorDescriptionError) -> DetectorDescription.Value
    {
        if node.mapping == nil { return DetectorDescription.Value(place: .literal(try texts(node))) }
        try check(node, keys: extra + valueKeys)
        var value = DetectorDescription.Value(place: try place(node))
        value.prefix = try optionalText(node, "prefix") ?? ""
        value.suffix = try optionalText(node, "suffix") ?? ""
        if node["map"] != nil {
            var map: [String: String] = [:]
            for (text, item) in try pairs(node["map"]) { map[text] = try texts(item).joined(separator: " ") }
            value.map = map
        }
        return value
    }

    private func place(_ node: YAMLNode) throws(DetectorDescriptionError) -> DetectorDescription.Place {
        if node["names"] != nil { return .literal(try texts(node["names"])) }
        if let item = node["key"] {
            if item.sequence != nil { return .key(try texts(item)) }
            return .key(try text(node, "key").split(separator: ".").map(String.init))
        }
        if let item = node["pattern"] {
            guard let pattern = LinePattern(item.string ?? "", known: isShipped) else {
                throw error(item, "`pattern` is not a regular expression with a group")
            }
            return .pattern(pattern)
        }
        if node["line"] != nil { return .line(try text(node, "line")) }
        if let item = node["first-line"] {
            return .first(dropping: item.bool == true ? [] : try texts(item))
        }
        let names = placeKeys.map { "`\($0)`" }.joined(separator: ", ")
        throw error(node, "one of \(names) is missing")
    }
}

private let placeKeys = ["key", "line", "pattern", "first-line", "names"]
private let valueKeys = placeKeys + ["prefix", "suffix", "map"]
