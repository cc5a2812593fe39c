//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Versions

/// What the files of one Python project say, gathered so that later readers know what earlier ones declared.
struct PythonSurvey {
    typealias Role = DependencyFinding.Role
    typealias Item = DependencyFinding.Item

    /// A named list of requirements: an extra, or a dependency group.
    struct Group {
        let name: String
        var requirements: [String]
        let evidence: Evidence
        /// The names of the groups that it includes.
        var includes: [String] = []
    }

    /// A requirement that some file declares.
    struct Declaration {
        let requirement: PythonRequirement
        let role: Role
        let evidence: Evidence
    }

    /// The files.
    let repository: Repository
    /// The project's folder from the root; empty for the root.
    let directory: String
    /// What is reported.
    private(set) var findings: [Finding] = []
    /// All requirements of all roles, in the order of reading.
    private(set) var declarations: [Declaration] = []
    /// Requirements and constraints files that were reported or are included by one that was.
    var filesTaken: Set<String> = []
    /// The distributions that the lockfile in force names, normalised.
    var locked: [String: Evidence] = [:]

    /// The distribution's name and version as the manifest states them.
    var name: String?
    var version: String?
    /// The manifest that makes the folder a project which can be installed.
    var manifest: Evidence?
    /// Why nothing is to be installed although there is a manifest, as in Poetry's `package-mode = false`.
    var isApplication = false
    var backend: String?
    /// The first sign that building compiles.
    var nativeEvidence: Evidence?
    /// What the project needs at run time, where installing it brings that.
    var runtime: [(text: String, evidence: Evidence)] = []
    var extras: [Group] = []
    var groups: [Group] = []
    /// What the manifest leaves to the build backend.
    var dynamic: Set<String> = []
    /// Whether a test command was declared, and by which lines.
    var testCommands: [String] = []
    /// Extras and groups that an environment of tox, nox or hatch installs for its tests.
    var testExtras: [String: Evidence] = [:]
    var testGroups: [String: Evidence] = [:]
    /// Whether an environment of tox, nox or Hatch installs a test runner by itself.
    var environmentHasRunner = false
    /// What wheels are tested with, for a project that names nothing else.
    var wheelTestRequirements: [(text: String, evidence: Evidence)] = []
    /// Programs that installing the project brings.
    var ownPrograms: Set<String> = []
    /// Signs of the test runner.
    var runners: [String: Evidence] = [:]
    /// The settings of Django that lie with the tests, where nothing names any.
    var djangoSettings: (module: String, evidence: Evidence)?
    /// The function that `test_suite` of `setup()` names, by its dotted name.
    var testSuite: (name: String, evidence: Evidence)?
    /// The top-level packages that the checkout itself provides.
    var localModules: Set<String> = []
    /// The folders that are packages.
    var packageFolders: Set<String> = []
    /// What the version is taken from: `setuptools_scm`, `pbr`…
    var versionSource: (tool: String, evidence: Evidence)?

    init(_ repository: Repository, directory: String) {
        self.repository = repository
        self.directory = directory
    }

    /// The path from the repository's root of a path from the project's folder.
    func path(_ name: String) -> String { joinPath(directory, name) }

    /// The roles whose items are installed for testing, settled once all manifests are read.
    var rolesForTesting: Set<Role> = [.runtime, .test]

    /// Reports a finding.
    mutating func report(_ finding: Finding) { findings.append(finding) }

    /// Reports a part of the dependency step.
    mutating func report(_ item: Item, role: Role, reason: String = "", evidence: Evidence) {
        report(
            .dependency(
                DependencyFinding(
                    manager: "uv", directory: directory, item, role: role, reason: reason, evidence: evidence)))
    }

    /// Reports a requirement, and remembers it.
    mutating func require(_ text: String, role: Role, reason: String = "", evidence: Evidence) {
        guard let requirement = declare(text, role: role, evidence: evidence) else { return }
        for replacement in current(requirement) {
            report(
                .requirement(replacement.requirement), role: role, reason: replacement.reason ?? reason,
                evidence: evidence)
        }
    }

    /// Remembers a requirement that another item brings; nil, with a warning, where it is malformed.
    @discardableResult
    mutating func declare(_ text: String, role: Role, evidence: Evidence) -> PythonRequirement? {
        guard let requirement = PythonRequirement(text) else {
            repository.warn(evidence, "`\(text.prefix(80))` is not a requirement")
            return nil
        }
        declarations.append(Declaration(requirement: requirement, role: role, evidence: evidence))
        return requirement
    }

    /// Reports a command.
    mutating func task(_ name: String, _ command: String, _ standing: TaskFinding.Standing, evidence: Evidence) {
        if name == "test", standing == .declared { testCommands.append(command) }
        report(.task(TaskFinding(name, command: inDirectory(command), standing: standing, evidence: evidence)))
    }

    /// Reports what the repository says of Python's version.
    mutating func python(
        _ kind: StatementKind, _ constraint: String, isPoetry: Bool = false, evidence: Evidence
    ) {
        report(
            .toolchain(
                ToolchainFinding(
                    tool: "python", kind: kind, constraint: constraint, dialect: isPoetry ? .poetry : .pep440,
                    evidence: evidence)))
    }

    /// Reports a need of the system.
    mutating func system(
        _ requirement: SystemRequirement, _ phase: SystemFinding.Phase, isOptional: Bool = false, reason: String = "",
        evidence: Evidence
    ) {
        report(
            .system(
                SystemFinding(
                    requirement, phase: phase, isOptional: isOptional, reason: reason, evidence: evidence)))
    }

    /// The command as it is run at the root of the repository.
    private func inDirectory(_ command: String) -> String {
        directory.isEmpty ? command : "cd \(shellQuoted(directory)) && \(command)"
    }

    /// Whether one of the roles that are installed for testing declares the distribution.
    func isDeclared(_ distribution: String, in roles: Set<Role> = [.runtime, .test]) -> Bool {
        let name = canonicalName(distribution)
        return declarations.contains { roles.contains($0.role) && $0.requirement.name == name }
    }

    /// Whether anything was reported for testing.
    var hasTestItem: Bool {
        findings.contains { finding in
            if case .dependency(let item) = finding { item.role == .test } else { false }
        }
    }

    /// Whether an environment of tox, nox or Hatch says what tests need, so that other lists of the kind are alternatives.
    var hasTestEnvironment: Bool {
        let texts =
            extras.filter { testExtras[canonicalName($0.name)] != nil }.flatMap(\.requirements)
            + groups.filter { testGroups[canonicalName($0.name)] != nil }.flatMap { requirements(of: $0) }
        return environmentHasRunner
            || texts.contains { PythonRequirement($0).map { testRunners.contains($0.name) } ?? false }
    }
}

/// `nose` does not run on the Pythons that are current; its fork does.
private func current(_ requirement: PythonRequirement) -> [(requirement: String, reason: String?)] {
    guard requirement.name == "nose", requirement.marker.isEmpty else { return [(requirement.text, nil)] }
    return [
        ("\(requirement.text); python_version < \"3.10\"", nil),
        ("pynose; python_version >= \"3.10\"", "nose does not run on Python 3.10 and later"),
    ]
}

/// Joins a folder and a path relative to it, `.` and `..` resolved.
func joinPath(_ directory: String, _ path: String) -> String {
    var parts: [Substring] = []
    for part in (directory.split(separator: "/") + path.split(separator: "/")) where part != "." {
        if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    return parts.joined(separator: "/")
}

/// The folder of a path; empty for a file in the root.
func parentPath(_ path: String) -> String { path.split(separator: "/").dropLast().joined(separator: "/") }

/// The text as one word of a shell command.
func shellQuoted(_ text: String) -> String {
    let isPlain =
        !text.isEmpty
        && text.utf8.allSatisfy { byte in
            (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
                || "_-./:=@%+,".utf8.contains(byte)
        }
    return isPlain ? text : "'" + text.replacing(text: "'", with: "'\\''") + "'"
}
