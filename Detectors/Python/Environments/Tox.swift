//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import TOML

extension PythonSurvey {
    /// Reads the test environment of tox: what it installs, what it runs, and the Pythons that it tests.
    mutating func readTox() {
        for var tox in toxConfigurations() {
            for (name, evidence) in tox.environments {
                if let version = name.split(separator: "-").lazy.compactMap({ pythonVersion(ofFactor: String($0)) })
                    .first
                {
                    python(.hint, version, evidence: evidence)
                }
            }
            guard let environment = testEnvironment(of: tox) else { continue }
            let folder = workingFolder(of: tox, environment)
            if let folder { tox.root = folder.split(separator: "/").map { _ in ".." }.joined(separator: "/") }
            readEnvironment(environment, of: tox, in: folder)
            return
        }
    }

    private func toxConfigurations() -> [ToxConfiguration] {
        var result: [ToxConfiguration] = []
        if let tox = ToxConfiguration(repository, directory: directory) { result.append(tox) }
        if repository.contains(path("tox.toml")), let node = repository.toml(path("tox.toml")) {
            result.append(ToxConfiguration(node, path: path("tox.toml")))
        }
        let manifest = path("pyproject.toml")
        if repository.contains(manifest), let node = repository.toml(manifest)?["tool"]?["tox"] {
            if let legacy = node["legacy_tox_ini"], let text = legacy.string {
                result.append(ToxConfiguration(legacy: text, path: manifest, first: legacy.line))
            } else {
                result.append(ToxConfiguration(node, path: manifest))
            }
        }
        return result
    }

    /// The environment that runs the tests on the newest Python; of several, the first named for nothing but a Python or
    /// for tests, then the last of a matrix, since those are listed from old to new.
    private func testEnvironment(of tox: ToxConfiguration) -> String? {
        var names = tox.environments.map(\.name)
        // Without a list of environments, tox runs the one that `[testenv]` describes.
        if names.isEmpty,
            tox.lines("commands", of: "py3").contains(where: { ShellCommand(toxCommand($0.text)).runsTests })
        {
            return "py3"
        }
        for section in tox.file.sections where section.name.hasPrefix("testenv:") {
            names += expandBraces(String(section.name.dropFirst(8))).filter { !names.contains($0) }
        }
        if names.isEmpty { names = ["py3"] }
        let scored = names.enumerated().compactMap { place, name -> (score: [Int], name: String)? in
            let commands = tox.lines("commands", of: name)
            let runsTests = commands.contains { ShellCommand(toxCommand($0.text)).runsTests }
            let factors = name.split(separator: "-").map(String.init)
            let version = factors.lazy.compactMap { pythonVersion(ofFactor: $0) }.first
            let minor = version.flatMap { Int($0.dropFirst(2)) }
            let isPython =
                factors.first.map { $0.hasPrefix("py") && !$0.hasPrefix("pypy") && !$0.hasPrefix("py2") } ?? false
            let role = pythonRole(ofName: name)
            guard runsTests || isPython || role == .test else { return nil }
            if role == .lint || role == .documentation { return nil }
            let unusual = factors.count {
                unusualFactors.contains($0) || namesService($0)
                    || pythonVersion(ofFactor: $0) != nil && $0.hasSuffix("t")
            }
            let isNamed = isPython || role == .test
            return (
                [runsTests ? 2 : 1, -unusual, isNamed ? 1 : 0, factors.count == 1 ? 1 : 0, minor ?? 0, place], name
            )
        }
        return scored.max { lhs, rhs in
            lhs.score == rhs.score ? lhs.name > rhs.name : lhs.score.lexicographicallyPrecedes(rhs.score)
        }?.name
    }

    private mutating func readEnvironment(_ environment: String, of tox: ToxConfiguration, in folder: String?) {
        for line in tox.lines("deps", of: environment) {
            addEnvironmentLine(
                line.text, marker: line.marker, source: "tox", file: tox.file.path, evidence: line.evidence)
        }
        for key in ["extras", "dependency_groups"] {
            for line in tox.lines(key, of: environment) {
                for name in line.text.split(separator: ",").map({ canonicalName(String($0).trimmingSpaces) }) {
                    if key == "extras" { testExtras[name] = line.evidence } else { testGroups[name] = line.evidence }
                }
            }
        }
        readVariables(tox, environment)
        for key in ["allowlist_externals", "whitelist_externals"] {
            for line in tox.lines(key, of: environment) {
                for word in line.text.split(whereSeparator: { $0 == "," || $0.isWhitespace }).map(String.init) {
                    addProgram(word, reason: "\(key) of tox", evidence: line.evidence)
                }
            }
        }
        readCommands(tox, environment, in: folder)
    }

    /// The variables of the environment; of one that is set twice, as by a section that takes over another's, the last.
    private mutating func readVariables(_ tox: ToxConfiguration, _ environment: String) {
        var variables: [VariableFinding] = []
        for line in tox.lines("setenv", of: environment) + tox.lines("set_env", of: environment) {
            guard let equal = line.text.firstIndex(of: "="), !line.text.hasPrefix("file|") else { continue }
            let name = String(line.text[..<equal]).trimmingSpaces
            let value = String(line.text[line.text.index(after: equal)...]).trimmingSpaces
            guard !name.isEmpty, !value.contains("$("), !value.isEmpty, value != "\\", line.marker == nil else {
                continue
            }
            variables.removeAll { $0.name == name }
            variables.append(VariableFinding(name, value: value, evidence: line.evidence))
        }
        for variable in variables { report(.variable(variable)) }
    }

    private mutating func readCommands(_ tox: ToxConfiguration, _ environment: String, in folder: String?) {
        var commands: [String] = []
        var first: Evidence?
        for key in ["commands_pre", "commands"] {
            for line in tox.lines(key, of: environment) {
                let command = ShellCommand(toxCommand(line.text))
                if let words = command.installed {
                    addInstalled(words, source: "tox", evidence: line.evidence)
                    continue
                }
                if command.onlyReports || command.program == "pip" || command.program == "echo" { continue }
                let isCovered = isDeclared("coverage") || isDeclared("pytest-cov")
                var text = isCovered ? command.text : command.withoutCoverage
                if text.contains("$VIRTUAL_ENV/bin/") { text = text.replacing(text: "$VIRTUAL_ENV/bin/", with: "") }
                if line.text.hasPrefix("-") { text += " || true" }
                if line.text.hasPrefix("!") { text = "! \(text)" }
                if command.runsTests || !commands.isEmpty || key == "commands_pre" { first = first ?? line.evidence }
                commands.append(line.text.hasPrefix("-") ? "{ \(text); }" : text)
            }
        }
        commands = testsOnly(commands)
        guard let evidence = first, commands.contains(where: { ShellCommand($0).runsTests }) else { return }
        let command = commands.joined(separator: " && ")
        task("test", folder.map { "cd \(shellQuoted($0)) && \(command)" } ?? command, .declared, evidence: evidence)
    }

    /// The folder that the environment's commands run in, where it is one of the checkout other than the root.
    private func workingFolder(of tox: ToxConfiguration, _ environment: String) -> String? {
        let text =
            (tox.lines("changedir", of: environment) + tox.lines("change_dir", of: environment)).first?.text ?? ""
        let folder = joinPath("", text)
        guard !folder.isEmpty, !text.hasPrefix("/"), !folder.hasPrefix("..") else { return nil }
        return repository.hasDirectory(path(folder)) ? folder : nil
    }
}

/// The command of a line: without the marks `-` and `!`, the interpreter's path and the root's.
private func toxCommand(_ text: String) -> String {
    var line = text
    while line.hasPrefix("-") || line.hasPrefix("!") || line.hasPrefix(" ") { line.removeFirst() }
    if let open = line.range(ofText: "{posargs") { line = String(line[..<open]).trimmingSpaces }
    if line.hasSuffix(" []") { line.removeLast(3) }
    return line.replacing(text: " ./", with: " ").replacing(text: " [] ", with: " ")
}

/// Whether a factor stands for a database server or its client.
private func namesService(_ factor: String) -> Bool {
    ["postgres", "postgis", "psycopg", "mysql", "maria", "oracle", "mssql", "redis", "mongo"].contains {
        factor.hasPrefix($0)
    }
}

/// Factors of environments that test something out of the ordinary.
private let unusualFactors: Set<String> = [
    "dev", "devel", "nightly", "main", "master", "latest", "lowest", "oldest", "minimal", "pre", "prerelease",
    "freethreaded",
    "nocython", "nogil", "pypy", "pypy3", "docs", "lint", "bench", "benchmark", "windows", "macos", "cover", "coverage",
    "release", "publish", "debug", "devdeps", "oldestdeps", "report", "clean", "typing", "style", "mypy", "mindeps",
    "pure",
    "withcov", "serial", "postgres", "postgresql", "postgis", "psycopg2", "psycopg3", "mysql", "mariadb", "oracle",
    "mssql", "nodeps", "oldestdeps", "perf", "fuzz", "doctest", "linkcheck",
]
