//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Environment
import JSON

/// A plan as JSON, with the same values that the table shows; the form is described in docs/detection.md.
func json(of plan: EnvironmentPlan, _ detection: Detection) -> String {
    let languages = detection.findings.compactMap { finding -> JSONNode.Value? in
        guard case .language(let language) = finding else { return nil }
        return object([("name", .string(language.name)), ("evidence", .string("\(language.evidence)"))])
    }
    let toolchains = plan.toolchains.map { decision in
        object([
            ("name", .string(decision.tool)), ("version", .string(decision.version)),
            ("requirement", .string(decision.requirement)), ("kind", .string(decision.kind.rawValue)),
            ("accepted", array(decision.accepted.map { statement($0, reason: nil) })),
            ("rejected", array(decision.rejected.map { statement($0.finding, reason: $0.reason) })),
        ])
    }
    let packages = plan.packages.map { package in
        object([
            ("name", .string(package.name)), ("reason", .string(package.reason)),
            ("evidence", array(package.evidence.map { .string("\($0)") })),
        ])
    }
    let rejected = plan.rejectedNeeds.map { need in
        object([
            ("name", .string(need.finding.requirement.name)), ("reason", .string(need.reason)),
            ("evidence", .string("\(need.finding.evidence)")),
        ])
    }
    let tasks = plan.spec.tasks.map { task in
        object([
            ("name", .string(task.value.name)), ("command", .string(task.value.command)),
            ("evidence", .string(task.comment)),
        ])
    }
    let services = plan.spec.services.map { service in
        object([
            ("name", .string(service.value.name)), ("version", .string(service.value.version)),
            ("evidence", .string(service.comment)),
        ])
    }
    let warnings = detection.warnings.map { warning in
        object([("evidence", .string("\(warning.evidence)")), ("problem", .string(warning.problem))])
    }
    return object([
        ("base", .string(plan.spec.base.description)), ("baseReason", .string(plan.suiteReason)),
        ("languages", array(languages)), ("toolchains", array(toolchains)), ("packages", array(packages)),
        ("rejectedPackages", array(rejected)), ("dependencies", array(plan.spec.dependencies.map(step))),
        ("environment", array(plan.spec.environment.map(variable))), ("tasks", array(tasks)),
        ("services", array(services)), ("conflicts", array(plan.conflicts.map { .string($0) })),
        ("warnings", array(warnings)), ("filesRead", array(detection.filesRead.map { .string($0) })),
    ]).text
}

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

private func variable(_ variable: Annotated<EnvironmentVariable>) -> JSONNode.Value {
    object([
        ("name", .string(variable.value.name)), ("value", .string(variable.value.value)),
        ("evidence", .string(variable.comment)),
    ])
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
