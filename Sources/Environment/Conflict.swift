//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Detection

/// Two statements about a tool that cannot both be met.
public struct Conflict: Hashable, Sendable, CustomStringConvertible {
    /// The tool.
    public let tool: String
    /// The statement that was followed, or that weighs more.
    public let first: ToolchainFinding
    /// The statement that contradicts it.
    public let second: ToolchainFinding
    /// The version that was chosen; empty where the suite has none.
    public let chosen: String

    /// Both statements with their places, and what was chosen.
    public var description: String {
        let outcome = chosen.isEmpty ? "" : "; \(chosen) was chosen"
        return "\(tool): \(first.evidence) \(verb(first)) \(first.constraint),"
            + " but \(second.evidence) \(verb(second)) \(second.constraint)\(outcome)"
    }

    private func verb(_ finding: ToolchainFinding) -> String {
        switch finding.kind {
        case .pin: "pins"
        case .lock: "was locked with"
        default: "asks for"
        }
    }
}

/// The contradictions among statements about one tool: a pin outside of a range, and two pins of different releases.
func conflicts(among findings: [ToolchainFinding], chosen: String) -> [Conflict] {
    let pins = findings.filter { $0.kind == .pin && releaseNumbers($0.constraint.trimmingBlanks()) != nil }
    let ranges = findings.filter { $0.kind == .range }
    var result: [Conflict] = []
    for pin in pins {
        for range in ranges where range.match(pin.constraint.trimmingBlanks()) == .misses {
            result.append(Conflict(tool: pin.tool, first: pin, second: range, chosen: chosen))
        }
    }
    if let first = pins.first, let other = pins.dropFirst().first(where: { first.match($0.constraint) == .misses }) {
        result.append(Conflict(tool: first.tool, first: first, second: other, chosen: chosen))
    }
    return result
}
