//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension Detection {
    /// What the environment of one member of a workspace takes: all that the member itself says, and of the rest of the
    /// repository what holds for every member.
    ///
    /// Versions, packages, services, variables and the base that the root or continuous integration names hold for every
    /// member, unless the file stands in another member. Languages, commands and ports are the member's own; dependencies
    /// too, where it has any.
    ///
    /// - Parameters:
    ///   - member: The member's folder.
    ///   - own: What was found in that folder on its own.
    public func narrowed(to member: String, own: Detection) -> Detection {
        let hasInstall = findings.contains { finding in
            if case .task(let task) = finding { task.name == "install" } else { false }
        }
        let others = findings.compactMap { finding -> String? in
            guard case .member(let item) = finding, item.directory != member, !member.hasPrefix(item.directory + "/")
            else { return nil }
            return item.directory + "/"
        }
        let item = findings.lazy.compactMap { finding -> MemberFinding? in
            if case .member(let item) = finding, item.directory == member { item } else { nil }
        }.first
        let manager = item.flatMap { ["pnpm", "yarn", "bun"].contains($0.workspace) ? $0.workspace : nil }
        let moved = own.findings.compactMap { finding -> Finding? in
            switch finding {
            // What the root installs is there for all of its members.
            case .task(let task) where task.name == "install" && hasInstall: nil
            case .packageManager where manager != nil: nil
            case .task(let task):
                item.flatMap { selected(task, in: $0) }.map { .task($0) }
                    ?? .task(task.run(by: manager)).moved(below: member)
            default: finding.moved(below: member)
            }
        }
        let hasDependencies = moved.contains { if case .dependency = $0 { true } else { false } }
        let tasks = Set(moved.compactMap { if case .task(let task) = $0 { task.name } else { nil } })
        let shared = findings.filter { finding in
            let path = finding.evidence.path
            if path.hasPrefix(member + "/") || others.contains(where: path.hasPrefix) { return false }
            switch finding {
            case .language, .source, .port, .member: return false
            case .dependency: return !hasDependencies
            case .task(let task): return !tasks.contains(task.name)
            case .toolchain, .system, .packageManager, .service, .variable, .base, .date: return true
            }
        }
        var seen: Set<Finding> = []
        return Detection(
            findings: (moved + shared).filter { seen.insert($0).inserted }, warnings: warnings, filesRead: filesRead)
    }

    /// The folder of the member that is called `name`, or that stands in the folder `name`.
    public func memberFolder(_ name: String) -> String? {
        let members = findings.compactMap { if case .member(let item) = $0 { item } else { nil } }
        let folder = name.hasSuffix("/") ? String(name.dropLast()) : name
        return (members.first { $0.directory == folder } ?? members.first { $0.name == name })?.directory
    }

    /// The members of workspaces, as people call them, sorted.
    public var memberNames: [String] {
        Set(findings.compactMap { if case .member(let item) = $0 { item.directory } else { nil } }).sorted()
    }
}

extension TaskFinding {
    /// The command with the package manager of the workspace in the place of npm, which a member's manifest alone makes
    /// the default.
    fileprivate func run(by manager: String?) -> TaskFinding {
        guard let manager, command.hasPrefix("npm ") else { return self }
        return TaskFinding(name, command: manager + command.dropFirst(3), standing: standing, evidence: evidence)
    }
}

extension Finding {
    /// The place of the finding.
    public var evidence: Evidence {
        switch self {
        case .language(let item): item.evidence
        case .source(let item): item.evidence
        case .toolchain(let item): item.evidence
        case .system(let item): item.evidence
        case .packageManager(let item): item.evidence
        case .dependency(let item): item.evidence
        case .member(let item): item.evidence
        case .task(let item): item.evidence
        case .service(let item): item.evidence
        case .port(let item): item.evidence
        case .variable(let item): item.evidence
        case .base(let item): item.evidence
        case .date(let item): item.evidence
        }
    }
}
