//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import YAML

/// Reads Gitpod's workspaces ([.gitpod.yml](https://www.gitpod.io/docs/classic/user/references/gitpod-yml)).
struct GitpodDetector: Detector {
    let name = "gitpod"
    let summary = ".gitpod.yml: image, commands, ports"
    let sources = [DetectorSource(".gitpod.yml", "toolchains, packages, ports", kind: .hint)]

    func findings(in repository: Repository) -> [Finding] {
        let path = ".gitpod.yml"
        guard repository.contains(path), let root = repository.yaml(path) else { return [] }
        var project = ProjectFindings(repository)
        if let node = root["image"], let text = node.string {
            for (tool, version) in ImageReference(text).toolchains {
                if let hint = toolchainHint(tool, version, evidence: Evidence(path, line: node.line)) {
                    project.add(.toolchain(hint))
                }
            }
        }
        for task in root["tasks"]?.sequence ?? [] {
            for key in ["before", "init", "prebuild"] {
                guard let node = task[key], let script = node.string else { continue }
                let line = scriptLine(of: node, path, repository)
                for finding in setupFindings(script, path, line: line, repository) { project.add(finding) }
            }
            if let node = task["init"], let script = node.string, !script.trimmingSpaces.contains("\n") {
                project.task("install", script.trimmingSpaces, .inferred, Evidence(path, line: node.line))
            }
            if let node = task["command"], let script = node.string, !script.trimmingSpaces.contains("\n") {
                project.task("start", script.trimmingSpaces, .inferred, Evidence(path, line: node.line))
            }
        }
        for node in root["ports"]?.sequence ?? [] {
            guard let port = node["port"]?.int, !servicePorts.contains(port), (1...65_535).contains(port) else {
                continue
            }
            project.add(.port(PortFinding(port, evidence: Evidence(path, line: node.line))))
        }
        return project.findings
    }
}
