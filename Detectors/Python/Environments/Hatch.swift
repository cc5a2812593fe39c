//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import TOML

extension PythonSurvey {
    /// Reads Hatch's environments from `pyproject.toml` or `hatch.toml`: the one that tests, its scripts and matrix.
    mutating func readHatch() {
        let manifest = path("pyproject.toml")
        if repository.contains(manifest), let node = repository.toml(manifest)?[["tool", "hatch"]] {
            readHatch(node, file: manifest)
        }
        let own = path("hatch.toml")
        if repository.contains(own), let node = repository.toml(own) { readHatch(node, file: own) }
    }

    private mutating func readHatch(_ hatch: TOMLNode, file: String) {
        if hatch[["version", "source"]]?.string == "vcs" {
            noteVersionSource("hatch-vcs", evidence: Evidence(file, line: hatch["version"]?.line))
        }
        if hatch[["build", "hooks", "mypyc"]] != nil || hatch[["build", "hooks", "cython"]] != nil {
            nativeEvidence = nativeEvidence ?? Evidence(file, line: hatch["build"]?.line)
        }
        for pair in hatch["envs"]?.table ?? [] { readHatchEnvironment(pair.key, pair.value, hatch, file: file) }
    }

    private mutating func readHatchEnvironment(_ name: String, _ environment: TOMLNode, _ hatch: TOMLNode, file: String)
    {
        for row in environment["matrix"]?.array ?? [] {
            for version in (row["python"] ?? row["py"])?.strings ?? [] where version.hasPrefix("3.") {
                python(.hint, version, evidence: Evidence(file, line: row.line))
            }
        }
        let scripts = environment["scripts"]?.table ?? []
        let test = ["test", "tests", "run", "cov", "all", "check"].lazy.compactMap { key in
            scripts.first { $0.key == key }
        }.first {
            pair in hatchCommands(pair.value, scripts, depth: 0).contains { ShellCommand($0).runsTests }
        }
        if hasTestEnvironment, test == nil || testCommands.count > 0 { return }
        let texts = hatchDependencies(environment).map(\.text)
        let role =
            test != nil
            ? .test
            : pythonRole(ofName: name == "hatch-test" ? "test" : name, requirements: texts, hasTests: false)
                ?? .development
        if role == .test, let template = environment["template"]?.string, let base = hatch[["envs", template]] {
            for entry in hatchDependencies(base) {
                require(
                    entry.text, role: .test, reason: "Hatch's `\(template)`", evidence: Evidence(file, line: entry.line)
                )
            }
        }
        for entry in hatchDependencies(environment) {
            require(entry.text, role: role, reason: "Hatch's `\(name)`", evidence: Evidence(file, line: entry.line))
        }
        if role == .test {
            if texts.contains(where: { PythonRequirement($0).map { testRunners.contains($0.name) } ?? false }) {
                environmentHasRunner = true
            }
            for extra in environment["features"]?.strings ?? [] {
                testExtras[canonicalName(extra)] = Evidence(file, line: environment["features"]?.line)
            }
            for group in environment["dependency-groups"]?.strings ?? [] {
                testGroups[canonicalName(group)] = Evidence(file, line: environment["dependency-groups"]?.line)
            }
        }
        if name == "hatch-test", !isDeclared("pytest") {
            for text in ["pytest", "pytest-mock", "pytest-rerunfailures", "pytest-xdist"] {
                require(text, role: .test, reason: "Hatch's own", evidence: Evidence(file, line: environment.line))
            }
        }
        guard let test else { return }
        let commands = hatchCommands(test.value, scripts, depth: 0).filter { !ShellCommand($0).onlyReports }.map {
            text in
            isDeclared("coverage") || isDeclared("pytest-cov") || isDeclared("coverage-enable-subprocess")
                ? text : ShellCommand(text).withoutCoverage
        }
        task("test", commands.joined(separator: " && "), .declared, evidence: Evidence(file, line: test.value.line))
    }
}

private func hatchDependencies(_ environment: TOMLNode) -> [(text: String, line: Int)] {
    ["dependencies", "extra-dependencies"].flatMap { key in
        (environment[key]?.array ?? []).compactMap { node in node.string.map { ($0, node.line) } }
    }
}

/// The commands of a script, those that name another script of the environment written out.
private func hatchCommands(_ node: TOMLNode, _ scripts: [TOMLPair], depth: Int) -> [String] {
    node.strings.flatMap { text -> [String] in
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        if depth < 8, let first = words.first, let other = scripts.first(where: { $0.key == first }) {
            let rest = words.count > 1 ? " " + words[1] : ""
            return hatchCommands(other.value, scripts, depth: depth + 1).map { withoutArguments($0 + rest) }
        }
        return [withoutArguments(ShellCommand(text).text)]
    }
}

/// The command with the defaults of `{args:…}`, and the roots and other fields in place.
private func withoutArguments(_ text: String) -> String {
    var result = text.replacing(text: "{root}", with: ".").replacing(text: "{args}", with: "")
    while let open = result.range(ofText: "{args:"), let close = result[open...].firstIndex(of: "}") {
        let fallback = result[open...].dropFirst(6).prefix { $0 != "}" }
        result = String(result[..<open] + fallback + result[result.index(after: close)...])
    }
    return result.trimmingSpaces
}
