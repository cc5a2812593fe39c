//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import JSON
import TOML

/// Reads the files in which version managers for many languages pin tools. Python's versions are read with the rest of
/// what is said of Python.
struct VersionManagerDetector: Detector {
    let name = "version-managers"
    let summary = ".tool-versions, mise.toml, .sdkmanrc, devbox.json"

    func findings(in repository: Repository) -> [Finding] {
        var project = ProjectFindings(repository)
        readToolVersions(".tool-versions", &project)
        for path in miseFiles where repository.contains(path) { readMise(path, &project) }
        for folder in [".mise/conf.d", ".config/mise/conf.d"] {
            for file in repository.files(in: folder) where file.path.hasSuffix(".toml") {
                readMise(file.path, &project)
            }
        }
        readSDKMAN(".sdkmanrc", &project)
        for path in ["devbox.json"] where repository.contains(path) { readDevbox(path, &project) }
        return project.findings
    }

    /// asdf's file: a tool and its versions a line, the first of which is in force.
    private func readToolVersions(_ path: String, _ project: inout ProjectFindings) {
        guard project.repository.contains(path) else { return }
        for (index, line) in project.repository.lines(path).enumerated() {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let tool = words.first else { continue }
            pin(tool, Array(words.dropFirst()), Evidence(path, line: index + 1), &project)
        }
    }

    /// mise's file ([Configuration](https://mise.jdx.dev/configuration.html)): tools, variables and tasks.
    private func readMise(_ path: String, _ project: inout ProjectFindings) {
        guard let root = project.repository.toml(path) else { return }
        for pair in root["tools"]?.table ?? [] {
            let versions =
                pair.value["version"]?.strings ?? pair.value.array?.compactMap { $0.string ?? $0["version"]?.string }
                ?? pair.value.strings
            pin(pair.key, versions, Evidence(path, line: pair.value.line), &project)
        }
        for pair in root["env"]?.table ?? [] {
            guard pair.key != "_", let value = pair.value.string ?? pair.value.int.map({ "\($0)" }),
                !value.contains("{{")
            else { continue }
            project.add(
                .variable(VariableFinding(pair.key, value: value, evidence: Evidence(path, line: pair.value.line))))
        }
        for pair in root["tasks"]?.table ?? [] {
            let commands = pair.value["run"]?.strings ?? pair.value.strings
            guard ["test", "build", "lint", "start"].contains(pair.key), !commands.isEmpty else { continue }
            project.task(pair.key, commands.joined(separator: " && "), .declared, Evidence(path, line: pair.value.line))
        }
    }

    private func readSDKMAN(_ path: String, _ project: inout ProjectFindings) {
        guard project.repository.contains(path) else { return }
        for (index, line) in project.repository.lines(path).enumerated() {
            let sides = line.prefix { $0 != "#" }.split(separator: "=", maxSplits: 1).map(\.trimmingSpaces)
            guard sides.count == 2 else { continue }
            // `21.0.2-tem` carries the vendor behind the version.
            pin(sides[0], [String(sides[1].prefix { $0 != "-" })], Evidence(path, line: index + 1), &project)
        }
    }

    /// Devbox's packages: `name@version` in a list, or versions by name.
    private func readDevbox(_ path: String, _ project: inout ProjectFindings) {
        let packages = project.repository.json(path)?["packages"]
        for node in packages?.array ?? [] {
            let parts = (node.string ?? "").split(separator: "@", maxSplits: 1).map(String.init)
            if parts.count == 2 { pin(parts[0], [parts[1]], Evidence(path, line: node.line), &project) }
        }
        for member in packages?.object ?? [] {
            guard let version = member.value.string ?? member.value["version"]?.string else { continue }
            pin(member.key, [version], Evidence(path, line: member.line), &project)
        }
    }

    private func pin(_ name: String, _ versions: [String], _ evidence: Evidence, _ project: inout ProjectFindings) {
        // `core:node`, `asdf:mise-plugins/…` and `npm:prettier` name where a tool comes from.
        guard let tool = name.hasPrefix("core:") ? String(name.dropFirst(5)) : (name.contains(":") ? nil : name) else {
            return
        }
        let known = toolNames[tool] ?? tool
        guard known != "python" else { return }
        var isFirst = true
        for version in versions {
            var text = version
            if known == "java" {
                text = text.split(separator: "-").first { $0.first?.isNumber == true }.map(String.init) ?? text
                text = javaRelease(String(text.prefix { $0 != "+" }))
            }
            // `1.16.2-otp-26` carries the release of Erlang that it was built for.
            if known == "elixir" { text = text.parts(separatedBy: "-otp")[0] }
            for prefix in ["prefix:", "v"] where text.hasPrefix(prefix) { text = String(text.dropFirst(prefix.count)) }
            guard text.first?.isNumber == true else { continue }
            project.toolchain(known, isFirst ? .pin : .hint, text, evidence)
            isFirst = false
        }
    }
}

private let toolNames = [
    "nodejs": "node", "golang": "go", "go-sdk": "go", "openjdk": "java", "jdk": "java", "temurin": "java",
    "rustc": "rust",
    "python3": "python", "dotnet-core": "dotnet", "dotnet-sdk": "dotnet",
]
private let miseFiles = [
    "mise.local.toml", "mise.toml", ".mise.toml", "mise/config.toml", ".mise/config.toml", ".config/mise.toml",
    ".config/mise/config.toml",
]
