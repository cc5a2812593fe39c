//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import TOML

extension PythonSurvey {
    /// Reads `pyproject.toml`: [PEP 621](https://peps.python.org/pep-0621/) and the tables of the tools.
    mutating func readPyproject() {
        let file = path("pyproject.toml")
        guard repository.contains(file), let document = repository.toml(file) else { return }
        report(.language(LanguageFinding("python", evidence: Evidence(file))))
        if let build = document["build-system"] { readBuildSystem(build, file: file) }
        if let project = document["project"] { readProject(project, file: file) }
        readDependencyGroups(document["dependency-groups"], file: file)
        guard let tool = document["tool"] else { return }
        if let poetry = tool["poetry"] { readPoetry(poetry, file: file) }
        if let pdm = tool["pdm"] { readPDM(pdm, file: file) }
        if let flit = tool[["flit", "metadata"]] { readFlit(flit, file: file) }
        if let uv = tool["uv"] { readUV(uv, file: file) }
        if let setuptools = tool["setuptools"] { readSetuptools(setuptools, file: file) }
        if let wheels = tool["cibuildwheel"] { readCibuildwheel(wheels, file: file) }
        readTargetVersions(tool, file: file)
    }

    private mutating func readBuildSystem(_ build: TOMLNode, file: String) {
        backend = build["build-backend"]?.string
        if manifest == nil { manifest = Evidence(file, line: build.line) }
        for node in build["requires"]?.array ?? [] {
            guard let text = node.string else { continue }
            let evidence = Evidence(file, line: node.line)
            guard let requirement = declare(text, role: .build, evidence: evidence) else { continue }
            if nativeBuildTools.contains(requirement.name), nativeEvidence == nil { nativeEvidence = evidence }
            noteVersionSource(requirement.name, evidence: evidence)
        }
    }

    private mutating func readProject(_ project: TOMLNode, file: String) {
        manifest = Evidence(file, line: project.line)
        name = project["name"]?.string
        version = project["version"]?.string
        dynamic.formUnion(project["dynamic"]?.strings ?? [])
        if let range = project["requires-python"], let text = range.string {
            python(.range, text, evidence: Evidence(file, line: range.line))
        }
        for node in project["dependencies"]?.array ?? [] {
            if let text = node.string { addRuntime(text, evidence: Evidence(file, line: node.line)) }
        }
        for pair in project["optional-dependencies"]?.table ?? [] {
            addExtra(pair.key, pair.value.strings, evidence: Evidence(file, line: pair.value.line))
        }
        readClassifiers(
            (project["classifiers"]?.array ?? []).compactMap { node in
                node.string.map { ($0, Evidence(file, line: node.line)) }
            })
        readScripts(project["scripts"], file: file)
    }

    /// The commands that the project installs; the one with the project's name is how it is started.
    mutating func readScripts(_ scripts: TOMLNode?, file: String) {
        let pairs = scripts?.table ?? []
        ownPrograms.formUnion(pairs.map(\.key))
        guard let name, let main = pairs.first(where: { canonicalName($0.key) == canonicalName(name) }) else { return }
        task("start", main.key, .inferred, evidence: Evidence(file, line: main.value.line))
    }

    /// Remembers what installing the project brings.
    mutating func addRuntime(_ text: String, evidence: Evidence) {
        guard declare(text, role: .runtime, evidence: evidence) != nil else { return }
        runtime.append((text, evidence))
    }

    /// Remembers an extra; what a second source says of the same one is left out.
    mutating func addExtra(_ name: String, _ requirements: [String], evidence: Evidence) {
        guard !extras.contains(where: { canonicalName($0.name) == canonicalName(name) }) else { return }
        extras.append(Group(name: name, requirements: requirements, evidence: evidence))
    }

    /// Groups after [PEP 735](https://peps.python.org/pep-0735/).
    private mutating func readDependencyGroups(_ table: TOMLNode?, file: String) {
        for pair in table?.table ?? [] {
            var group = Group(
                name: pair.key, requirements: [], evidence: Evidence(file, line: pair.value.line))
            for node in pair.value.array ?? [] {
                if let text = node.string { group.requirements.append(text) }
                if let included = node["include-group"]?.string { group.includes.append(included) }
            }
            groups.append(group)
        }
    }

    /// The requirements of a group with those of the groups that it includes.
    func requirements(of group: Group, visited: Set<String> = []) -> [String] {
        guard !visited.contains(canonicalName(group.name)) else { return [] }
        let included = group.includes.flatMap { name in
            groups.filter { canonicalName($0.name) == canonicalName(name) }
        }
        return group.requirements
            + included.flatMap { requirements(of: $0, visited: visited.union([canonicalName(group.name)])) }
    }

    /// What formatters and checkers are told of the oldest Python: a weak range.
    private mutating func readTargetVersions(_ tool: TOMLNode, file: String) {
        for node in [tool[["black", "target-version"]], tool[["ruff", "target-version"]]] {
            guard let node else { continue }
            for version in node.strings.compactMap(pythonVersion(ofFactor:)) {
                python(.hint, version, evidence: Evidence(file, line: node.line))
            }
        }
    }
}

/// Distributions whose presence among the build requirements means that something is compiled.
let nativeBuildTools: Set<String> = [
    "cython", "cffi", "pybind11", "nanobind", "setuptools-rust", "maturin", "scikit-build", "scikit-build-core",
    "meson-python", "meson", "ninja", "cmake", "numpy", "oldest-supported-numpy", "pythran", "mypyc", "swig",
    "extension-helpers", "py-cpuinfo", "setuptools-golang", "milksnake", "pdm-build-mypyc", "hatch-mypyc",
    "hatch-cython",
    "sip", "pyqt-builder", "f2py", "enscons",
]
