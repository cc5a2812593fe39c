//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Versions

/// Findings as the files of one language's project are read.
struct ProjectFindings {
    let repository: Repository
    private(set) var findings: [Finding] = []

    init(_ repository: Repository) { self.repository = repository }

    mutating func add(_ finding: Finding) { findings.append(finding) }

    mutating func language(_ name: String, _ evidence: Evidence) {
        add(.language(LanguageFinding(name, evidence: evidence)))
    }

    mutating func toolchain(_ tool: String, _ kind: StatementKind, _ constraint: String, _ evidence: Evidence) {
        add(
            .toolchain(
                ToolchainFinding(
                    tool: tool, kind: kind, constraint: constraint, dialect: versionDialect(of: tool),
                    evidence: evidence)))
    }

    mutating func system(
        _ requirement: SystemRequirement, _ phase: SystemFinding.Phase, isOptional: Bool = false,
        reason: String = "", _ evidence: Evidence
    ) {
        add(
            .system(
                SystemFinding(requirement, phase: phase, isOptional: isOptional, reason: reason, evidence: evidence)))
    }

    /// A need of building.
    mutating func system(_ requirement: SystemRequirement, reason: String = "", _ evidence: Evidence) {
        system(requirement, .build, reason: reason, evidence)
    }

    /// A command that runs in `directory`.
    mutating func task(
        _ name: String, _ command: String, _ standing: TaskFinding.Standing, in directory: String = "",
        _ evidence: Evidence
    ) {
        let line = directory.isEmpty ? command : "cd \(shellQuoted(directory)) && \(command)"
        add(.task(TaskFinding(name, command: line, standing: standing, evidence: evidence)))
    }

    mutating func dependency(
        _ manager: String, _ item: DependencyFinding.Item, role: DependencyFinding.Role = .runtime,
        in directory: String = "",
        _ evidence: Evidence
    ) {
        add(
            .dependency(DependencyFinding(manager: manager, directory: directory, item, role: role, evidence: evidence))
        )
    }

    mutating func packageManager(
        _ name: String, version: String? = nil, lockfile: String? = nil, in directory: String = "",
        _ evidence: Evidence
    ) {
        add(
            .packageManager(
                PackageManagerFinding(
                    name, version: version, lockfile: lockfile, directory: directory, evidence: evidence)))
    }

    /// A member of a workspace; `name` is that of its folder unless given.
    mutating func member(_ name: String? = nil, in directory: String, of workspace: String, _ evidence: Evidence) {
        let folder = directory.split(separator: "/").last.map(String.init) ?? directory
        add(.member(MemberFinding(name ?? folder, directory: directory, workspace: workspace, evidence: evidence)))
    }

    mutating func service(
        _ name: String, version: String? = nil, port: Int? = nil, isSuggestion: Bool = false, _ evidence: Evidence
    ) {
        add(
            .service(
                ServiceFinding(name, version: version, port: port, isSuggestion: isSuggestion, evidence: evidence)))
    }

    /// A version file that holds nothing but a version: its first line that is neither empty nor a comment.
    mutating func versionFile(_ name: String, tool: String, in directory: String = "", prefixes: [String] = ["v"]) {
        let path = joinPath(directory, name)
        guard repository.contains(path) else { return }
        for (index, line) in repository.lines(path).enumerated() {
            var text = String(line.prefix { $0 != "#" }).trimmingSpaces
            guard !text.isEmpty else { continue }
            for prefix in prefixes where text.hasPrefix(prefix) { text = String(text.dropFirst(prefix.count)) }
            toolchain(tool, .pin, text, Evidence(path, line: index + 1))
            return
        }
    }
}

extension Repository {
    /// Manifests named `name` of the project itself, nearest to the root first: those below fixtures, samples and the
    /// like are left out.
    func manifests(named name: String) -> [CheckoutFile] {
        files(named: name).filter { !isSecondary($0.path) && !$0.path.hasPrefix(".") || $0.depth == 0 }
    }
}
