//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Environment
import JSON

/// A plan as JSON, with the same values that the table shows; the form is described in docs/detection.md.
func json(of plan: EnvironmentPlan, _ detection: Detection) -> String {
    object([
        ("format", .number("1")), ("base", .string(plan.spec.base.description)),
        ("baseReason", .string(plan.suiteReason)),
        ("languages", array(plan.languages.enumerated().map { language($0.element, rank: $0.offset + 1) })),
        ("toolchains", array(toolchains(of: plan))),
        ("packageManagers", array(plan.packageManagers.map(packageManager))),
        ("members", array(plan.members.map(member))), ("packages", array(plan.packages.map(package))),
        ("rejectedPackages", array(plan.rejectedNeeds.map(rejectedNeed))),
        ("dependencies", array(plan.spec.dependencies.map(step))),
        ("environment", array(plan.variables.map(variable))), ("tasks", array(plan.tasks.map(task))),
        ("rejectedTasks", array(plan.rejectedTasks.map(task))), ("services", array(plan.services.map(service))),
        ("ports", array(plan.ports.map(port))), ("conflicts", array(plan.conflicts.map(conflict))),
        ("warnings", array(detection.warnings.map(warning))),
        ("filesRead", array(detection.filesRead.map { .string($0) })),
    ]).text
}

private func language(_ language: RankedLanguage, rank: Int) -> JSONNode.Value {
    // Four digits, so that the text depends on the share alone.
    let share = (language.share * 10_000).rounded() / 10_000
    return object([
        ("name", .string(language.name)), ("rank", .number("\(rank)")), ("share", .number("\(share)")),
        ("evidence", place(language.evidence)),
    ])
}

/// The tools of the suite and those that it does not have, in one list sorted by name.
private func toolchains(of plan: EnvironmentPlan) -> [JSONNode.Value] {
    let offered = plan.toolchains.map { decision in
        (
            decision.tool,
            object([
                ("name", .string(decision.tool)), ("constraint", .string(decision.constraint)),
                ("kind", .string(decision.kind.rawValue)), ("available", .boolean(true)),
                ("version", .string(decision.version)), ("requirement", .string(decision.requirement)),
                ("accepted", array(decision.accepted.map { statement($0, reason: nil) })),
                ("rejected", array(decision.rejected.map { statement($0.finding, reason: $0.reason) })),
            ])
        )
    }
    let missing = plan.unavailable.map { tool in
        (
            tool.tool,
            object([
                ("name", .string(tool.tool)), ("constraint", .string(tool.constraint)),
                ("kind", .string(tool.kind.rawValue)), ("available", .boolean(false)), ("version", .string("")),
                ("requirement", .string("")), ("accepted", array([])),
                ("rejected", array(tool.statements.map { statement($0, reason: tool.reason) })),
            ])
        )
    }
    return (offered + missing).sorted { $0.0 < $1.0 }.map(\.1)
}

private func packageManager(_ manager: PackageManagerFinding) -> JSONNode.Value {
    object([
        ("name", .string(manager.name)), ("version", .string(manager.version ?? "")),
        ("lockfile", .string(manager.lockfile ?? "")),
        ("directory", .string(manager.directory.isEmpty ? "." : manager.directory)),
        ("evidence", place(manager.evidence)),
    ])
}

private func member(_ member: MemberFinding) -> JSONNode.Value {
    object([
        ("name", .string(member.name)), ("directory", .string(member.directory)),
        ("workspace", .string(member.workspace)), ("evidence", place(member.evidence)),
    ])
}

private func package(_ package: PackageDecision) -> JSONNode.Value {
    object([
        ("name", .string(package.name)), ("phase", .string(package.phase.rawValue)),
        ("reason", .string(package.reason)), ("evidence", array(package.evidence.map(place))),
    ])
}

private func rejectedNeed(_ need: RejectedNeed) -> JSONNode.Value {
    object([
        ("name", .string(need.finding.requirement.name)), ("phase", .string(need.finding.phase.rawValue)),
        ("reason", .string(need.reason)), ("evidence", place(need.finding.evidence)),
    ])
}

private func variable(_ variable: VariableFinding) -> JSONNode.Value {
    object([
        ("name", .string(variable.name)), ("value", variable.value.map { .string($0) } ?? .null),
        ("evidence", place(variable.evidence)),
    ])
}

private func task(_ task: TaskFinding) -> JSONNode.Value {
    object([
        ("name", .string(task.name)), ("command", .string(task.command)), ("standing", .string("\(task.standing)")),
        ("evidence", place(task.evidence)),
    ])
}

private func service(_ service: ServiceFinding) -> JSONNode.Value {
    object([
        ("name", .string(service.name)), ("version", .string(service.version ?? "")),
        ("port", service.port.map { .number("\($0)") } ?? .null), ("suggested", .boolean(service.isSuggestion)),
        ("evidence", place(service.evidence)),
    ])
}

private func port(_ port: PortFinding) -> JSONNode.Value {
    object([("port", .number("\(port.port)")), ("evidence", place(port.evidence))])
}

private func conflict(_ conflict: Conflict) -> JSONNode.Value {
    object([
        ("tool", .string(conflict.tool)), ("chosen", .string(conflict.chosen)),
        ("statements", array([conflict.first, conflict.second].map { statement($0, reason: nil) })),
    ])
}

private func warning(_ warning: DetectionWarning) -> JSONNode.Value {
    object([("evidence", place(warning.evidence)), ("problem", .string(warning.problem))])
}

private func place(_ evidence: Evidence) -> JSONNode.Value { .string("\(evidence)") }

private func object(_ members: [(String, JSONNode.Value)]) -> JSONNode.Value {
    .object(members.map { JSONMember(key: $0.0, line: 1, value: JSONNode($0.1, line: 1)) })
}

private func array(_ values: [JSONNode.Value]) -> JSONNode.Value {
    .array(values.map { JSONNode($0, line: 1) })
}

private func statement(_ finding: ToolchainFinding, reason: String?) -> JSONNode.Value {
    object(
        [
            ("kind", .string(finding.kind.rawValue)), ("constraint", .string(finding.constraint)),
            ("evidence", .string("\(finding.evidence)")),
        ] + (reason.map { [("reason", .string($0))] } ?? []))
}

private func step(_ step: DependencyStep) -> JSONNode.Value {
    func list(_ items: [Annotated<String>]) -> JSONNode.Value {
        array(items.map { object([("value", .string($0.value)), ("evidence", .string($0.comment))]) })
    }
    return object([
        ("manager", .string(step.manager)), ("directory", .string(step.directory)),
        ("project", .boolean(step.installsProject.value)), ("extras", list(step.extras)),
        ("groups", list(step.groups)), ("requirementsFiles", list(step.requirementsFiles)),
        ("constraintsFiles", list(step.constraintsFiles)), ("requirements", list(step.requirements)),
        ("lockfile", .string(step.lockfile.value)), ("excludeNewer", .string(step.excludeNewer.value)),
    ])
}
