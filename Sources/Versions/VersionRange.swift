//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A set of versions: what a constraint admits.
///
/// It is a sorted union of intervals, so that it can be intersected and explained: `!=1.5` is what lies below 1.5 and
/// what lies above. Whether a prerelease inside of an interval belongs to the set is the dialect's matter; see
/// ``VersionDialect``. A version of another dialect is in no range.
public struct VersionRange: Hashable, Sendable, CustomStringConvertible {
    /// The dialect of the constraint and of the versions in the range.
    public let dialect: VersionDialect
    /// The version that the constraint asks for without demanding it: Maven's soft requirement.
    public let recommended: Version?
    let intervals: [VersionInterval]

    /// The most bytes that a constraint may have.
    static let limit = 4096
    /// The most alternatives that a constraint may have.
    static let alternativeLimit = 64
    /// The most intervals that a constraint may come to.
    static let intervalLimit = 512

    /// Reads a constraint; throws when it is none of the dialect, when it is longer than 4096 bytes, or when it has
    /// more than 64 alternatives.
    public init(_ constraint: String, dialect: VersionDialect) throws(VersionError) {
        guard constraint.utf8.count <= Self.limit else {
            throw .tooLong(bytes: constraint.utf8.count, limit: Self.limit)
        }
        let groups: [ConstraintGroup]
        do throws(ConstraintFault) {
            groups = try dialect.parseConstraint(trimmed(constraint.utf8))
            guard groups.count <= Self.alternativeLimit, groups.allSatisfy({ $0.intervals.count <= Self.intervalLimit })
            else {
                throw ConstraintFault("it has more alternatives than are read")
            }
        } catch {
            throw .malformedConstraint(constraint, dialect, reason: error.reason)
        }
        self.init(groups.flatMap(\.resolved), dialect: dialect, recommended: groups.first?.recommended)
    }

    init(_ intervals: [VersionInterval], dialect: VersionDialect, recommended: Version? = nil) {
        self.dialect = dialect
        self.recommended = recommended
        self.intervals = Self.normalized(intervals)
    }

    /// Every version of the dialect, prereleases included.
    public static func any(_ dialect: VersionDialect) -> VersionRange {
        VersionRange([.all], dialect: dialect)
    }

    /// Whether the version is admitted.
    public func contains(_ version: Version) -> Bool {
        version.dialect == dialect && intervals.contains { $0.contains(version) }
    }

    /// Whether the text is a version of the dialect and admitted.
    public func contains(_ text: String) -> Bool {
        guard let version = try? Version(text, dialect: dialect) else { return false }
        return contains(version)
    }

    /// What both ranges admit: a version is in it exactly when it is in both. Of two dialects, nothing.
    public func intersection(_ other: VersionRange) -> VersionRange {
        guard dialect == other.dialect else { return VersionRange([], dialect: dialect) }
        return VersionRange(
            intervals.flatMap { one in other.intervals.compactMap(one.intersection) }, dialect: dialect,
            recommended: recommended ?? other.recommended)
    }

    /// Whether no version can be in the range.
    public var isEmpty: Bool { intervals.isEmpty }

    /// Where the first interval starts, inclusive or exclusive; nil when it has no start or the range is empty.
    public var lowerBound: Version? { intervals.first?.lower?.version }

    /// Where the last interval ends, inclusive or exclusive; nil when it has no end or the range is empty.
    public var upperBound: Version? {
        guard !intervals.contains(where: { $0.upper == nil }) else { return nil }
        return intervals.compactMap(\.upper).max()?.version
    }

    /// Whether some version that starts with this release lies in the range; "3.11" stands for any 3.11.x.
    ///
    /// - Parameter prefix: numbers joined by dots; a range has no version for anything else.
    public func admitsSome(release prefix: String) -> Bool {
        guard let slice = dialect.intervals(release: prefix) else { return false }
        return intervals.contains { interval in
            var slice = slice
            // Where prereleases are kept out, those of the first release do not count as being there.
            if interval.prereleases == .none, let first = slice.first {
                slice.lower = first
            }
            return interval.intersection(slice.interval) != nil
        }
    }

    /// The intervals as comparisons: `>=3.9, <4.0 || ==5.0`, `*` for all, `none` for the empty range.
    public var description: String {
        intervals.isEmpty ? "none" : intervals.map(\.description).joined(separator: " || ")
    }

    /// Sorted, without empty intervals, overlapping or touching ones with the same rule joined.
    private static func normalized(_ intervals: [VersionInterval]) -> [VersionInterval] {
        let sorted = intervals.filter { !$0.isEmpty }.sorted { one, two in
            switch (one.lower, two.lower) {
            case (nil, nil): return isLess(one.upper, two.upper)
            case (nil, _): return true
            case (_, nil): return false
            case (let first?, let second?):
                return first == second ? isLess(one.upper, two.upper) : first < second
            }
        }
        var result: [VersionInterval] = []
        for interval in sorted {
            let index = result.lastIndex { $0.prereleases == interval.prereleases && $0.literal == interval.literal }
            guard let index else {
                result.append(interval)
                continue
            }
            guard let end = result[index].upper else { continue }
            if let start = interval.lower, start > end {
                result.append(interval)
            } else if isLess(result[index].upper, interval.upper) {
                result[index].upper = interval.upper
            }
        }
        return result
    }

    /// The order of upper ends, where nil is above all.
    private static func isLess(_ lhs: Cut?, _ rhs: Cut?) -> Bool {
        guard let lhs else { return false }
        guard let rhs else { return true }
        return lhs < rhs
    }
}

extension VersionInterval: CustomStringConvertible {
    var description: String {
        if let literal { return "===\(literal)" }
        if let lower, let upper, lower.version == upper.version { return "==\(lower.version)" }
        var parts: [String] = []
        if let lower { parts.append((lower.isAfter ? ">" : ">=") + lower.version.text) }
        if let upper { parts.append((upper.isAfter ? "<=" : "<") + upper.version.text) }
        return parts.isEmpty ? "*" : parts.joined(separator: ", ")
    }
}
