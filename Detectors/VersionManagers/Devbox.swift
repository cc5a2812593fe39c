//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import JSON

extension VersionManagerSurvey {
    /// Reads Devbox's packages, variables and scripts
    /// ([devbox.json](https://www.jetify.com/docs/devbox/configuration)): packages are `name@version` in a list, or
    /// versions by name.
    mutating func readDevbox(in folder: String) {
        let path = joinPath(folder, "devbox.json")
        guard repository.contains(path), let root = repository.json(path) else { return }
        let isMember = !folder.isEmpty
        for node in root["packages"]?.array ?? [] {
            let parts = (node.string ?? "").split(separator: "@", maxSplits: 1).map(String.init)
            guard let name = parts.first else { continue }
            readPackage(
                name, parts.count > 1 ? parts[1] : "", Evidence(path, line: node.line), kind: .pin, isMember: isMember)
        }
        for member in root["packages"]?.object ?? [] {
            if let systems = member.value["platforms"]?.strings, !systems.isEmpty, !systems.contains("x86_64-linux") {
                continue
            }
            let version = member.value.string ?? member.value["version"]?.string ?? ""
            readPackage(member.key, version, Evidence(path, line: member.line), kind: .pin, isMember: isMember)
        }
        for member in root["env"]?.object ?? [] {
            guard let value = member.value.string else { continue }
            project.add(
                .variable(
                    VariableFinding(
                        member.key, value: value.contains("$") ? nil : value,
                        evidence: Evidence(path, line: member.line))))
        }
        for member in root["shell"]?["scripts"]?.object ?? [] {
            let commands = member.value.strings
            guard commonTasks.contains(member.key), !commands.isEmpty else { continue }
            project.task(
                member.key, commands.joined(separator: " && "), .declared, in: folder,
                Evidence(path, line: member.line))
        }
        readDevboxLock(joinPath(folder, "devbox.lock"), isMember: isMember)
    }

    private mutating func readDevboxLock(_ path: String, isMember: Bool) {
        guard repository.contains(path) else { return }
        for member in repository.json(path)?["packages"]?.object ?? [] {
            guard let name = member.key.split(separator: "@").first, let node = member.value["version"],
                let version = node.string, nixPackage(String(name))?.tool != nil
            else { continue }
            readPackage(String(name), version, Evidence(path, line: node.line), kind: .lock, isMember: isMember)
        }
    }

    /// A package of Nix: a tool with a version, a server, or what Debian has under another name.
    mutating func readPackage(
        _ name: String, _ version: String, _ evidence: Evidence, kind: StatementKind, isMember: Bool
    ) {
        guard let package = nixPackage(name) else { return }
        if let tool = package.tool {
            let text = version.isEmpty || version == "latest" ? package.version ?? version : version
            pin(tool, text.isEmpty ? ["latest"] : [text], evidence, kind: kind, isMember: isMember)
        } else if let service = package.service {
            let version = toolVersion(service, version) ?? package.version
            project.service(service, version: version, isSuggestion: kind == .hint, evidence)
        }
        for need in package.needs { project.system(need, .build, reason: "Nix's \(name)", evidence) }
    }
}
