//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Detection
import Environment

/// `fitout explain`: the evidence for one line of the spec, or for all.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show which files decided a line of the spec, and which were not followed and why.",
        discussion: """
            NAME is a tool (`python`), a package (`libpq-dev`), a task (`test`) or `base`. Without a name everything \
            is explained. The repository is read anew; fitout.yaml is not needed.
            """)

    @OptionGroup var repository: RepositoryOptions

    @Argument(help: "A tool, package, requirement, task, or `base`.")
    var name: String?

    func run() async throws {
        let plan = try await planned(repository).plan
        let sections = explanations(of: plan).filter { name == nil || $0.name == name }
        if sections.isEmpty {
            throw CommandError(
                "nothing in the repository speaks of `\(name ?? "")`",
                hint: "`fitout explain` without a name shows everything that was found")
        }
        printData(sections.map(\.text).joined(separator: "\n\n"))
    }
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
