//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Catalog
public import Detection

/// Chooses a suite, versions, packages, dependency steps and commands from what was found.
///
/// A pure function of its arguments: the same findings and the same catalog give the same plan.
///
/// - Parameters:
///   - detection: What the detectors found.
///   - catalog: What the suites offer.
///   - suite: A suite that the user insists on; nil to choose.
///   - platforms: The platforms to build for, as OCI writes them.
/// - Throws: `CatalogError` where the suite is unknown or the shipped data is damaged.
public func plan(
    _ detection: Detection, catalog: Catalog, suite wanted: String? = nil, platforms: [String] = ["linux/amd64"]
) throws(CatalogError) -> EnvironmentPlan {
    let sorted = SortedFindings(detection.findings)
    let evidence = sorted.toolchainEvidence(knowing: catalog)
    let ranked = rankSuites(catalog, for: evidence)
    guard let choice = wanted.map({ name in ranked.first { $0.suite.name == name } }) ?? ranked.first else {
        throw .unknownSuite(wanted ?? "", known: catalog.suites.map(\.name))
    }
    let contents = try catalog.contents(of: choice.suite.name)
    let reason = suiteReason(choice, ranked, of: evidence, wanted: wanted, catalog: catalog)

    var spec = EnvironmentSpec(
        base: BaseSystem(distribution: choice.suite.distribution, suite: choice.suite.name, comment: reason),
        platforms: platforms)
    if !choice.suite.isStable {
        spec.allowsExpired = Annotated(true, comment: "its release files are valid for a week, and mirrors lag behind")
    }
    spec.toolchains = choice.decisions.map {
        Annotated(ToolchainRequirement(tool: $0.tool, version: $0.requirement), comment: $0.summary)
    }
    let needs = planPackages(sorted.systems, toolchains: choice.decisions, contents: contents)
    spec.packages = needs.packages.map { Annotated($0.name, comment: $0.comment) }
    let steps = planDependencies(
        sorted.dependencies, day: sorted.newestDay, python: choice.decisions.first { $0.tool == "python" },
        catalogDay: catalog.day, released: choice.suite.released)
    spec.dependencies = steps.steps
    spec.environment = sorted.variables.compactMap { finding in
        guard let value = finding.value else { return nil }
        let variable = EnvironmentVariable(name: finding.name, value: value)
        return variable.isValid ? Annotated(variable, comment: finding.evidence.description) : nil
    }
    let languages = rankLanguages(sorted.languages, sorted.sources)
    let tasks = planTasks(sorted.tasks, languages: languages, managers: sorted.packageManagers)
    spec.tasks = tasks.chosen.map {
        Annotated(TaskCommand(name: $0.task.name, command: $0.task.command), comment: $0.comment)
    }
    spec.services = sorted.services.map {
        Annotated(Service(name: $0.name, version: $0.version ?? ""), comment: $0.evidence.description)
    }
    let unavailable = unavailableToolchains(sorted.toolchains, besides: choice.decisions, in: choice.suite)
    let suggested = sorted.suggestedServices.filter { service in
        !sorted.services.contains { $0.name == service.name }
    }
    return EnvironmentPlan(
        spec: spec, languages: languages, toolchains: choice.decisions,
        unavailable: unavailable, packageManagers: sorted.packageManagers, suiteReason: reason,
        packages: needs.packages, rejectedNeeds: needs.rejected, rejectedDependencies: steps.rejected,
        members: sorted.members.sorted { $0.directory < $1.directory }, tasks: tasks.chosen.map(\.task),
        services: sorted.services + suggested, ports: sorted.ports, variables: sorted.variables,
        rejectedTasks: tasks.rejected,
        conflicts: choice.decisions.flatMap(\.conflicts)
            + unavailable.flatMap { conflicts(among: $0.statements, chosen: "") }
            + managerConflicts(sorted.packageManagers))
}

extension SuiteOffer {
    /// The day on which the chosen offer's release line of `tool` was published.
    func released(_ decision: ToolchainDecision?) -> String? {
        guard let decision else { return nil }
        return tools[decision.tool]?.first { $0.version == decision.version }?.released
    }
}

/// In one line why this suite and not the default one.
private func suiteReason(
    _ choice: SuiteChoice, _ ranked: [SuiteChoice], of evidence: ToolchainEvidence, wanted: String?, catalog: Catalog
) -> String {
    if wanted != nil { return "asked for on the command line" }
    let named = evidence.bases.filter { $0.suite == choice.suite.name }
    if let base = named.first(where: { $0.kind == .pin }) { return "named by \(base.evidence)" }
    guard let standard = catalog.suites.first, standard.name != choice.suite.name,
        let other = ranked.first(where: { $0.suite.name == standard.name })
    else { return "the default; nothing in the repository speaks against it" }
    // Where both fit equally well, what CI runs on has decided.
    if choice.score.isAsGood(as: other.score), let base = named.first { return "used by \(base.evidence)" }
    // The language of the repository says more than a tool that any release would do for.
    let decisions = choice.decisions.filter { !evidence.incidental.contains($0.tool) }
    let primary = decisions.filter { evidence.primary.contains($0.tool) }
    for decision in primary + decisions {
        let before = other.decisions.first { $0.tool == decision.tool }
        if before?.requirement != decision.requirement {
            return "has \(decision.tool) \(decision.requirement), which is \(decision.summary);"
                + " \(standard.name) has \(before?.requirement ?? "none")"
        }
    }
    return "fits the versions better than \(standard.name)"
}
