//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
public import Detection
import TOML

/// Reads what Python repositories say: `pyproject.toml`, `setup.cfg`, `setup.py`, requirements files, lockfiles, tox, nox,
/// Hatch, pytest's configuration, version files, and the imports of the tests.
public struct PythonDetector: Detector {
    /// A detector.
    public init() {}

    /// `python`.
    public let name = "python"

    /// One line that says what it reads.
    public let summary =
        "pyproject.toml, setup.py and setup.cfg, requirements and lock files, tox, nox, pytest, imports of tests"

    /// It reads tests and sources.
    public let takesLong = true

    /// The files in the order of their weight.
    public var sources: [DetectorSource] {
        [
            DetectorSource(".python-version", "version; the first is the one that runs", kind: .pin),
            DetectorSource("runtime.txt", "version, as `python-3.11.4`", kind: .pin),
            DetectorSource("Pipfile", "version of `[requires]`, packages, scripts", kind: .pin),
            DetectorSource(
                "pyproject.toml", "requires-python or poetry's python, dependencies, extras, groups, tools, tasks",
                kind: .range),
            DetectorSource("setup.cfg", "python_requires, dependencies, extras", kind: .range),
            DetectorSource(
                "setup.py", "python_requires, dependencies, extras, extension modules; read, never run", kind: .range),
            DetectorSource("PKG-INFO", "metadata of a source distribution", kind: .range),
            DetectorSource("*.py", "inline script metadata where there is no manifest", kind: .range),
            DetectorSource(
                "uv.lock, pylock.toml, pdm.lock, poetry.lock, Pipfile.lock", "locked packages and version", kind: .lock),
            DetectorSource(
                "tox.ini, tox.toml, noxfile.py", "tested versions, test requirements, test command", kind: .hint),
            DetectorSource("pyproject.toml [tool.hatch.envs]", "test environments and scripts", kind: .hint),
            DetectorSource("environment.yml", "version and packages of conda", kind: .hint),
            DetectorSource("classifiers in manifests", "supported versions", kind: .hint),
            DetectorSource("requirements*.txt, requirements/*.txt", "requirements by the role that their name tells"),
            DetectorSource("pytest.ini, setup.cfg, conftest.py", "options of pytest, and the plugins that they need"),
            DetectorSource("test_*.py, *_test.py", "imports that nothing declares, fixtures, programs that tests run"),
            DetectorSource("Makefile", "the test target"),
        ]
    }

    /// What the repository's Python files say, its main projects first.
    public func findings(in repository: Repository) -> [Finding] {
        let projects = pythonProjects(in: repository)
        let findings = projects.flatMap { directory in
            var survey = PythonSurvey(repository, directory: directory)
            survey.read()
            return survey.findings
        }
        return findings + pythonMembers(in: repository, projects)
    }
}

extension PythonSurvey {
    /// Goes through all sources. Later ones know what earlier ones declared.
    mutating func read() {
        readVersionFiles()
        readPyproject()
        readSetupCfg()
        readSetupPy()
        readPackageInfo()
        readPipfile()
        readLockfiles()
        readTox()
        readNox()
        readHatch()
        readTaskRunners()
        readRequirementsFiles()
        readCondaEnvironment()
        readScriptMetadata()
        readMakefile()
        reportProject()
        rolesForTesting = hasTestItem ? [.runtime, .test] : [.runtime, .test, .development]
        findLocalModules()
        readPytestConfiguration()
        readTestSources()
        reportRunner()
        reportLinters()
        reportApplication()
        reportPackageManagers()
        reportSystemPackages()
        reportVersionVariable()
        readChangelog()
        reportLanguage()
    }

    /// Reports the language where no manifest did, and the need for an interpreter where nothing says which.
    private mutating func reportLanguage() {
        let isReported = findings.contains { if case .language = $0 { true } else { false } }
        let sources = repository.files(withExtension: "py")
        let file =
            declarations.first?.evidence.path ?? sources.first { !repository.isSecondary($0.path) }?.path
            ?? sources.first?.path
        guard let file else { return }
        if !isReported { report(.language(LanguageFinding("python", evidence: Evidence(file)))) }
        let needsPython = findings.contains { finding in
            switch finding {
            case .dependency, .task: true
            default: false
            }
        }
        let hasVersion = findings.contains { if case .toolchain = $0 { true } else { false } }
        if needsPython, !hasVersion { python(.hint, "", evidence: Evidence(file)) }
    }
}

/// The folders of the projects to survey, the nearest to the root first: the root itself where it says anything of
/// Python, the members of its workspace, otherwise the nearest folders that have a manifest.
func pythonProjects(in repository: Repository) -> [String] {
    let manifests = ["pyproject.toml", "setup.py", "setup.cfg", "Pipfile"].flatMap(repository.files(named:))
        .filter { !repository.isSecondary($0.path) }
    let rootFiles = repository.files(in: "")
    let rootHasManifest = rootFiles.contains { ["pyproject.toml", "setup.py", "Pipfile"].contains($0.name) }
    let folders = manifests.map(\.directory).filter { !$0.isEmpty }
    let isProject = rootHasManifest && (rootIsPackage(repository) || folders.isEmpty)
    if isProject {
        return [""] + workspaceMembers(repository).filter { folders.contains($0) }.sortedUnique
    }
    let rootSpeaks = rootHasManifest || rootFiles.contains { saysPython($0.name) }
    let depth = manifests.filter { !$0.directory.isEmpty && $0.name != "setup.cfg" }.map(\.depth).min()
    let nearest = manifests.filter { !$0.directory.isEmpty && $0.depth == depth && $0.name != "setup.cfg" }.map(
        \.directory)
    let members = rootHasManifest ? workspaceMembers(repository).filter { folders.contains($0) } : []
    if rootSpeaks || nearest.isEmpty && hasPython(repository) {
        return [""] + (members.isEmpty ? nearest : members).sortedUnique
    }
    return nearest.sortedUnique
}

/// Whether the manifest in the root makes the root itself a project.
private func rootIsPackage(_ repository: Repository) -> Bool {
    if repository.contains("setup.py") || repository.contains("Pipfile") { return true }
    guard let document = repository.toml("pyproject.toml") else { return repository.contains("pyproject.toml") }
    return document["project"] != nil || document[["tool", "poetry"]] != nil
        || document[["tool", "flit"]] != nil || document["build-system"] != nil || document["dependency-groups"] != nil
        || document[["tool", "uv", "workspace"]] != nil
}

/// The members of a uv workspace.
private func workspaceMembers(_ repository: Repository) -> [String] {
    guard repository.contains("pyproject.toml"), let document = repository.toml("pyproject.toml"),
        let workspace = document[["tool", "uv", "workspace"]]
    else { return [] }
    let excluded = workspace["exclude"]?.strings ?? []
    let folders = repository.files(named: "pyproject.toml").map(\.directory).filter { !$0.isEmpty }
    return folders.filter { folder in
        (workspace["members"]?.strings ?? []).contains { matchesGlob(folder, $0) }
            && !excluded.contains { matchesGlob(folder, $0) }
    }
}

/// Whether a path matches a pattern in which `*` stands for characters other than `/`, and `**` for any.
func matchesGlob(_ path: String, _ pattern: String) -> Bool {
    let parts = path.split(separator: "/")[...]
    let patterns = pattern.split(separator: "/").filter { $0 != "." }[...]
    func matches(_ parts: ArraySlice<Substring>, _ patterns: ArraySlice<Substring>) -> Bool {
        guard let first = patterns.first else { return parts.isEmpty }
        if first == "**" {
            return matches(parts, patterns.dropFirst()) || (!parts.isEmpty && matches(parts.dropFirst(), patterns))
        }
        guard let part = parts.first else { return false }
        return matchesWord(part[...], first[...]) && matches(parts.dropFirst(), patterns.dropFirst())
    }
    return matches(parts, patterns)
}

private func matchesWord(_ word: Substring, _ pattern: Substring) -> Bool {
    guard let first = pattern.first else { return word.isEmpty }
    if first == "*" {
        return matchesWord(word, pattern.dropFirst()) || (!word.isEmpty && matchesWord(word.dropFirst(), pattern))
    }
    guard let letter = word.first, letter == first || first == "?" else { return false }
    return matchesWord(word.dropFirst(), pattern.dropFirst())
}

private func saysPython(_ name: String) -> Bool {
    [
        "tox.ini", "tox.toml", "noxfile.py", "pytest.ini", "environment.yml", "conftest.py", "manage.py",
        ".python-version",
        "runtime.txt", "setup.cfg",
    ].contains(name) || (name.contains("requirements") && name.hasSuffix(".txt"))
}

/// Whether the repository has sources in Python, and more than a few scripts beside those in another language.
private func hasPython(_ repository: Repository) -> Bool {
    let own = repository.files(withExtension: "py").count { !repository.isSecondary($0) || isTestFile($0) }
    guard own > 0 else { return false }
    return mainLanguages.allSatisfy { repository.files(withExtension: $0).count < 20 * own }
}

/// Endings of the sources of languages in which programs are written, and not only the tools around them.
private let mainLanguages = [
    "c", "cc", "cpp", "cs", "cr", "clj", "d", "dart", "erl", "ex", "f", "f90", "go", "hs", "java", "jl", "js", "kt",
    "lisp", "lua", "ml", "nim", "php", "pl", "pm", "rb", "rs", "scala", "scm", "swift", "t", "tcl", "ts", "tsx", "zig",
]

extension [String] {
    fileprivate var sortedUnique: [String] {
        Set(self).sorted { ($0.count { $0 == "/" }, $0) < ($1.count { $0 == "/" }, $1) }
    }
}
