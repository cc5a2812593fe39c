//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import TOML

extension PythonSurvey {
    /// Reads pytest's configuration: the plugins that its options and keys name have to be there.
    mutating func readPytestConfiguration() {
        guard let entries = pytestEntries() else { return }
        runners["pytest"] = runners["pytest"] ?? entries.evidence
        var variables: [(String, Evidence)] = []
        for entry in entries.entries {
            let evidence = Evidence(entries.evidence.path, line: entry.number)
            switch entry.key {
            case "addopts": readOptions(shellWords(entry.text), place: "addopts", evidence: evidence)
            case "required_plugins":
                for text in entry.lines.flatMap({ $0.text.split(separator: " ") }) {
                    requirePlugin(String(text), reason: "required_plugins", evidence: evidence)
                }
            case "filterwarnings":
                for line in entry.lines { readFilter(line.text, evidence: Evidence(evidence.path, line: line.number)) }
            case "env": variables = entry.lines.map { ($0.text, Evidence(evidence.path, line: $0.number)) }
            default: break
            }
            if let plugin = pluginTable.keys[entry.key] {
                requirePlugin(plugin, reason: "`\(entry.key)` in pytest's configuration", evidence: evidence)
            }
        }
        for (text, evidence) in variables {
            guard let equal = text.firstIndex(of: "=") else { continue }
            let name = text[..<equal].split(separator: ":").last.map { String($0).trimmingSpaces } ?? ""
            let value = String(text[text.index(after: equal)...]).trimmingSpaces
            if !name.isEmpty { report(.variable(VariableFinding(name, value: value, evidence: evidence))) }
        }
    }

    /// The options of the test commands themselves.
    mutating func readTestCommandOptions() {
        let tasks = findings.compactMap { finding -> TaskFinding? in
            if case .task(let task) = finding, task.name == "test", task.standing == .declared { task } else { nil }
        }
        for finding in findings {
            guard case .variable(let variable) = finding, variable.name == "PYTEST_ADDOPTS" else { continue }
            readOptions(shellWords(variable.value ?? ""), place: "PYTEST_ADDOPTS", evidence: variable.evidence)
        }
        for task in tasks {
            for part in task.command.parts(separatedBy: " && ") {
                let command = ShellCommand(part)
                let words = command.words
                if command.program == "pytest" || command.program == "py.test" {
                    readOptions(words, place: "the test command", evidence: task.evidence)
                } else if words.contains("pytest") {
                    readOptions(words, place: "the test command", evidence: task.evidence)
                }
            }
        }
    }

    /// The first configuration in pytest's own order.
    private func pytestEntries() -> (entries: [INIFile.Entry], evidence: Evidence)? {
        for name in ["pytest.toml", ".pytest.toml"] {
            if repository.contains(path(name)), let node = repository.toml(path(name))?["pytest"] {
                return (tomlEntries(node), Evidence(path(name)))
            }
        }
        for (name, section) in [("pytest.ini", "pytest"), (".pytest.ini", "pytest")] {
            if let file = INIFile(repository, path: path(name)) { return (file.entries(section), Evidence(path(name))) }
        }
        let manifest = path("pyproject.toml")
        if repository.contains(manifest), let tool = repository.toml(manifest)?["tool"]?["pytest"] {
            let node = tool["ini_options"] ?? tool
            return (tomlEntries(node), Evidence(manifest, line: node.line))
        }
        for (name, sections) in [("tox.ini", ["pytest"]), ("setup.cfg", ["tool:pytest", "pytest"])] {
            guard let file = INIFile(repository, path: path(name)) else { continue }
            for section in sections where file.contains(section) {
                let entries = file.entries(section)
                return (entries, Evidence(path(name), line: entries.first?.number))
            }
        }
        return nil
    }

    /// Plugins by the options of a command line.
    private mutating func readOptions(_ words: [String], place: String, evidence: Evidence) {
        for (index, word) in words.enumerated() {
            if word == "-p", index + 1 < words.count {
                readPluginName(words[index + 1], reason: "`-p` in \(place)", evidence: evidence)
            } else if word.hasPrefix("-p"), !word.hasPrefix("--"), word.count > 2 {
                readPluginName(String(word.dropFirst(2)), reason: "`-p` in \(place)", evidence: evidence)
            } else if word.hasPrefix("-n"), !word.hasPrefix("--"),
                word == "-n" || word.dropFirst(2).allSatisfy({ $0.isNumber || $0 == "=" || $0.isLetter })
            {
                requirePlugin("pytest-xdist", reason: "`-n` in \(place)", evidence: evidence)
            } else if word.hasPrefix("--"), let plugin = plugin(ofOption: word) {
                requirePlugin(plugin, reason: "`\(word.prefix { $0 != "=" })` in \(place)", evidence: evidence)
            }
        }
    }

    /// A plugin by the module that `-p` or `pytest_plugins` names.
    mutating func readPluginName(_ module: String, reason: String, evidence: Evidence) {
        guard !module.hasPrefix("no:"), let plugin = pluginTable.modules[module] else { return }
        requirePlugin(plugin, reason: reason, evidence: evidence)
    }

    /// `error::package.Warning`: the module of the category is imported when pytest starts.
    private mutating func readFilter(_ filter: String, evidence: Evidence) {
        let fields = filter.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count > 2, let dot = fields[2].lastIndex(of: ".") else { return }
        let module = String(fields[2][..<dot])
        guard let distribution = distribution(ofModule: module), !isLocalModule(module) else { return }
        requirePlugin(distribution, reason: "`filterwarnings` names \(module)", evidence: evidence)
    }

    /// Requires a plugin for testing unless something that is installed for testing brings it.
    ///
    /// Alternatives stand apart by `|`: the first is taken where none is there.
    mutating func requirePlugin(_ alternatives: String, reason: String, evidence: Evidence) {
        let names = alternatives.split(separator: "|").map(String.init)
        guard let text = names.first, !names.dropFirst().contains(where: { isDeclared($0, in: rolesForTesting) }) else {
            return
        }
        guard let requirement = PythonRequirement(text), !isOwnName(requirement.name) else { return }
        guard !isDeclared(requirement.name, in: rolesForTesting), locked[requirement.name] == nil else { return }
        require(knownSpecification(of: requirement), role: .test, reason: reason, evidence: evidence)
    }

    /// The requirement as another part of the project states it, so that its bounds count.
    func knownSpecification(of requirement: PythonRequirement) -> String {
        guard requirement.specifier.isEmpty, requirement.extras.isEmpty else { return requirement.text }
        let known = declarations.filter { $0.requirement.name == requirement.name && $0.requirement.url == nil }
        let roles: [Role] = [.test, .runtime, .development]
        return roles.lazy.compactMap { role in
            known.first { $0.role == role && markerMayHold($0.requirement.marker) }?.requirement.text
        }.first ?? requirement.text
    }

    private func tomlEntries(_ node: TOMLNode) -> [INIFile.Entry] {
        (node.table ?? []).map { pair in
            let lines = (pair.value.array ?? [pair.value]).map { ($0.line, $0.string ?? "") }
            return INIFile.Entry(key: pair.key, lines: lines, number: pair.value.line)
        }
    }
}

/// The plugin that an option belongs to: the option itself, or the longest known one before a `-`.
private func plugin(ofOption word: String) -> String? {
    var option = String(word.prefix { $0 != "=" })
    while option.count > 2 {
        if let plugin = pluginTable.options[option] { return plugin }
        guard let dash = option.lastIndex(of: "-") else { return nil }
        option = String(option[..<dash])
    }
    return nil
}
