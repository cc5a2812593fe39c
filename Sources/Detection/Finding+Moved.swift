//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension Finding {
    /// What was found in a folder of the repository on its own, as of the repository: paths lead from its root, and
    /// commands begin in the folder.
    public func moved(below folder: String) -> Finding {
        func path(_ path: String) -> String { path.isEmpty ? folder : "\(folder)/\(path)" }
        func place(_ evidence: Evidence) -> Evidence { Evidence(path(evidence.path), line: evidence.line) }
        switch self {
        case .language(let item): return .language(LanguageFinding(item.name, evidence: place(item.evidence)))
        case .source(let item):
            return .source(SourceFinding(item.language, bytes: item.bytes, evidence: place(item.evidence)))
        case .toolchain(let item):
            return .toolchain(
                ToolchainFinding(
                    tool: item.tool, kind: item.kind, constraint: item.constraint, dialect: item.dialect,
                    evidence: place(item.evidence)))
        case .system(let item):
            return .system(
                SystemFinding(
                    item.requirement, phase: item.phase, isOptional: item.isOptional, reason: item.reason,
                    evidence: place(item.evidence)))
        case .packageManager(let item):
            return .packageManager(
                PackageManagerFinding(
                    item.name, version: item.version, lockfile: item.lockfile.map(path),
                    directory: path(item.directory), evidence: place(item.evidence)))
        case .dependency(let item):
            return .dependency(
                DependencyFinding(
                    manager: item.manager, directory: path(item.directory), item.item.moved(path), role: item.role,
                    reason: item.reason, evidence: place(item.evidence)))
        case .member(let item):
            return .member(
                MemberFinding(
                    item.name, directory: path(item.directory), workspace: item.workspace,
                    evidence: place(item.evidence)))
        case .task(let item):
            return .task(
                TaskFinding(
                    item.name, command: "cd \(shellWord(folder)) && \(item.command)", standing: item.standing,
                    evidence: place(item.evidence)))
        case .service(let item):
            return .service(
                ServiceFinding(
                    item.name, version: item.version, port: item.port, isSuggestion: item.isSuggestion,
                    evidence: place(item.evidence)))
        case .port(let item): return .port(PortFinding(item.port, evidence: place(item.evidence)))
        case .variable(let item):
            return .variable(VariableFinding(item.name, value: item.value, evidence: place(item.evidence)))
        case .base(let item):
            return .base(BaseFinding(suite: item.suite, kind: item.kind, evidence: place(item.evidence)))
        case .date(let item): return .date(DateFinding(day: item.day, evidence: place(item.evidence)))
        }
    }
}

extension DependencyFinding.Item {
    fileprivate func moved(_ path: (String) -> String) -> Self {
        switch self {
        case .requirementsFile(let file): .requirementsFile(path(file))
        case .constraintsFile(let file): .constraintsFile(path(file))
        case .lockfile(let file): .lockfile(path(file))
        case .project, .extra, .group, .requirement: self
        }
    }
}

/// A text as one word of a shell.
func shellWord(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
        (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
            || "_-./@:+=,".utf8.contains(byte)
    }
    return isPlain
        ? text : "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
