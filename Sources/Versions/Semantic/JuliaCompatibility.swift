//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The `[compat]` entries of [Julia's Pkg](https://pkgdocs.julialang.org/v1/compatibility/): `^` (as a bare version),
/// `~`, `=`, comparisons and `1.2 - 1.4`, where a comma means "or".
enum JuliaCompatibility {
    static func parse(_ bytes: ArraySlice<UInt8>) throws(ConstraintFault) -> [ConstraintGroup] {
        var groups: [ConstraintGroup] = []
        for clause in bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            groups.append(try group(trimmed(clause)))
        }
        return groups
    }

    private static func group(_ bytes: ArraySlice<UInt8>) throws(ConstraintFault) -> ConstraintGroup {
        var scanner = ByteScanner(bytes)
        if let group = scanner.scanHyphenRange(dialect: .julia), scanner.isAtEnd { return group }
        scanner = ByteScanner(bytes)
        let comparison = scanner.scan(firstOf: [">=", "≥", "<=", "≤", ">", "<", "=", "~", "^"]) ?? "^"
        scanner.skipSpaces()
        guard !scanner.isAtEnd else { throw ConstraintFault("a specifier has no version") }
        let operand = scanner.rest
        guard let partial = scanner.scanPartialVersion(allowsWildcards: comparison == "^"), scanner.isAtEnd else {
            throw ConstraintFault("\(quoted(operand)) is not a version")
        }
        var group = ConstraintGroup()
        group.prereleases = .none
        switch comparison {
        case "≥": group.requireSemantic(">=", partial, dialect: .julia)
        case "≤": group.requireSemantic("<=", partial, dialect: .julia)
        // What is left out is 0 here: `=1.2` is 1.2.0 alone.
        case "=": group.require(.exactly(Version(partial.floor, dialect: .julia)))
        default: group.requireSemantic(comparison, partial, dialect: .julia)
        }
        return group
    }
}
