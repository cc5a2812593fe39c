//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import TOML

extension PythonSurvey {
    /// `[tool.pdm]`: development dependencies by group, and the version's source.
    mutating func readPDM(_ pdm: TOMLNode, file: String) {
        for pair in pdm["dev-dependencies"]?.table ?? [] {
            let hasTests = (pdm["dev-dependencies"]?.table ?? []).contains { pythonRole(ofName: $0.key) == .test }
            addGroup(ofTool: pair.key, pair.value, hasTests: hasTests, file: file)
        }
        if pdm[["version", "source"]]?.string == "scm" {
            versionSource = ("pdm", Evidence(file, line: pdm["version"]?.line))
        }
        if pdm["distribution"]?.bool == false { isApplication = true }
    }

    /// `[tool.uv]`: development dependencies of the time before dependency groups, and whether the project is a package.
    mutating func readUV(_ uv: TOMLNode, file: String) {
        if let dev = uv["dev-dependencies"] { addGroup(ofTool: "dev", dev, file: file) }
        if uv["package"]?.bool == false { isApplication = true }
        for requirement in uv["constraint-dependencies"]?.array ?? [] {
            if let text = requirement.string, let parsed = PythonRequirement(text) {
                repository.warn(
                    Evidence(file, line: requirement.line),
                    "the constraint on `\(parsed.name)` holds for uv's lockfile only")
            }
        }
    }

    /// Flit's own metadata table, from before it took PEP 621.
    mutating func readFlit(_ flit: TOMLNode, file: String) {
        name = name ?? flit["dist-name"]?.string ?? flit["module"]?.string
        manifest = manifest ?? Evidence(file, line: flit.line)
        if let range = flit["requires-python"], let text = range.string {
            python(.range, text, evidence: Evidence(file, line: range.line))
        }
        for node in flit["requires"]?.array ?? [] {
            if let text = node.string { addRuntime(text, evidence: Evidence(file, line: node.line)) }
        }
        for pair in flit["requires-extra"]?.table ?? [] {
            addExtra(pair.key, pair.value.strings, evidence: Evidence(file, line: pair.value.line))
        }
        if let node = flit["dev-requires"] { addGroup(ofTool: "dev", node, file: file) }
        readClassifiers(
            (flit["classifiers"]?.array ?? []).compactMap { node in
                node.string.map { ($0, Evidence(file, line: node.line)) }
            })
    }

    /// `[tool.setuptools]`: values that the manifest declares dynamic, and extension modules.
    mutating func readSetuptools(_ setuptools: TOMLNode, file: String) {
        if setuptools["ext-modules"] != nil, nativeEvidence == nil {
            nativeEvidence = Evidence(file, line: setuptools["ext-modules"]?.line)
        }
        guard let table = setuptools["dynamic"] else { return }
        for node in table["dependencies"]?["file"]?.strings ?? [] {
            readRuntimeFile(path(node), evidence: Evidence(file, line: table["dependencies"]?.line))
        }
        for pair in table["optional-dependencies"]?.table ?? [] {
            let files = (pair.value["file"]?.strings ?? []).map { path($0) }
            addExtra(
                pair.key, files.flatMap { RequirementsFile(repository, path: $0).requirements.map(\.text) },
                evidence: Evidence(file, line: pair.value.line))
            filesTaken.formUnion(files)
        }
    }

    /// `[tool.cibuildwheel]`: what building and testing a wheel takes.
    mutating func readCibuildwheel(_ table: TOMLNode, file: String) {
        for scope in [table, table["linux"]].compactMap({ $0 }) {
            if let before = scope["before-all"] {
                for command in before.strings {
                    for package in packages(installedBy: command) {
                        system(
                            .package(package), .build, reason: "cibuildwheel before-all",
                            evidence: Evidence(file, line: before.line))
                    }
                }
            }
            for node in scope["test-requires"].map({ $0.array ?? [$0] }) ?? [] {
                for text in node.string?.split(separator: " ") ?? [] {
                    wheelTestRequirements.append((String(text), Evidence(file, line: node.line)))
                }
            }
            for name in (scope["test-extras"]?.strings ?? []).flatMap({ $0.split(separator: ",") }) {
                testExtras[canonicalName(String(name).trimmingSpaces)] = Evidence(
                    file, line: scope["test-extras"]?.line)
            }
            for name in scope["test-groups"]?.strings ?? [] {
                testGroups[canonicalName(name)] = Evidence(file, line: scope["test-groups"]?.line)
            }
            if let test = scope["test-command"] {
                let command = test.strings.joined(separator: " && ").replacing(text: "{project}/", with: "")
                    .replacing(text: "{package}/", with: "").replacing(text: "{project}", with: ".")
                    .replacing(text: "{package}", with: ".")
                if !command.isEmpty { task("test", command, .used, evidence: Evidence(file, line: test.line)) }
            }
        }
    }

    /// A list of requirements that only its tool knows as a group: they are reported one by one.
    mutating func addGroup(ofTool name: String, _ node: TOMLNode, hasTests: Bool = false, file: String) {
        let role = pythonRole(ofName: name, requirements: node.strings, hasTests: hasTests) ?? .development
        for node in node.array ?? [] {
            guard let text = node.string, !text.hasPrefix("-e ") else { continue }
            require(text, role: role, evidence: Evidence(file, line: node.line))
        }
    }
}

/// The Debian packages that a command line of `apt-get install` names.
func packages(installedBy command: String) -> [String] {
    command.split { "&;|\n".contains($0) }.flatMap { part -> [String] in
        let words = part.split(separator: " ").map(String.init)
        guard let start = words.firstIndex(where: { $0 == "apt-get" || $0 == "apt" }),
            let install = words[start...].firstIndex(of: "install")
        else { return [] }
        return words[(install + 1)...].filter { word in
            !word.hasPrefix("-") && word.utf8.first.map { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A } == true
        }
    }
}
