//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The constraints of [Dart's pub](https://dart.dev/tools/pub/dependencies#version-constraints): comparisons joined by
/// spaces, `^`, `any`, and a bare version for itself alone.
enum DartConstraint {
    static func parse(_ bytes: ArraySlice<UInt8>) throws(ConstraintFault) -> [ConstraintGroup] {
        if text(bytes) == "any" { return [ConstraintGroup()] }
        return try NPMRange.parse(bytes, dialect: .dart).map(withDart3)
    }

    /// Dart 3 runs what is sound without nulls, so that pub reads `<3.0.0` as `<4.0.0` above 2.12.
    private static func withDart3(_ group: ConstraintGroup) -> ConstraintGroup {
        guard group.intervals.count == 1, let lower = group.intervals[0].lower, let upper = group.intervals[0].upper,
            upper.version.release == [3, 0, 0], !upper.isAfter,
            !lower.version.release.lexicographicallyPrecedes([2, 12, 0])
        else { return group }
        var wider = ConstraintGroup()
        wider.require(from: lower, to: SemanticVersion(release: [4]).start(.dart))
        wider.prereleases = group.prereleases
        return wider
    }
}
