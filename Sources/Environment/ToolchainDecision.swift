//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Detection

/// Which version of a tool an environment gets, and why.
public struct ToolchainDecision: Hashable, Sendable {
    /// A statement that was not followed, with the reason.
    public struct Rejection: Hashable, Sendable {
        /// What was said, and where.
        public let finding: ToolchainFinding
        /// Why it did not decide.
        public let reason: String
    }

    /// The tool.
    public let tool: String
    /// The version that the chosen suite offers.
    public let version: String
    /// What the spec asks for: a prefix of `version`.
    public let requirement: String
    /// The packages of the suite that provide it.
    public let packages: [String]
    /// How binding the strongest statement was that `version` follows.
    public let kind: StatementKind
    /// The statements that `version` meets, strongest first.
    public let accepted: [ToolchainFinding]
    /// The statements that it does not meet or that were weaker.
    public let rejected: [Rejection]
    /// Statements that cannot both be met.
    public let conflicts: [Conflict]

    /// What the strongest statement asks for, as written, whether it was followed or not; empty where none names a
    /// version.
    public var constraint: String { (accepted + rejected.map(\.finding)).strongest?.constraint ?? "" }

    /// One line for the spec: the strongest statements with their places.
    public var summary: String {
        if accepted.isEmpty {
            let missed = rejected.first.map { "; \($0.finding.evidence) asks for \($0.finding.constraint)" } ?? ""
            return "default of the suite" + missed
        }
        let range = accepted.first { $0.kind != .hint }
        let hint = accepted.first { $0.kind == .hint }
        let parts = [
            range.map { $0.constraint.isEmpty ? "used by \($0.evidence)" : "\($0.constraint) (\($0.evidence))" },
            hint.map { $0.constraint.isEmpty ? "used by \($0.evidence)" : "tested (\($0.evidence))" },
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }
}
