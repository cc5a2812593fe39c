//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import JSON
import YAML

/// Reads development containers ([devcontainer.json](https://containers.dev/implementors/json_reference/)), Gitpod's
/// workspaces and Procfiles.
struct DevcontainerDetector: Detector {
    let name = "devcontainer"
    let summary = "devcontainer.json: image, features, variables; .gitpod.yml; Procfile"

    func findings(in repository: Repository) -> [Finding] {
        var project = ProjectFindings(repository)
        let nested = repository.files(named: "devcontainer.json").filter { $0.path.hasPrefix(".devcontainer/") }.map(
            \.path)
        for path in [".devcontainer.json"].filter(repository.contains) + nested { readContainer(path, &project) }
        if repository.contains(".gitpod.yml"), let root = repository.yaml(".gitpod.yml") {
            for task in root["tasks"]?.sequence ?? [] {
                for key in ["before", "init"] {
                    guard let node = task[key], let script = node.string else { continue }
                    readCommands(script, ".gitpod.yml", scriptLine(of: node, ".gitpod.yml", repository), &project)
                }
            }
        }
        readProcfile("Procfile", &project)
        return project.findings
    }

    private func readContainer(_ path: String, _ project: inout ProjectFindings) {
        guard let root = project.repository.json(path) else { return }
        if let node = root["image"], let text = node.string {
            let image = ImageReference(text)
            let evidence = Evidence(path, line: node.line)
            if let suite = image.suite, !image.isForeign {
                project.add(.base(BaseFinding(suite: suite, kind: .hint, evidence: evidence)))
            }
            if let (tool, version) = image.toolchain, let hint = toolchainHint(tool, version, evidence: evidence) {
                project.add(.toolchain(hint))
            }
        }
        for member in root["features"]?.object ?? [] {
            let evidence = Evidence(path, line: member.line)
            let name = String((member.key.split(separator: "/").last ?? "").prefix { $0 != ":" })
            if let tool = devcontainerTools[name] ?? featureTools[name],
                let version = member.value["version"]?.string ?? member.value.string,
                let hint = toolchainHint(tool, version, evidence: evidence)
            {
                project.add(.toolchain(hint))
            }
            guard name.hasPrefix("apt"), let packages = member.value["packages"]?.string else { continue }
            for word in packages.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
                if let package = debianPackageName(String(word)) { project.system(.package(package), .run, evidence) }
            }
        }
        for key in ["onCreateCommand", "updateContentCommand", "postCreateCommand"] {
            guard let node = root[key] else { continue }
            let scripts =
                node.string.map { [$0] } ?? node.array.map {
                    [$0.compactMap(\.string).map(shellQuoted).joined(separator: " ")]
                }
                ?? node.object?.flatMap {
                    $0.value.string.map { [$0] } ?? [$0.value.strings.map(shellQuoted).joined(separator: " ")]
                } ?? []
            for script in scripts { readCommands(script, path, node.line, &project) }
        }
    }

    private func readCommands(_ script: String, _ path: String, _ line: Int, _ project: inout ProjectFindings) {
        var tracer = ShellTracer(project.repository)
        tracer.trace(script, path: path, firstLine: line)
        for command in tracer.commands {
            for name in debianPackages(installedBy: command.call, input: command.input) ?? [] {
                project.system(.package(name), .run, command.evidence)
            }
        }
    }

    /// The web process of a Procfile; other processes have names of their own.
    private func readProcfile(_ path: String, _ project: inout ProjectFindings) {
        guard project.repository.contains(path) else { return }
        for (index, line) in project.repository.lines(path).enumerated() {
            guard line.hasPrefix("web:") else { continue }
            project.task("start", line.dropFirst(4).trimmingSpaces, .declared, Evidence(path, line: index + 1))
        }
    }
}

private let devcontainerTools = [
    "python": "python", "node": "node", "go": "go", "rust": "rust", "ruby": "ruby", "java": "java", "php": "php",
    "javascript-node": "node", "typescript-node": "node", "dotnet": "dotnet",
]
private let featureTools = ["erlang-asdf": "erlang", "elixir-asdf": "elixir", "ruby-rbenv": "ruby", "swift": "swift"]
