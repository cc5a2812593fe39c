//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A version by [Semantic Versioning 2.0.0](https://semver.org), for npm and Cargo. Build metadata has no weight.
struct SemanticVersion: ParsedVersion {
    var release: [Int]
    var prerelease: [ArraySlice<UInt8>] = []

    /// The greatest number that npm reads, 2^53 - 1; Cargo goes further, but nobody does.
    static let greatestNumber = 9_007_199_254_740_991

    static let zero = SemanticVersion(release: [0, 0, 0])
    /// No version lies below this key.
    static let leastKey = zero.leastPrereleaseKey

    var isPrerelease: Bool { !prerelease.isEmpty }

    var key: SortKey {
        var key = releaseKey
        guard isPrerelease else {
            key.append(tag: SortKey.Tag.none)
            return key
        }
        for identifier in prerelease {
            if identifier.allSatisfy(\.isDigit) {
                key.append(tag: 0x10)
                key.append(digits: identifier)
            } else {
                key.append(tag: 0x20)
                key.append(word: identifier)
            }
        }
        key.append(tag: SortKey.Tag.end)
        return key
    }

    /// What all prereleases of the release start with, below every one of them.
    var leastPrereleaseKey: SortKey { releaseKey }

    private var releaseKey: SortKey {
        var key = SortKey()
        for number in release { key.append(number: number) }
        return key
    }

    var canonicalText: String {
        isPrerelease ? dotted(release) + "-" + prerelease.map { text($0) }.joined(separator: ".") : dotted(release)
    }

    /// Missing numbers are 0.
    init(release: [Int]) {
        self.release = Array((release + [0, 0, 0]).prefix(3))
    }

    /// - Parameter isStrict: refuse npm's leading `v`.
    init?(_ bytes: ArraySlice<UInt8>, isStrict: Bool) {
        var scanner = ByteScanner(bytes)
        if !isStrict { _ = scanner.scan(UInt8(ascii: "v")) }
        guard let partial = scanner.scanPartialVersion(allowsWildcards: false), scanner.isAtEnd,
            partial.numbers.count == 3
        else { return nil }
        self = partial.floor
    }

    /// Before every prerelease of this release.
    func start(_ dialect: VersionDialect) -> Cut {
        .before(leastPrereleaseKey, named: Version(self, dialect: dialect))
    }

    /// The least release that lies above the cut.
    static func leastRelease(above cut: Cut) -> SemanticVersion {
        var release = cut.version.release
        if cut.isAfter, !cut.version.isPrerelease { release = following(release) }
        return SemanticVersion(release: release)
    }

    static func slice(_ numbers: [Int], dialect: VersionDialect) -> ReleaseSlice? {
        guard numbers.count <= 3 else { return nil }
        let first = SemanticVersion(release: numbers)
        return ReleaseSlice(
            lower: first.start(dialect), first: .before(Version(first, dialect: dialect)),
            upper: SemanticVersion(release: following(numbers)).start(dialect))
    }
}

/// A version in a range, which may leave numbers out: `1`, `1.2`, `1.x`, `*`.
struct PartialVersion {
    /// What stands before the first wildcard or the end; up to 3.
    var numbers: [Int] = []
    var prerelease: [ArraySlice<UInt8>] = []
    var hasWildcard = false

    var isComplete: Bool { numbers.count == 3 }

    /// The version with 0 for what is missing.
    var floor: SemanticVersion {
        var version = SemanticVersion(release: numbers)
        version.prerelease = prerelease
        return version
    }

    /// The release behind every one that starts with the numbers.
    var ceiling: SemanticVersion { SemanticVersion(release: following(numbers)) }

    /// Where `^` ends: the first number that is not 0, or the last given, goes up.
    var caretCeiling: SemanticVersion {
        let index = numbers.firstIndex { $0 != 0 } ?? max(numbers.count - 1, 0)
        return SemanticVersion(release: following(Array(numbers.prefix(index + 1))))
    }

    /// Where `~` ends: the minor version goes up, the major one when it stands alone.
    var tildeCeiling: SemanticVersion { SemanticVersion(release: following(Array(numbers.prefix(2)))) }
}

extension ByteScanner {
    /// What npm lets stand before a version.
    mutating func skipVersionMarks() {
        _ = scan { $0 == UInt8(ascii: "v") || $0 == UInt8(ascii: "=") || $0.isSpace }
    }

    /// Reads up to three numbers or wildcards, then prerelease and build; nil when that is not what stands here.
    mutating func scanPartialVersion(allowsWildcards: Bool) -> PartialVersion? {
        var partial = PartialVersion()
        var count = 0
        repeat {
            if allowsWildcards, let byte = current,
                [UInt8(ascii: "*"), UInt8(ascii: "x"), UInt8(ascii: "X")].contains(byte)
            {
                position += 1
                partial.hasWildcard = true
            } else {
                guard let digits = scanDigits(), digits.count == 1 || digits.first != UInt8(ascii: "0"),
                    let number = integer(digits), number <= SemanticVersion.greatestNumber
                else { return nil }
                if !partial.hasWildcard { partial.numbers.append(number) }
            }
            count += 1
        } while count < 3 && scan(UInt8(ascii: "."))
        guard count == 3 else { return partial }
        if scan(UInt8(ascii: "-")) {
            guard let identifiers = scanIdentifiers(refusesLeadingZeros: true) else { return nil }
            if partial.isComplete { partial.prerelease = identifiers }
        }
        if scan(UInt8(ascii: "+")) {
            guard scanIdentifiers(refusesLeadingZeros: false) != nil else { return nil }
        }
        return partial
    }

    private mutating func scanIdentifiers(refusesLeadingZeros: Bool) -> [ArraySlice<UInt8>]? {
        var identifiers: [ArraySlice<UInt8>] = []
        repeat {
            let identifier = scan { $0.isAlphanumeric || $0 == UInt8(ascii: "-") }
            guard let first = identifier.first else { return nil }
            if refusesLeadingZeros, identifier.count > 1, first == UInt8(ascii: "0"), identifier.allSatisfy(\.isDigit) {
                return nil
            }
            identifiers.append(identifier)
        } while scan(UInt8(ascii: "."))
        return identifiers
    }
}
