//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A place between versions: just before or just after every version of one key.
///
/// The version is what the place is named by; the key may lie elsewhere, as for the end of `==1.2.*`, which is named by
/// 1.3 and lies below its first development release.
struct Cut: Hashable, Comparable, Sendable {
    let key: SortKey
    let isAfter: Bool
    let version: Version

    static func before(_ key: SortKey, named version: Version) -> Cut {
        Cut(key: key, isAfter: false, version: version)
    }

    static func after(_ key: SortKey, named version: Version) -> Cut {
        Cut(key: key, isAfter: true, version: version)
    }

    static func before(_ version: Version) -> Cut { before(version.key, named: version) }

    static func after(_ version: Version) -> Cut { after(version.key, named: version) }

    static func == (lhs: Cut, rhs: Cut) -> Bool { lhs.key == rhs.key && lhs.isAfter == rhs.isAfter }

    static func < (lhs: Cut, rhs: Cut) -> Bool {
        lhs.key == rhs.key ? !lhs.isAfter && rhs.isAfter : lhs.key < rhs.key
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(key)
        hasher.combine(isAfter)
    }

    func isBelow(_ key: SortKey) -> Bool { isAfter ? self.key < key : self.key <= key }
}

/// Which prereleases an interval admits among those that lie in it.
enum PrereleaseRule: Hashable, Sendable {
    case all
    /// Versions of this stability or a greater one.
    case stability(atLeast: Int)
    /// Prereleases of these releases only, sorted.
    case releases([[Int]])

    static let none = PrereleaseRule.stability(atLeast: Version.stable)

    func admits(_ version: Version) -> Bool {
        switch self {
        case .all: true
        case .stability(let floor): version.stability >= floor
        case .releases(let releases): !version.isPrerelease || releases.contains(version.release)
        }
    }

    /// What both rules admit.
    func intersection(_ other: PrereleaseRule) -> PrereleaseRule {
        switch (self, other) {
        case (.all, let rule), (let rule, .all): rule
        case (.stability(let one), .stability(let two)): .stability(atLeast: max(one, two))
        case (.releases(let one), .releases(let two)):
            one.filter(two.contains).isEmpty ? .none : .releases(one.filter(two.contains))
        case (.stability, .releases), (.releases, .stability): .none
        }
    }
}

/// The versions between two cuts; nil is without an end.
struct VersionInterval: Hashable, Sendable {
    var lower: Cut?
    var upper: Cut?
    var prereleases = PrereleaseRule.all
    /// Only versions spelled like this (PEP 440's `===`), in lower case.
    var literal: String?

    static let all = VersionInterval()

    /// Every version of one key.
    static func exactly(_ version: Version) -> VersionInterval {
        VersionInterval(lower: .before(version), upper: .after(version))
    }

    func contains(_ version: Version) -> Bool {
        if let lower, !lower.isBelow(version.key) { return false }
        if let upper, upper.isBelow(version.key) { return false }
        if let literal, literal != version.spelling { return false }
        return prereleases.admits(version)
    }

    /// What both contain, or nil when they have no place in common.
    func intersection(_ other: VersionInterval) -> VersionInterval? {
        if let literal, let second = other.literal, literal != second { return nil }
        var result = VersionInterval(
            lower: [lower, other.lower].compactMap(\.self).max(), upper: [upper, other.upper].compactMap(\.self).min(),
            prereleases: prereleases.intersection(other.prereleases), literal: literal ?? other.literal)
        if lower == nil || other.lower == nil { result.lower = lower ?? other.lower }
        return result.isEmpty ? nil : result
    }

    /// Whether the cuts leave no place, or leave it only to prereleases that the rule keeps out.
    var isEmpty: Bool {
        if let lower, let upper, lower >= upper { return true }
        guard let upper, let dialect = lower?.version.dialect ?? self.upper?.version.dialect else { return false }
        return dialect.usesSemanticVersions && hasNoSemanticVersion(below: upper)
    }

    /// Semantic versions are discrete but for their prereleases: looks for the least release, then for the prereleases.
    private func hasNoSemanticVersion(below upper: Cut) -> Bool {
        let least = lower.map(SemanticVersion.leastRelease(above:)) ?? SemanticVersion.zero
        if upper.isAfter ? least.key <= upper.key : least.key < upper.key { return false }
        switch prereleases {
        case .all, .stability(atLeast: 0):
            return lower == nil && upper.key <= SemanticVersion.leastKey
        case .stability:
            return true
        case .releases(let releases):
            return !releases.contains { release in
                let start = SemanticVersion(release: release).leastPrereleaseKey
                let end = SemanticVersion(release: release).key
                let low = Swift.max(start, lower?.key ?? start)
                return low < end && (low < upper.key || (upper.isAfter && low == upper.key && lower?.isAfter != true))
            }
        }
    }
}

extension Version {
    /// The text as PEP 440's `===` compares it.
    var spelling: String { String(decoding: trimmed(text.utf8).map(\.lowercased), as: UTF8.self) }
}

extension VersionDialect {
    var usesSemanticVersions: Bool {
        switch self {
        case .npm, .cargo, .dart, .julia: true
        default: false
        }
    }
}
