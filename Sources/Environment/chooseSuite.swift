//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Catalog
import Detection
import Versions

/// A suite with the toolchains that it would give this repository.
struct SuiteChoice {
    let suite: SuiteOffer
    let decisions: [ToolchainDecision]
    let score: SuiteScore
}

/// How badly a suite fits; the smallest wins. Compared from the first field to the last.
struct SuiteScore: Comparable {
    /// Pins and ranges of primary files that it misses, and tools that it lacks, weighted.
    var violations = 0
    /// Distance from the releases that the repository says it is tested with, in releases.
    var untested = 0
    /// Statements about the base system itself that it misses.
    var foreignBase = 0
    /// Place in the catalog's order of preference.
    var preference = 0

    /// Whether both fit the versions that the repository asks for equally well.
    func isAsGood(as other: SuiteScore) -> Bool {
        (violations, untested) == (other.violations, other.untested)
    }

    static func < (lhs: SuiteScore, rhs: SuiteScore) -> Bool {
        (lhs.violations, lhs.untested, lhs.foreignBase, lhs.preference)
            < (rhs.violations, rhs.untested, rhs.foreignBase, rhs.preference)
    }
}

/// What the repository says, sorted by tool, for weighing suites.
struct ToolchainEvidence {
    let byTool: [String: [ToolchainFinding]]
    let bases: [BaseFinding]
    let primary: Set<String>
    /// Tools of languages that the repository is not written in, which nothing asks a version of.
    let incidental: Set<String>
    let day: String?
}

/// The suites of the catalog, best first.
func rankSuites(_ catalog: Catalog, for evidence: ToolchainEvidence) -> [SuiteChoice] {
    var choices: [SuiteChoice] = []
    // Where no suite has a release that fits, one that has another is no better than one that has none.
    let costs = evidence.byTool.mapValues { findings in
        catalog.suites.compactMap { bestOffer(of: findings[0].tool, findings, in: $0, day: evidence.day)?.violations }
            .min() ?? 0
    }
    for (place, suite) in catalog.suites.enumerated() {
        var score = SuiteScore(preference: place)
        var decisions: [ToolchainDecision] = []
        for tool in evidence.byTool.keys.sorted() {
            let findings = evidence.byTool[tool] ?? []
            let weight = evidence.primary.contains(tool) ? 3 : 1
            guard let best = bestOffer(of: tool, findings, in: suite, day: evidence.day) else {
                let least = costs[tool] ?? 0
                score.violations += (least > 0 ? least : 4) * weight
                continue
            }
            score.violations += best.violations * weight
            if !evidence.incidental.contains(tool) { score.untested += best.untested * weight }
            decisions.append(best.decision)
        }
        if !suite.isStable { score.untested += 30 }
        if let pinned = evidence.bases.first(where: { $0.kind == .pin }), pinned.suite != suite.name {
            score.violations += 3
        }
        if !evidence.bases.isEmpty, !evidence.bases.contains(where: { $0.suite == suite.name }) {
            score.foreignBase = 1
        }
        choices.append(SuiteChoice(suite: suite, decisions: decisions, score: score))
    }
    return choices.sorted { $0.score < $1.score }
}

private struct WeighedOffer {
    let decision: ToolchainDecision
    let violations: Int
    let untested: Int
}

private func bestOffer(
    of tool: String, _ findings: [ToolchainFinding], in suite: SuiteOffer, day: String?
) -> WeighedOffer? {
    let offers = suite.tools[tool] ?? []
    return offers.enumerated()
        .map { place, offer in (place, weigh(offer, findings, tool: tool, day: day)) }
        .min { ($0.1.violations, $0.1.untested, $0.0) < ($1.1.violations, $1.1.untested, $1.0) }?.1
}

private func weigh(_ offer: ToolOffer, _ findings: [ToolchainFinding], tool: String, day: String?) -> WeighedOffer {
    var accepted: [ToolchainFinding] = []
    var rejected: [ToolchainDecision.Rejection] = []
    var violations = 0
    for finding in findings {
        switch finding.match(offer.version) {
        case .meets: accepted.append(finding)
        case .silent:
            if finding.constraint.isEmpty {
                accepted.append(finding)
            } else {
                rejected.append(.init(finding: finding, reason: "does not name a version"))
            }
        case .misses:
            let reason = finding.kind == .hint ? "another tested release" : "the suite offers \(offer.version)"
            rejected.append(.init(finding: finding, reason: reason))
            violations += finding.kind == .pin ? 4 : (finding.kind == .range ? 3 : 0)
        }
    }
    accepted.sort { rank($0.kind) < rank($1.kind) }
    let decision = ToolchainDecision(
        tool: tool, version: offer.version, requirement: releaseLine(offer.version, of: tool),
        packages: offer.packages, kind: accepted.first { !$0.constraint.isEmpty }?.kind ?? .fallback,
        accepted: accepted, rejected: rejected, conflicts: conflicts(among: findings, chosen: offer.version))
    return WeighedOffer(
        decision: decision, violations: violations,
        untested: untestedDistance(offer.version, tool: tool, findings, released: offer.released, day: day))
}

private func rank(_ kind: StatementKind) -> Int {
    StatementKind.allCases.firstIndex(of: kind) ?? StatementKind.allCases.count
}

/// How far `version` lies from what is tested: nothing for the newest tested release that is on offer somewhere,
/// more for older ones, and most for releases that nobody tested.
private func untestedDistance(
    _ version: String, tool: String, _ findings: [ToolchainFinding], released: String?, day: String?
) -> Int {
    guard let offered = releaseNumbers(version).map({ ordinal($0, tool: tool) }) else { return 0 }
    let tested = Set(
        findings.filter { $0.kind == .hint || $0.kind == .pin }
            .compactMap { releaseNumbers($0.constraint.trimmingBlanks()) }
            .filter { $0.count >= significantComponents(of: tool) }
            .map { ordinal($0, tool: tool) })
    if let newest = tested.max() {
        if tested.contains(offered) {
            // A release from after the last day was tested as a preview only: one that was out then is safer.
            let isPreview = if let day, let released { released > day } else { false }
            return min(newest - offered, 50) + (isPreview ? 5 : 0)
        }
        return offered > newest ? 10 * min(offered - newest, 100) : 60 + min(newest - offered, 40)
    }
    // Nothing is tested by name: a release from after the repository's last day is a guess.
    if let day, let released, released > day { return 100 }
    return 0
}

/// A release line as one number, so that neighbours differ by one.
private func ordinal(_ numbers: [Int], tool: String) -> Int {
    let major = min(numbers.first ?? 0, 10_000)
    if significantComponents(of: tool) == 1 { return major }
    return major * 1_000 + min(numbers.count > 1 ? numbers[1] : 0, 999)
}

/// The prefix of `version` that names its release line.
private func releaseLine(_ version: String, of tool: String) -> String {
    guard let numbers = releaseNumbers(version) else { return version }
    return numbers.prefix(significantComponents(of: tool)).map(String.init).joined(separator: ".")
}
