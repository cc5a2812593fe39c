//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import JSON
import TOML
import YAML

extension PlatformReader {
    /// Reads the configuration of a builder of images, which is TOML or JSON with the same keys
    /// ([nixpacks.toml](https://nixpacks.com/docs/configuration/file),
    /// [railpack.json](https://railpack.com/config/file)).
    mutating func readBuilder(_ path: String) {
        if path.hasSuffix(".toml") {
            guard let root = repository.toml(path) else { return }
            for phase in root["phases"]?.table ?? [] {
                for node in phase.value["aptPkgs"]?.array ?? [] { package(node.string, path, node.line) }
                for node in phase.value["nixPkgs"]?.array ?? [] { nixPackages(node.string, path, node.line) }
                let name = phase.key == "setup" ? "" : phase.key
                if let commands = phase.value["cmds"] { phaseCommand(name, commands.strings, path, commands.line) }
            }
            if let node = root["start"]?["cmd"] { command("start", node.string, Evidence(path, line: node.line)) }
            for pair in root["variables"]?.table ?? [] {
                variable(pair.key, pair.value.string, Evidence(path, line: pair.value.line))
            }
            return
        }
        guard let root = repository.json(path) else { return }
        for member in root["packages"]?.object ?? [] {
            let tool = toolName(member.key)
            guard let text = member.value.string, let version = toolVersion(tool, text) else { continue }
            project.toolchain(tool, .pin, version, Evidence(path, line: member.line))
        }
        for node in (root["buildAptPackages"]?.array ?? []) + (root["deploy"]?["aptPackages"]?.array ?? []) {
            package(node.string, path, node.line)
        }
        for member in (root["steps"]?.object ?? []) + (root["phases"]?.object ?? []) {
            for node in member.value["aptPkgs"]?.array ?? [] { package(node.string, path, node.line) }
            for node in member.value["nixPkgs"]?.array ?? [] { nixPackages(node.string, path, node.line) }
            let commands = member.value["commands"] ?? member.value["cmds"]
            let lines = commands?.array?.compactMap { $0.string ?? $0["cmd"]?.string } ?? []
            phaseCommand(member.key, lines.filter { $0 != "..." }, path, commands?.line ?? member.line)
        }
        if let node = root["deploy"]?["startCommand"] ?? root["start"]?["cmd"] {
            command("start", node.string, Evidence(path, line: node.line))
        }
        for member in (root["deploy"]?["variables"]?.object ?? []) + (root["variables"]?.object ?? []) {
            variable(member.key, member.value.string, Evidence(path, line: member.line))
        }
    }

    private mutating func package(_ text: String?, _ path: String, _ line: Int) {
        guard let text, let name = debianPackageName(text) else { return }
        project.system(.package(name), .run, Evidence(path, line: line))
    }

    private mutating func nixPackages(_ name: String?, _ path: String, _ line: Int) {
        guard let name, let found = nixPackage(name) else { return }
        let evidence = Evidence(path, line: line)
        if let tool = found.tool { project.toolchain(tool, .hint, found.version ?? "", evidence) }
        for need in found.needs { project.system(need, .run, reason: "Nix's \(name)", evidence) }
    }

    private mutating func phaseCommand(_ name: String, _ commands: [String], _ path: String, _ line: Int) {
        guard ["install", "build"].contains(name), !commands.contains("...") else { return }
        command(name, commands.joined(separator: " && "), Evidence(path, line: line))
    }

    /// Railway's configuration, in JSON or TOML ([Config as code](https://docs.railway.com/reference/config-as-code)).
    mutating func readRailway() {
        if repository.contains("railway.json"), let root = repository.json("railway.json") {
            if let node = root["build"]?["buildCommand"] {
                command("build", node.string, Evidence("railway.json", line: node.line))
            }
            if let node = root["deploy"]?["startCommand"] {
                command("start", node.string, Evidence("railway.json", line: node.line))
            }
        }
        guard repository.contains("railway.toml"), let root = repository.toml("railway.toml") else { return }
        if let node = root["build"]?["buildCommand"] {
            command("build", node.string, Evidence("railway.toml", line: node.line))
        }
        if let node = root["deploy"]?["startCommand"] {
            command("start", node.string, Evidence("railway.toml", line: node.line))
        }
    }

    /// Vercel's commands ([vercel.json](https://vercel.com/docs/project-configuration)).
    mutating func readVercel(_ path: String) {
        guard repository.contains(path), let root = repository.json(path) else { return }
        for (key, task) in [("installCommand", "install"), ("buildCommand", "build"), ("devCommand", "start")] {
            if let node = root[key] { command(task, node.string, Evidence(path, line: node.line)) }
        }
        for key in ["env", "build"] {
            for member in (key == "env" ? root[key] : root[key]?["env"])?.object ?? [] {
                // `@name` refers to a secret.
                let value = member.value.string.flatMap { $0.hasPrefix("@") ? nil : $0 }
                variable(member.key, value, Evidence(path, line: member.line))
            }
        }
    }

    /// Netlify's build ([netlify.toml](https://docs.netlify.com/build/configure-builds/file-based-configuration/)).
    mutating func readNetlify(_ path: String) {
        guard repository.contains(path), let root = repository.toml(path), let build = root["build"] else { return }
        let base = joinPath("", build["base"]?.string ?? "")
        if let node = build["command"] { command("build", node.string, in: base, Evidence(path, line: node.line)) }
        for pair in build["environment"]?.table ?? [] {
            variable(
                pair.key, pair.value.string ?? pair.value.int.map { "\($0)" }, Evidence(path, line: pair.value.line))
        }
        if let node = root["dev"]?["command"] {
            command("start", node.string, in: base, Evidence(path, line: node.line))
        }
    }
}
