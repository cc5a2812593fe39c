//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Detection

/// A spec made from findings, and everything that was weighed on the way.
public struct EnvironmentPlan: Sendable {
    /// The spec.
    public let spec: EnvironmentSpec
    /// The languages, the one that weighs most first.
    public let languages: [RankedLanguage]
    /// One decision for each tool that the suite has, sorted by tool.
    public let toolchains: [ToolchainDecision]
    /// The tools that the suite does not have, sorted by tool.
    public let unavailable: [UnavailableToolchain]
    /// The package managers, in the order in which they were found; one for each name and folder.
    public let packageManagers: [PackageManagerFinding]
    /// Why this suite, in one line.
    public let suiteReason: String
    /// Needs that became packages, by package.
    public let packages: [PackageDecision]
    /// Needs that did not become packages, with the reason.
    public let rejectedNeeds: [RejectedNeed]
    /// Parts of dependency steps that were left out, with the reason.
    public let rejectedDependencies: [RejectedDependency]
    /// The packages of workspaces, sorted by folder.
    public let members: [MemberFinding]
    /// The commands of the spec as they were found, sorted by name.
    public let tasks: [TaskFinding]
    /// The services of the spec as they were found, then those that are suggested only.
    public let services: [ServiceFinding]
    /// The ports on which the project's own programs listen, in the order in which they were found.
    public let ports: [PortFinding]
    /// The variables that commands expect; those with a value are part of the spec.
    public let variables: [VariableFinding]
    /// Commands that lost to a stronger one of the same name.
    public let rejectedTasks: [TaskFinding]
    /// Statements that contradict each other.
    public let conflicts: [Conflict]
}

/// A package and the statements that ask for it.
public struct PackageDecision: Hashable, Sendable {
    /// The Debian package.
    public let name: String
    /// Why, in a few words.
    public let reason: String
    /// What it is for first: building, running or testing.
    public let phase: SystemFinding.Phase
    /// The places that ask for it, sorted.
    public let evidence: [Evidence]

    /// The spec's comment: the reason and the first places.
    public var comment: String {
        let places = evidence.prefix(2).map(\.description).joined(separator: ", ")
        let more = evidence.count > 2 ? " and \(evidence.count - 2) more" : ""
        if places.isEmpty { return reason }
        return reason.isEmpty ? places + more : "\(reason) (\(places)\(more))"
    }
}

/// A need that no package of the spec meets.
public struct RejectedNeed: Hashable, Sendable {
    /// The need.
    public let finding: SystemFinding
    /// Why it was left out.
    public let reason: String
}

/// A part of a dependency step that was left out.
public struct RejectedDependency: Hashable, Sendable {
    /// The part.
    public let finding: DependencyFinding
    /// Why it was left out.
    public let reason: String
}
