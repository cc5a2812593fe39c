//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Comparators that all must hold, while a constraint is read.
struct ConstraintGroup {
    private(set) var intervals = [VersionInterval.all]
    /// What prereleases the whole group admits; the comparators alone say nothing of it.
    var prereleases = PrereleaseRule.all
    var recommended: Version?

    mutating func require(_ interval: VersionInterval) {
        intervals = intervals.compactMap(interval.intersection)
    }

    mutating func require(from lower: Cut? = nil, to upper: Cut? = nil) {
        require(VersionInterval(lower: lower, upper: upper))
    }

    mutating func require(oneOf alternatives: [VersionInterval]) {
        intervals = intervals.flatMap { interval in alternatives.compactMap(interval.intersection) }
    }

    /// Takes everything between the cuts out.
    mutating func exclude(from lower: Cut, to upper: Cut) {
        let outside = [VersionInterval(upper: lower), VersionInterval(lower: upper)]
        var rest: [VersionInterval] = []
        for interval in intervals {
            if let end = interval.upper, end <= lower {
                rest.append(interval)
            } else if let start = interval.lower, start >= upper {
                rest.append(interval)
            } else {
                rest += outside.compactMap(interval.intersection)
            }
        }
        intervals = rest
    }

    /// Admits prereleases when a comparator names one, the rule of most dialects.
    mutating func admitPrereleases(_ named: Bool) {
        prereleases = named ? .all : .none
    }

    var resolved: [VersionInterval] {
        intervals.map { interval in
            var interval = interval
            interval.prereleases = prereleases
            return interval
        }
    }
}

/// The versions that start with one release, for ``VersionRange/admitsSome(release:)``.
struct ReleaseSlice {
    /// Before everything of the release.
    var lower: Cut
    /// Before the first version that is no prerelease, where that is another place.
    var first: Cut?
    var upper: Cut

    var interval: VersionInterval { VersionInterval(lower: lower, upper: upper) }
}

extension VersionDialect {
    /// Reads the alternatives of a constraint without surrounding white space.
    func parseConstraint(_ bytes: ArraySlice<UInt8>) throws(ConstraintFault) -> [ConstraintGroup] {
        switch self {
        case .pep440: [try PEP440Version.specifiers(bytes)]
        case .poetry: try PoetryConstraint.parse(bytes)
        case .npm: try NPMRange.parse(bytes)
        case .cargo: [try CargoRequirement.parse(bytes)]
        case .dart: try DartConstraint.parse(bytes)
        case .julia: try JuliaCompatibility.parse(bytes)
        case .rubygems: [try GemVersion.requirements(bytes)]
        case .composer: try ComposerConstraint.parse(bytes)
        case .debian: [try DebianVersion.relations(bytes)]
        case .go: [try GoVersion.constraint(bytes)]
        case .maven: [try MavenVersion.ranges(bytes)]
        case .generic: try GenericConstraint.parse(bytes)
        }
    }

    /// The versions that start with the numbers of `prefix`, or nil when it is no such text.
    func intervals(release prefix: String) -> ReleaseSlice? {
        var scanner = ByteScanner(prefix)
        guard prefix.utf8.count <= Version.limit, let numbers = scanner.scanRelease(), scanner.isAtEnd else {
            return nil
        }
        switch self {
        case .pep440, .poetry: return PEP440Version.slice(numbers, dialect: self)
        case .npm, .cargo, .dart, .julia: return SemanticVersion.slice(numbers, dialect: self)
        case .rubygems: return GemVersion.slice(numbers)
        case .composer: return ComposerVersion.slice(numbers)
        case .debian: return DebianVersion.slice(numbers)
        case .go: return GoVersion.slice(numbers)
        case .maven: return MavenVersion.slice(numbers)
        case .generic: return GenericVersion.slice(numbers)
        }
    }
}

extension ByteScanner {
    /// Numbers joined by dots, at least one; a dot without a number behind it is left standing.
    mutating func scanRelease(atMost limit: Int = .max) -> [Int]? {
        guard let first = scanInteger() else { return nil }
        var numbers = [first]
        while numbers.count < limit, current == UInt8(ascii: "."), peek(1)?.isDigit == true {
            position += 1
            guard let number = scanInteger() else { return nil }
            numbers.append(number)
        }
        return numbers
    }

    /// Everything up to one of the separators, and not the separator itself, without white space at its ends.
    mutating func scanClause(until isSeparator: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        trimmed(scan { !isSeparator($0) })
    }
}

/// The release that follows every one that starts with these numbers: 1.2 gives 1.3.
func following(_ release: [Int]) -> [Int] {
    guard let last = release.last else { return [1] }
    return release.dropLast() + [last + 1]
}

/// The numbers joined by dots.
func dotted(_ release: some Sequence<Int>) -> String {
    release.map(String.init).joined(separator: ".")
}

func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
