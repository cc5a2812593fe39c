//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Environment

/// A plan as a person reads it: one row for each line of the spec that was decided.
func summary(of plan: EnvironmentPlan, _ detection: Detection) -> String {
    let spec = plan.spec
    var table = Table()
    if !plan.languages.isEmpty {
        table.add("languages", plan.languages.map(\.name).joined(separator: ", "), shares(of: plan.languages))
    }
    table.add("base", spec.base.description, spec.base.comment)
    for toolchain in spec.toolchains {
        table.add(toolchain.value.tool, toolchain.value.version, toolchain.comment)
    }
    let managers = Set(plan.packageManagers.map(\.name))
    for tool in plan.unavailable where !managers.contains(tool.tool) {
        table.add(tool.tool, tool.constraint.isEmpty ? "-" : tool.constraint, missing(tool))
    }
    for manager in plan.packageManagers where manager.directory.isEmpty || plan.packageManagers.count == 1 {
        let version = manager.version.map { " \($0)" } ?? ""
        table.add("manager", manager.name + version, manager.evidence.description)
    }
    if !plan.members.isEmpty { table.add("members", "\(plan.members.count)", members(of: plan)) }
    for package in plan.packages where !package.evidence.isEmpty {
        table.add("package", package.name, package.comment)
    }
    let common = plan.packages.filter(\.evidence.isEmpty).map(\.name)
    table.add("packages", "\(common.count) more", "for the toolchains, and what CI runners have")
    for step in spec.dependencies {
        if step.installsProject.value { table.add(step.manager, "the project", step.installsProject.comment) }
        for item in step.extras { table.add(step.manager, "extra \(item.value)", item.comment) }
        for item in step.groups { table.add(step.manager, "group \(item.value)", item.comment) }
        for item in step.requirementsFiles + step.requirements { table.add(step.manager, item.value, item.comment) }
        if !step.lockfile.value.isEmpty { table.add(step.manager, step.lockfile.value, step.lockfile.comment) }
        if !step.excludeNewer.value.isEmpty {
            table.add(step.manager, "until \(step.excludeNewer.value)", step.excludeNewer.comment)
        }
    }
    for variable in spec.environment { table.add("variable", variable.value.name, variable.comment) }
    for service in plan.services {
        let version = service.version.map { " \($0)" } ?? ""
        table.add(
            "service", service.name + version,
            (service.isSuggestion ? "perhaps: " : "") + service.evidence.description)
    }
    for port in plan.ports { table.add("port", "\(port.port)", port.evidence.description) }
    for task in spec.tasks { table.add(task.value.name, task.value.command, task.comment) }
    var text = "read \(detection.filesRead.count) files\n\n\(table.text)"
    if !plan.conflicts.isEmpty {
        text += "\n\nconflicts:\n" + plan.conflicts.map { "  \($0)" }.joined(separator: "\n")
    }
    let missing = plan.rejectedNeeds.filter { !$0.finding.isOptional }
    if !missing.isEmpty {
        var rows = Table()
        for need in missing { rows.add(need.finding.requirement.name, need.reason, need.finding.evidence.description) }
        text += "\n\nnot provided:\n\(rows.text)"
    }
    return text
}

/// The shares of the first three languages that have one.
private func shares(of languages: [RankedLanguage]) -> String {
    languages.prefix(3).filter { $0.share >= 0.005 }
        .map { "\(Int(($0.share * 100).rounded())) % \($0.name)" }.joined(separator: ", ")
}

private func missing(_ tool: UnavailableToolchain) -> String {
    let place = tool.statements.first.map { " (\($0.evidence))" } ?? ""
    return tool.reason + place
}

private func members(of plan: EnvironmentPlan) -> String {
    let names = plan.members.prefix(4).map(\.directory).joined(separator: ", ")
    return names + (plan.members.count > 4 ? "…" : "")
}

extension SystemRequirement {
    /// The need by its name alone.
    var name: String {
        switch self {
        case .package(let name), .pkgConfig(let name), .cmake(let name), .header(let name), .library(let name),
            .program(let name), .module(_, let name):
            name
        }
    }
}
