//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import JSON
import TOML

extension PythonSurvey {
    /// Reports the lockfiles. The one whose tool has a table in the manifest is in force; of several without one, that
    /// of the newest format.
    mutating func readLockfiles() {
        let tables = repository.toml(path("pyproject.toml"))?["tool"]
        let present = lockfileKinds.filter { repository.contains(path($0.name)) }
        let configured = present.first { kind in kind.table.map { tables?[$0] != nil } ?? false }
        guard let primary = configured ?? present.first else { return }
        for kind in present {
            let file = path(kind.name)
            let isPrimary = kind.name == primary.name
            let reason = isPrimary ? "" : "`\(primary.name)` is in force"
            report(.lockfile(file), role: isPrimary ? .runtime : .development, reason: reason, evidence: Evidence(file))
        }
        readLockedPackages(path(primary.name))
    }

    private mutating func readLockedPackages(_ file: String) {
        if file.hasSuffix("Pipfile.lock") { return readPipfileLock(file) }
        guard let document = repository.toml(file) else { return }
        if let range = document["requires-python"], let text = range.string {
            python(.lock, text, evidence: Evidence(file, line: range.line))
        }
        if let range = document[["metadata", "python-versions"]], let text = range.string {
            python(.lock, text, isPoetry: true, evidence: Evidence(file, line: range.line))
        }
        for package in (document["package"] ?? document["packages"])?.array ?? [] {
            guard let name = package["name"] else { continue }
            locked[canonicalName(name.string ?? "")] = Evidence(file, line: name.line)
        }
    }

    private mutating func readPipfileLock(_ file: String) {
        guard let document = repository.json(file) else { return }
        for key in ["python_full_version", "python_version"] {
            if let node = document["_meta"]?["requires"]?[key], let text = node.string {
                python(.lock, text, evidence: Evidence(file, line: node.line))
                break
            }
        }
        for section in ["default", "develop"] {
            for member in document[section]?.object ?? [] {
                locked[canonicalName(member.key)] = Evidence(file, line: member.line)
            }
        }
    }

    /// `Pipfile`: packages as requirements, and the Python that pipenv makes the environment with.
    mutating func readPipfile() {
        let file = path("Pipfile")
        guard repository.contains(file), let document = repository.toml(file) else { return }
        report(.language(LanguageFinding("python", evidence: Evidence(file))))
        for key in ["python_full_version", "python_version"] {
            if let node = document["requires"]?[key], let text = node.string {
                python(.pin, text, evidence: Evidence(file, line: node.line))
            }
        }
        for (section, role) in [("packages", Role.runtime), ("dev-packages", .development)] {
            let pairs = document[section]?.table ?? []
            let texts = pairs.flatMap(pipfileRequirements)
            let hasRunner = texts.contains { PythonRequirement($0).map { testRunners.contains($0.name) } ?? false }
            for pair in pairs {
                for text in pipfileRequirements(pair) {
                    require(
                        text, role: role == .development && hasRunner ? .test : role,
                        evidence: Evidence(file, line: pair.value.line))
                }
                for name in pair.value["path"] != nil ? pair.value["extras"]?.strings ?? [] : [] {
                    testExtras[canonicalName(name)] = Evidence(file, line: pair.value.line)
                }
            }
        }
        for pair in document["scripts"]?.table ?? [] {
            let command = pair.value.string ?? pair.value["cmd"]?.string ?? ""
            addScript(pair.key, command, evidence: Evidence(file, line: pair.value.line))
        }
    }
}

/// Lockfiles in the order of their formats' age, newest first, with the tool's table in `pyproject.toml`.
private let lockfileKinds: [(name: String, table: String?)] = [
    ("uv.lock", "uv"), ("pylock.toml", nil), ("pdm.lock", "pdm"), ("poetry.lock", "poetry"), ("Pipfile.lock", nil),
]

private func pipfileRequirements(_ pair: TOMLPair) -> [String] {
    if let text = pair.value.string { return [pair.key + (text == "*" ? "" : text)] }
    guard pair.value.table != nil, pair.value["path"] == nil else { return [] }
    var text = pair.key
    let extras = pair.value["extras"]?.strings ?? []
    if !extras.isEmpty { text += "[\(extras.joined(separator: ","))]" }
    if let git = pair.value["git"]?.string {
        text += " @ git+\(git)" + (pair.value["ref"]?.string.map { "@\($0)" } ?? "")
    } else if let version = pair.value["version"]?.string, version != "*" {
        text += version
    }
    var markers = pair.value["markers"]?.string.map { [$0] } ?? []
    for key in ["sys_platform", "python_version", "os_name", "platform_machine"] {
        if let condition = pair.value[key]?.string { markers.append("\(key) \(condition)") }
    }
    return [markers.isEmpty ? text : "\(text) ; \(markers.joined(separator: " and "))"]
}
