//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Ranges as [node-semver](https://github.com/npm/node-semver#ranges) reads them, without its loose mode.
enum NPMRange {
    static func parse(
        _ bytes: ArraySlice<UInt8>, dialect: VersionDialect = .npm
    ) throws(ConstraintFault) -> [ConstraintGroup] {
        var scanner = ByteScanner(bytes)
        var groups: [ConstraintGroup] = []
        repeat {
            groups.append(try group(scanner.scanClause { $0 == UInt8(ascii: "|") }, dialect: dialect))
        } while scanner.scan("||")
        guard scanner.isAtEnd else { throw ConstraintFault("alternatives are joined by `||`") }
        return groups
    }

    private static func group(
        _ bytes: ArraySlice<UInt8>, dialect: VersionDialect
    ) throws(ConstraintFault) -> ConstraintGroup {
        var scanner = ByteScanner(bytes)
        if let group = scanner.scanHyphenRange(dialect: dialect), scanner.isAtEnd { return group }
        scanner.position = 0
        var group = ConstraintGroup()
        var named: [[Int]] = []
        while !scanner.isAtEnd {
            let comparison = scanner.scan(firstOf: [">=", "<=", ">", "<", "=", "~>", "~", "^"]) ?? "="
            scanner.skipSpaces()
            scanner.skipVersionMarks()
            let start = scanner.position
            guard let partial = scanner.scanPartialVersion(allowsWildcards: true),
                scanner.isAtEnd || scanner.current?.isSpace == true
            else {
                scanner.position = start
                let what =
                    scanner.isAtEnd ? "`\(comparison)` has no version" : "\(quoted(scanner.rest)) is not a version"
                throw ConstraintFault(what)
            }
            scanner.skipSpaces()
            group.requireSemantic(comparison, partial, dialect: dialect)
            if !partial.prerelease.isEmpty { named.append(partial.numbers) }
        }
        group.admitPrereleases(ofReleases: named)
        return group
    }
}

extension ByteScanner {
    /// `1.2.3 - 2.3`, which stands alone in its alternative.
    mutating func scanHyphenRange(dialect: VersionDialect) -> ConstraintGroup? {
        skipVersionMarks()
        guard let from = scanPartialVersion(allowsWildcards: true), skipSpaces(), scan(UInt8(ascii: "-")), skipSpaces()
        else {
            return nil
        }
        skipVersionMarks()
        guard let to = scanPartialVersion(allowsWildcards: true) else { return nil }
        var group = ConstraintGroup()
        group.requireSemantic(">=", from, dialect: dialect)
        group.requireSemantic("<=", to, dialect: dialect)
        group.admitPrereleases(ofReleases: [from, to].filter { !$0.prerelease.isEmpty }.map(\.numbers))
        return group
    }
}

extension ConstraintGroup {
    /// Admits prereleases of the releases that a comparator names with a prerelease.
    mutating func admitPrereleases(ofReleases releases: [[Int]]) {
        let sorted = releases.sorted { $0.lexicographicallyPrecedes($1) }
        prereleases = sorted.isEmpty ? .none : .releases(sorted)
    }

    /// Adds one comparator; npm and Cargo agree on what each means once its operator is known.
    mutating func requireSemantic(_ comparison: String, _ partial: PartialVersion, dialect: VersionDialect) {
        let floor = Version(partial.floor, dialect: dialect)
        guard !partial.numbers.isEmpty else {
            // `>*` and `<*` admit nothing, all else admits everything.
            if comparison == ">" || comparison == "<" { require(oneOf: []) }
            return
        }
        switch comparison {
        case ">":
            require(from: partial.isComplete ? .after(floor) : .before(Version(partial.ceiling, dialect: dialect)))
        case ">=": require(from: .before(floor))
        case "<": require(to: partial.isComplete ? .before(floor) : partial.floor.start(dialect))
        case "<=": require(to: partial.isComplete ? .after(floor) : partial.ceiling.start(dialect))
        case "^": require(from: .before(floor), to: partial.caretCeiling.start(dialect))
        case "~", "~>": require(from: .before(floor), to: partial.tildeCeiling.start(dialect))
        default:
            require(
                partial.isComplete
                    ? .exactly(floor) : VersionInterval(lower: .before(floor), upper: partial.ceiling.start(dialect)))
        }
    }
}
