//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import TOML

extension PythonSurvey {
    /// Reads the commands that task runners keep in `pyproject.toml`: Poe the Poet, taskipy, PDM, Rye.
    mutating func readTaskRunners() {
        let file = path("pyproject.toml")
        guard repository.contains(file), let tool = repository.toml(file)?["tool"] else { return }
        for keys in [
            ["poe", "tasks"], ["taskipy", "tasks"], ["pdm", "scripts"], ["rye", "scripts"], ["uv", "scripts"],
        ] {
            for pair in tool[keys]?.table ?? [] {
                let node = pair.value
                guard let text = command(of: node) else { continue }
                addScript(pair.key, text, evidence: Evidence(file, line: node.line))
            }
        }
    }

    /// A command that the project keeps under a name.
    mutating func addScript(_ name: String, _ command: String, evidence: Evidence) {
        let names = [
            "test": "test", "tests": "test", "pytest": "test", "unittest": "test", "unit": "test", "test:unit": "test",
            "test-unit": "test", "lint": "lint", "build": "build", "start": "start", "serve": "start",
            "server": "start",
            "install": "install", "format": "format", "docs": "docs",
        ]
        guard let known = names[name] else { return }
        let commands = command.parts(separatedBy: " && ").map { part in
            ShellCommand(part).text
        }
        if known == "test", !commands.contains(where: { ShellCommand($0).runsTests }) { return }
        let kept = known == "test" ? commands.filter { !ShellCommand($0).onlyReports } : commands
        task(known, kept.joined(separator: " && "), .declared, evidence: evidence)
    }

    /// The test target of a Makefile, where its recipe is one that can be run as it stands.
    mutating func readMakefile() {
        guard manifest != nil || !declarations.isEmpty else { return }
        guard let file = ["GNUmakefile", "makefile", "Makefile"].map({ path($0) }).first(where: repository.contains)
        else { return }
        let lines = repository.lines(file)
        for target in ["test", "tests", "check", "pytest", "unittest", "unit-test", "test-unit"] {
            guard let start = lines.firstIndex(where: { isRule($0, for: target) }) else { continue }
            let recipe = lines[(start + 1)...].prefix { $0.hasPrefix("\t") || $0.isEmpty }.map(\.trimmingSpaces)
                .filter { !$0.isEmpty && !$0.hasPrefix("#") }
            let commands = recipe.map { line in
                ShellCommand(String(line.drop { $0 == "@" || $0 == "-" || $0 == "+" }))
            }.filter { !$0.text.hasPrefix("echo ") && !$0.onlyReports }
            let isPlain = commands.allSatisfy { command in
                !command.text.contains("$") && !command.text.contains("\\") && command.installed == nil
                    && !["tox", "nox", "docker", "docker-compose", "make", "hatch", "source", ".", "vagrant"].contains(
                        command.program)
            }
            guard isPlain, commands.contains(where: \.runsTests) else { continue }
            // A debugger waits for somebody at a terminal.
            let texts = commands.map { command in
                command.text.split(separator: " ").filter { $0 != "--pdb" }.joined(separator: " ")
            }
            task(
                "test", texts.joined(separator: " && "), .declared,
                evidence: Evidence(file, line: start + 1))
            return
        }
    }
}

/// The command of a task: a string, or a table with a command line, a list of words, or a list of commands.
private func command(of node: TOMLNode) -> String? {
    if let text = node.string ?? node["cmd"]?.string ?? node["shell"]?.string { return text }
    if let words = node["cmd"]?.array { return words.compactMap { $0.string.map(shellQuoted) }.joined(separator: " ") }
    for key in ["chain", "composite", "sequence"] {
        if let commands = node[key]?.strings, !commands.isEmpty { return commands.joined(separator: " && ") }
    }
    return nil
}

private func isRule(_ line: String, for target: String) -> Bool {
    guard let colon = line.firstIndex(of: ":"), line.first?.isWhitespace == false else { return false }
    let rest = line[line.index(after: colon)...]
    if rest.hasPrefix("=") || rest.hasPrefix(":=") { return false }
    return line[..<colon].split(separator: " ").contains { $0 == target }
}
