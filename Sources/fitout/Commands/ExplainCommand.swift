//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Builder
import Detection
import Environment
import Lock
import Store

/// `fitout explain`: the evidence for one line of the spec, or for all.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show which files decided a line of the spec, and which were not followed and why.",
        discussion: """
            NAME is a tool (`python`), a package (`libpq-dev`), a task (`test`) or `base`. Without a name everything \
            is explained. The repository is read anew; fitout.yaml is not needed. A package of fitout.lock is \
            explained too: why it is there, and what became of its maintainer scripts in the last build.
            """)

    @OptionGroup var repository: RepositoryOptions

    @Option(help: ArgumentHelp("The folder for downloads and results.", valueName: "folder"))
    var store: String?

    @Option(help: ArgumentHelp("Explain the environment of one member of a workspace.", valueName: "member"))
    var member: String?

    @Argument(help: "A tool, package, requirement, task, or `base`.")
    var name: String?

    func run() async throws {
        let plan = try await planned(repository, member: member).plan
        var sections = explanations(of: plan).filter { name == nil || $0.name == name }
        if let name { sections += try lockedPackages(named: name) }
        if sections.isEmpty {
            throw CommandError(
                "nothing in the repository or its lock speaks of `\(name ?? "")`",
                hint: "`fitout explain` without a name shows everything that was found")
        }
        printData(sections.map(\.text).joined(separator: "\n\n"))
    }
}

extension ExplainCommand {
    /// What the lock and the last build say of a package, for each platform.
    private func lockedPackages(named name: String) throws -> [Explanation] {
        guard let lock = try repository.lockIfPresent() else { return [] }
        let store = try Store(at: storeFolder(store, currentEnvironment()))
        return lock.platforms.compactMap { platform in
            guard let package = platform.packages.first(where: { $0.name == name }) else { return nil }
            let accounts = packageAccounts(of: platform, in: lock, from: store)
            return explanation(of: package, on: platform, in: lock, accounts)
        }
    }
}

/// What is known of a locked package; `accounts` are those of the last build, if there was one.
func explanation(
    of package: LockedPackage, on platform: LockedPlatform, in lock: Lockfile, _ accounts: [PackageAccount]?
) -> Explanation {
    let archive = lock.archives[package.archive]
    var lines = ["from      \(archive.uri) \(archive.suite)"]
    switch package.group {
    case .base: lines.append("why       part of the base that every image of \(lock.base) begins with")
    case .requested: lines.append("why       requested")
    case .automatic:
        let roots = Set(platform.packages.filter { $0.group != .automatic }.map(\.name))
        let chain = accounts.flatMap { dependencyChain(to: package.name, in: $0, from: roots) }
        lines.append("why       needed: " + (chain?.joined(separator: " -> ") ?? "`fitout build` finds out by what"))
    }
    if let account = accounts?.first(where: { $0.name == package.name }) {
        let emulated = account.scripts.filter { script in !account.sandboxed.contains { $0.hasPrefix(script + " line") }
        }
        if account.scripts.isEmpty { lines.append("scripts   none") }
        if !emulated.isEmpty { lines.append("emulated  " + emulated.joined(separator: ", ")) }
        if !account.skipped.isEmpty { lines.append("left out  " + account.skipped.joined(separator: ", ")) }
        lines += account.sandboxed.map { "sandbox   \($0)" }
    } else {
        lines.append("scripts   `fitout build` finds out what becomes of them")
    }
    return Explanation(
        name: package.name,
        title: "package \(package.name) \(package.version) (\(package.architecture), \(platform.name))", lines: lines)
}

/// What there is to say of one name.
struct Explanation {
    let name: String
    let title: String
    let lines: [String]

    var text: String { ([title] + lines.map { "  \($0)" }).joined(separator: "\n") }
}

/// Everything that was weighed, by name.
func explanations(of plan: EnvironmentPlan) -> [Explanation] {
    var sections = [Explanation(name: "base", title: "base \(plan.spec.base)", lines: [plan.suiteReason])]
    for decision in plan.toolchains {
        var lines = decision.accepted.map { "followed  \(words(for: $0))" }
        lines += decision.rejected.map { "rejected  \(words(for: $0.finding)): \($0.reason)" }
        lines += decision.conflicts.map { "conflict  \($0)" }
        if lines.isEmpty { lines = ["the suite's default"] }
        sections.append(
            Explanation(
                name: decision.tool, title: "\(decision.tool) \(decision.requirement) (\(decision.kind.rawValue))",
                lines: lines))
    }
    for tool in plan.unavailable {
        sections.append(
            Explanation(
                name: tool.tool, title: "\(tool.tool): \(tool.reason)",
                lines: tool.statements.map { "rejected  \(words(for: $0))" }))
    }
    for manager in plan.packageManagers {
        let lines = [manager.evidence.description] + (manager.lockfile.map { ["locked by \($0)"] } ?? [])
        let version = manager.version.map { " \($0)" } ?? ""
        sections.append(
            Explanation(name: manager.name, title: "package manager \(manager.name)\(version)", lines: lines))
    }
    for service in plan.services {
        let version = service.version.map { " \($0)" } ?? ""
        sections.append(
            Explanation(
                name: service.name, title: "service \(service.name)\(version)",
                lines: [service.evidence.description] + (service.isSuggestion ? ["a suggestion only"] : [])))
    }
    for package in plan.packages {
        let places = package.evidence.map { "\($0)" }
        sections.append(
            Explanation(
                name: package.name, title: "package \(package.name)",
                lines: (package.reason.isEmpty ? [] : [package.reason]) + places))
    }
    for need in plan.rejectedNeeds {
        sections.append(
            Explanation(
                name: need.finding.requirement.name, title: "not taken: \(need.finding.requirement.name)",
                lines: ["\(need.finding.evidence): \(need.reason)"]))
    }
    for part in plan.rejectedDependencies {
        let name = part.finding.item.name
        sections.append(
            Explanation(
                name: name, title: "not taken: \(name)", lines: ["\(part.finding.evidence): \(part.reason)"]))
    }
    for task in plan.spec.tasks {
        let others = plan.rejectedTasks.filter { $0.name == task.value.name }
        sections.append(
            Explanation(
                name: task.value.name, title: "task \(task.value.name): \(task.value.command)",
                lines: ["followed  \(task.comment)"]
                    + others.map { "rejected  \($0.command) (\($0.evidence)): weaker evidence" }))
    }
    return sections
}

private func words(for finding: ToolchainFinding) -> String {
    let value = finding.constraint.isEmpty ? "used" : finding.constraint
    return "\(finding.kind.rawValue) \(value) (\(finding.evidence))"
}

extension DependencyFinding.Item {
    /// The part by its name alone.
    var name: String {
        switch self {
        case .project: "project"
        case .extra(let name), .group(let name), .requirementsFile(let name), .constraintsFile(let name),
            .requirement(let name), .lockfile(let name):
            name
        }
    }
}
