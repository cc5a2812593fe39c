//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import TOML

extension VersionManagerSurvey {
    /// Reads mise's files of a folder ([Configuration](https://mise.jdx.dev/configuration.html)), the strongest first.
    mutating func readMise(in folder: String) {
        for path in miseFiles.map({ joinPath(folder, $0) }) where repository.contains(path) { readMise(path) }
        if folder.isEmpty {
            for name in [".mise/conf.d", ".config/mise/conf.d"] {
                for file in repository.files(in: name) where file.path.hasSuffix(".toml") { readMise(file.path) }
            }
        }
        readMiseLock(joinPath(folder, "mise.lock"))
        readFileTasks(in: folder)
    }

    private mutating func readMise(_ path: String) {
        guard let root = repository.toml(path) else { return }
        for pair in root["tools"]?.table ?? [] { readTool(pair, path) }
        readVariables(root["env"], path)
        for pair in root["tasks"]?.table ?? [] { readTask(pair, path) }
    }

    private mutating func readTool(_ pair: TOMLPair, _ path: String) {
        guard let tool = miseTool(pair.key) else { return }
        let value = pair.value
        // One that holds for another system alone is of no use here.
        if let systems = value["os"]?.strings, !systems.isEmpty, !systems.contains("linux") { return }
        let versions =
            value["version"]?.strings ?? value.array?.compactMap { $0.string ?? $0["version"]?.string }
            ?? value.int.map { ["\($0)"] } ?? value.strings
        let evidence = Evidence(path, line: value.line)
        pin(tool, versions, evidence, isMember: isMember(path))
        if tool == "elixir", let version = versions.first { pinErlang(of: version, evidence) }
    }

    /// Whether the file is a member's: mise's own folders are the root's.
    private func isMember(_ path: String) -> Bool {
        path.contains("/") && !path.hasPrefix(".mise/") && !path.hasPrefix(".config/") && !path.hasPrefix("mise/")
    }

    /// The tool that a key names; nil for packages of another manager (`npm:prettier`) and for programs that only their
    /// addresses name (`aqua:owner/name`).
    private func miseTool(_ key: String) -> String? {
        guard let colon = key.firstIndex(of: ":") else { return toolName(key) }
        let name = key[colon...].dropFirst().split(separator: "/").last.map(String.init) ?? ""
        switch key[..<colon] {
        case "core": return toolName(name)
        case "asdf", "vfox": return toolName(name.hasPrefix("asdf-") ? String(name.dropFirst(5)) : name)
        case "aqua", "ubi", "github":
            let tool = toolName(name)
            return addressedTools.contains(tool) ? tool : nil
        case "npm": return ["pnpm", "yarn", "npm", "bun"].contains(name) ? name : nil
        default: return nil
        }
    }

    private mutating func readVariables(_ node: TOMLNode?, _ path: String) {
        for pair in node?.array?.flatMap({ $0.table ?? [] }) ?? node?.table ?? [] {
            guard pair.key != "_" else { continue }
            let value = pair.value["value"] ?? pair.value
            let text = value.string ?? value.int.map { "\($0)" } ?? value.bool.map { "\($0)" }
            // A template is known in a run only.
            let isKnown = text.map { !$0.contains("{{") && $0.range(ofText: "{%") == nil } ?? false
            guard isKnown || text != nil || pair.value["required"] != nil else { continue }
            project.add(
                .variable(
                    VariableFinding(
                        pair.key, value: isKnown ? text : nil, evidence: Evidence(path, line: pair.value.line))))
        }
    }

    /// A task in the file; its commands are run by mise, which sets the tools and variables for them.
    private mutating func readTask(_ pair: TOMLPair, _ path: String) {
        let run = pair.value["run"] ?? pair.value
        let commands = run.strings
        guard let task = canonicalTask(pair.key), !commands.isEmpty || pair.value["depends"] != nil else { return }
        let evidence = Evidence(path, line: pair.value.line)
        // Templates, arguments and dependencies are mise's business.
        let isPlain =
            pair.value["depends"] == nil && pair.value["dir"] == nil
            && !commands.contains { $0.contains("{{") || $0.contains("\n") }
        project.task(
            task, isPlain ? commands.joined(separator: " && ") : "mise run \(pair.key)",
            task == pair.key ? .declared : .inferred, in: isMember(path) ? parentPath(path) : "", evidence)
    }

    /// Tasks may also be programs in a folder.
    private mutating func readFileTasks(in folder: String) {
        for name in ["mise-tasks", ".mise-tasks", ".mise/tasks", "mise/tasks", ".config/mise/tasks"] {
            let place = joinPath(folder, name)
            for task in commonTasks {
                guard let path = [task, task + ".sh"].map({ joinPath(place, $0) }).first(where: repository.contains)
                else { continue }
                project.task(task, "mise run \(task)", .declared, in: folder, Evidence(path))
            }
        }
    }

    /// The versions that mise resolved: a table or a list of tables for each tool.
    private mutating func readMiseLock(_ path: String) {
        guard repository.contains(path), let root = repository.toml(path) else { return }
        for pair in root["tools"]?.table ?? [] {
            guard let tool = miseTool(pair.key),
                let node = (pair.value.array?.first ?? pair.value)["version"], let text = node.string,
                let version = toolVersion(tool, text)
            else { continue }
            project.toolchain(tool, .lock, version, Evidence(path, line: node.line))
        }
    }
}

/// The tasks whose names mean the same everywhere, in the order of work.
let commonTasks = ["install", "build", "test", "lint", "start"]

private let miseFiles = [
    "mise.local.toml", "mise.toml", ".mise.local.toml", ".mise.toml", "mise/config.toml", ".mise/config.toml",
    ".config/mise.toml", ".config/mise/config.toml",
]
private let addressedTools: Set<String> = [
    "pnpm", "uv", "bun", "deno", "terraform", "opentofu", "terragrunt", "zig", "gleam", "just", "task", "jq", "yq",
    "shellcheck", "shfmt", "poetry", "bazel", "gradle", "maven", "cmake", "ninja", "node", "go", "helm", "kubectl",
]
