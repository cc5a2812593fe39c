//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Catalog
public import Detection

/// A tool that the repository names and that is not taken from the chosen suite.
public struct UnavailableToolchain: Hashable, Sendable {
    /// The tool.
    public let tool: String
    /// What the strongest statement asks for, as written; empty where only the need is stated.
    public let constraint: String
    /// How binding that statement is.
    public let kind: StatementKind
    /// All statements, strongest first.
    public let statements: [ToolchainFinding]
    /// Why it is not taken, in a few words.
    public let reason: String
}

/// The tools among `findings` that none of the decisions is about, sorted by name.
func unavailableToolchains(
    _ findings: [ToolchainFinding], besides decisions: [ToolchainDecision], in suite: SuiteOffer
) -> [UnavailableToolchain] {
    let decided = Set(decisions.map(\.tool))
    return Dictionary(grouping: findings.filter { !decided.contains($0.tool) }) { $0.tool }
        .sorted { $0.key < $1.key }
        .map { tool, findings in
            let strongest = findings.strongest
            return UnavailableToolchain(
                tool: tool, constraint: strongest?.constraint ?? "", kind: strongest?.kind ?? .fallback,
                statements: findings.byStrength,
                reason: suite.tools[tool] == nil ? "not in \(suite.name)" : "brought along by the build")
        }
}

extension [ToolchainFinding] {
    /// The statements in the order of their kinds, those of one kind as they are.
    var byStrength: [ToolchainFinding] {
        StatementKind.allCases.flatMap { kind in filter { $0.kind == kind } }
    }

    /// The first statement of the strongest kind that names a version.
    var strongest: ToolchainFinding? { byStrength.first { !$0.constraint.trimmingBlanks().isEmpty } }
}
