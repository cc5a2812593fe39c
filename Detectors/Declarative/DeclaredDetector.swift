//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
public import Detection
import JSON
import TOML
import YAML

/// A detector that a YAML file describes.
public struct DeclaredDetector: Detector {
    private let description: DetectorDescription

    /// The name in the description.
    public var name: String { description.name }
    /// The summary in the description.
    public var summary: String { description.summary }
    /// The files of the rules, in their order.
    public var sources: [DetectorSource] { description.sources }

    /// The detector that the YAML text in `bytes` describes.
    ///
    /// - Parameters:
    ///   - bytes: The text, as `docs/detector.schema.json` specifies it.
    ///   - path: Where it comes from, for messages.
    /// - Throws: ``DetectorDescriptionError`` with the line and column.
    public init(_ bytes: [UInt8], path: String) throws(DetectorDescriptionError) {
        description = try DetectorDescription(bytes, path: path)
    }

    /// What the files that the description names say.
    public func findings(in repository: Repository) -> [Finding] {
        var findings: [Finding] = []
        for rule in description.rules {
            for (index, file) in files(rule, repository).enumerated() {
                findings += read(file, rule, isFirst: index == 0, repository)
            }
        }
        return findings
    }

    /// The files of a rule: those below fixtures, samples and the like are left out.
    private func files(_ rule: DetectorDescription.Rule, _ repository: Repository) -> [CheckoutFile] {
        let files = rule.files.flatMap { pattern -> [CheckoutFile] in
            if pattern.contains("/") {
                return repository.checkout.paths(matching: pattern).compactMap { repository.checkout[$0] }
            }
            let found: [CheckoutFile]
            if pattern.hasPrefix("*."), !pattern.dropFirst(2).contains(where: { "*?.".contains($0) }) {
                found = repository.files(withExtension: String(pattern.dropFirst(2)))
            } else if pattern.contains("*") || pattern.contains("?") {
                found = repository.checkout.files.filter { matchesShellPattern($0.name, pattern) }
            } else {
                found = repository.files(named: pattern)
            }
            return found.filter { !repository.isSecondary($0.path) }
        }
        return files.filter { file in
            rule.beside.isEmpty
                || rule.beside.contains { name in
                    name.contains("*")
                        ? repository.files(in: file.directory).contains { matchesShellPattern($0.name, name) }
                        : repository.contains(joinPath(file.directory, name))
                }
        }
    }

    private func read(
        _ file: CheckoutFile, _ rule: DetectorDescription.Rule, isFirst: Bool, _ repository: Repository
    ) -> [Finding] {
        var project = ProjectFindings(repository)
        let whole = Evidence(file.path)
        if isFirst, let language = rule.language { project.language(language, whole) }
        for toolchain in rule.toolchains {
            let values = toolchain.value.map { self.values($0, file, repository) } ?? [("", whole)]
            for (text, evidence) in values {
                project.add(
                    .toolchain(
                        ToolchainFinding(
                            tool: toolchain.tool, kind: toolchain.kind,
                            constraint: text.isEmpty ? "" : toolchain.prefix + text,
                            dialect: toolchain.dialect, evidence: evidence)))
            }
        }
        for need in rule.needs {
            for (text, evidence) in values(need.names, file, repository) {
                for name in text.split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
                    project.system(need.requirement(String(name)), need.phase, evidence)
                }
            }
        }
        // Commands belong to the nearest file; for one that is named by its path they run in the root.
        let directory = rule.files.contains { $0.contains("/") } ? "" : file.directory
        for (name, command) in rule.tasks where isFirst { project.task(name, command, .inferred, in: directory, whole) }
        for (name, value) in rule.variables {
            for (text, evidence) in values(value, file, repository).prefix(1) {
                project.add(.variable(VariableFinding(name, value: text, evidence: evidence)))
            }
        }
        for (name, version) in rule.services {
            let found = version.flatMap { values($0, file, repository).first }
            project.add(.service(ServiceFinding(name, version: found?.text, evidence: found?.evidence ?? whole)))
        }
        return project.findings
    }

    /// The texts that a value finds in a file, with their places.
    private func values(
        _ value: DetectorDescription.Value, _ file: CheckoutFile, _ repository: Repository
    ) -> [(text: String, evidence: Evidence)] {
        switch value {
        case .literal(let texts):
            return texts.map { ($0, Evidence(file.path)) }
        case .key(let keys):
            return structured(keys, file, repository)
        case .line(let prefix):
            return lines(file, repository) { line in
                let text = line.trimmingSpaces
                return text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)).trimmingSpaces : nil
            }
        case .pattern(let pattern):
            return lines(file, repository) { pattern.firstGroup(in: $0) }
        case .first(let prefixes):
            let found = lines(file, repository) { line in
                var text = line.prefix { $0 != "#" }.trimmingSpaces
                for prefix in prefixes where text.hasPrefix(prefix) { text = String(text.dropFirst(prefix.count)) }
                return text
            }
            return Array(found.prefix(1))
        }
    }

    private func lines(
        _ file: CheckoutFile, _ repository: Repository, _ read: (String) -> String?
    ) -> [(text: String, evidence: Evidence)] {
        repository.lines(file.path).enumerated().compactMap { index, line in
            guard let text = read(line), !text.isEmpty else { return nil }
            return (text, Evidence(file.path, line: index + 1))
        }
    }

    private func structured(_ keys: [String], _ file: CheckoutFile, _ repository: Repository) -> [(
        text: String, evidence: Evidence
    )] {
        if file.name.hasSuffix(".toml") || file.name.hasSuffix(".lock") {
            guard let node = repository.toml(file.path)?[keys] else { return [] }
            let texts = node.int.map { ["\($0)"] } ?? node.strings
            return texts.map { ($0, Evidence(file.path, line: node.line)) }
        }
        if isYAML(file.name) {
            var node = repository.yaml(file.path)
            for key in keys { node = node?[key] }
            return (node?.sequence ?? node.map { [$0] } ?? []).compactMap { item in
                item.string.map { ($0, Evidence(file.path, line: item.line)) }
            }
        }
        var node = repository.json(file.path)
        for key in keys { node = node?[key] }
        return (node?.array ?? node.map { [$0] } ?? []).compactMap { item in
            switch item.value {
            case .string(let text), .number(let text): (text, Evidence(file.path, line: item.line))
            default: nil
            }
        }
    }
}
