//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Versions

/// What the build files of one C or C++ project say, gathered so that later readers know what earlier ones declared.
struct CSurvey {
    /// What a build system tells about building and testing, for choosing among several of one project.
    struct BuildSystem {
        /// Its command line to build, from the project's folder.
        var build: String
        /// Its command line to build and test; nil where it has no tests.
        var test: String?
        /// Where it stands.
        var evidence: Evidence
    }

    /// The files.
    let repository: Repository
    /// The project's folder from the root; empty for the root.
    let directory: String
    /// What is reported.
    private(set) var findings: [Finding] = []
    /// The build systems that can build the project, the one to prefer first.
    var systems: [BuildSystem] = []
    /// Names of folders with headers of the project, in lower case, once its includes are read.
    var ownHeaderFolders: Set<String> = []
    /// Languages, by name, with the first place that shows them.
    private var languages: Set<String> = []
    /// Needs that were reported, and whether one of the reports is binding.
    private var needs: [SystemRequirement: Int] = [:]

    init(_ repository: Repository, directory: String) {
        self.repository = repository
        self.directory = directory
    }

    /// The path from the repository's root of a path from the project's folder.
    func path(_ name: String) -> String { joinPath(directory, name) }

    /// Reports a language once.
    mutating func language(_ name: String, evidence: Evidence) {
        guard languages.insert(name).inserted else { return }
        findings.append(.language(LanguageFinding(name, evidence: evidence)))
        switch name {
        case "c":
            need(.package("build-essential"), reason: "C compiler, linker and make", evidence: evidence)
        case "c++":
            need(.package("build-essential"), reason: "C++ compiler, linker and make", evidence: evidence)
        case "fortran": need(.program("gfortran"), reason: "Fortran compiler", evidence: evidence)
        case "assembly": need(.program("nasm"), reason: "assembler", evidence: evidence)
        default: break
        }
    }

    /// Reports what the repository says of a tool's version.
    mutating func toolchain(
        _ tool: String, _ constraint: String, kind: StatementKind = .range, evidence: Evidence
    ) {
        let finding = Finding.toolchain(
            ToolchainFinding(
                tool: tool, kind: kind, constraint: constraint, dialect: .generic, evidence: evidence))
        if !findings.contains(finding) { findings.append(finding) }
    }

    /// Reports a package manager.
    mutating func packageManager(_ name: String, lockfile: String?, evidence: Evidence) {
        findings.append(
            .packageManager(
                PackageManagerFinding(name, lockfile: lockfile, directory: directory, evidence: evidence)))
    }

    /// Reports a need once; a binding report takes the place of an optional one.
    mutating func need(
        _ requirement: SystemRequirement, phase: SystemFinding.Phase = .build, isOptional: Bool = false,
        reason: String = "", evidence: Evidence
    ) {
        let finding = Finding.system(
            SystemFinding(requirement, phase: phase, isOptional: isOptional, reason: reason, evidence: evidence))
        guard let place = needs[requirement] else {
            needs[requirement] = findings.count
            findings.append(finding)
            return
        }
        if !isOptional, case .system(let known) = findings[place], known.isOptional { findings[place] = finding }
    }

    /// Whether something was reported as needed, optional or not.
    func isNeeded(_ requirement: SystemRequirement) -> Bool { needs[requirement] != nil }

    /// Reports a command of the project.
    mutating func task(_ name: String, _ command: String, _ standing: TaskFinding.Standing, evidence: Evidence) {
        let line = directory.isEmpty ? command : "cd \(shellQuoted(directory)) && \(command)"
        findings.append(.task(TaskFinding(name, command: line, standing: standing, evidence: evidence)))
    }
}
