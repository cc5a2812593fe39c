//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A version as Maven 4's [`ComparableVersion`](https://maven.apache.org/pom.html#version-order-specification) orders it:
/// numbers and qualifiers between dots, hyphens and changes from digits to letters.
///
/// `-1` comes before `.1`; a qualifier weighs the same behind either. Zeros and `ga`, `final`, `release` weigh nothing
/// where nothing or a qualifier follows them.
struct MavenVersion: ParsedVersion {
    enum Token {
        case number(digits: ArraySlice<UInt8>, isHyphenated: Bool)
        case qualifier(name: ArraySlice<UInt8>, digits: ArraySlice<UInt8>?)
    }

    private(set) var tokens: [Token] = []
    /// The leading numbers between dots, zeros included.
    private(set) var release: [Int] = []

    var isPrerelease: Bool {
        tokens.contains { token in
            guard case .qualifier(let name, let digits) = token else { return false }
            return Rank(name, hasDigits: digits != nil).isPrerelease
        }
    }

    var canonicalText: String { dotted(release) }

    init(release: [Int]) {
        self.release = release
        tokens = release.map { .number(digits: ArraySlice(String($0).utf8), isHyphenated: false) }
        trimTokens()
    }

    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !"[](),".utf8.contains($0) }) else { return nil }
        var scanner = ByteScanner(bytes.map(\.lowercased))
        var isHyphenated = false
        var isInRelease = true
        while true {
            if let digits = scanner.scanDigits() {
                tokens.append(.number(digits: digits, isHyphenated: isHyphenated))
                if isInRelease { release.append(integer(digits) ?? .max) }
            } else {
                isInRelease = false
                appendQualifier(&scanner, isHyphenated: isHyphenated)
            }
            guard let separator = scanner.current else { break }
            isHyphenated = separator != UInt8(ascii: ".")
            if isHyphenated { isInRelease = false }
            if separator == UInt8(ascii: ".") || separator == UInt8(ascii: "-") {
                scanner.position += 1
                if scanner.isAtEnd { break }
            }
        }
        trimTokens()
    }

    /// Letters with the digits behind them, `rc1` and `rc-1` alike; between two separators, a 0.
    private mutating func appendQualifier(_ scanner: inout ByteScanner, isHyphenated: Bool) {
        let name = scanner.scan { !$0.isDigit && $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "-") }
        if name.isEmpty {
            tokens.append(.number(digits: [UInt8(ascii: "0")], isHyphenated: isHyphenated))
            return
        }
        if scanner.current == UInt8(ascii: "-"), scanner.peek(1)?.isDigit == true { scanner.position += 1 }
        tokens.append(.qualifier(name: name, digits: scanner.scanDigits()))
    }

    private mutating func trimTokens() {
        var kept: [Token] = []
        var isDroppable = true
        for token in tokens.reversed() {
            switch token {
            case .number(let digits, _):
                if isDroppable, digits.allSatisfy({ $0 == UInt8(ascii: "0") }) { continue }
                isDroppable = false
            case .qualifier(let name, let digits):
                if digits == nil, Rank(name, hasDigits: false) == .release { continue }
                isDroppable = true
            }
            kept.append(token)
        }
        tokens = kept.reversed()
    }

    var key: SortKey {
        var key = SortKey()
        for (index, token) in tokens.enumerated() {
            switch token {
            case .number(let digits, let isHyphenated):
                // Beside the end, a zero counts by what follows it.
                if digits.allSatisfy({ $0 == UInt8(ascii: "0") }), precedesPrerelease(index) {
                    key.append(tag: isHyphenated ? Tag.hyphenBeforePrerelease : Tag.dotBeforePrerelease)
                } else {
                    key.append(tag: isHyphenated ? Tag.hyphen : Tag.dot)
                }
                key.append(digits: digits)
            case .qualifier(let name, let digits):
                let rank = Rank(name, hasDigits: digits != nil)
                key.append(tag: rank.isPrerelease ? Tag.prerelease : Tag.qualifier)
                key.append(tag: rank.rawValue)
                if rank == .unknown { key.append(word: name) }
                key.append(tag: digits == nil ? SortKey.Tag.end : SortKey.Tag.number)
                if let digits { key.append(digits: digits) }
            }
        }
        key.append(tag: Tag.end)
        return key
    }

    /// Whether the first thing of weight from here on is a prerelease qualifier.
    private func precedesPrerelease(_ index: Int) -> Bool {
        for token in tokens[index...] {
            switch token {
            case .number(let digits, _) where digits.allSatisfy { $0 == UInt8(ascii: "0") }: continue
            case .number: return false
            case .qualifier(let name, let digits): return Rank(name, hasDigits: digits != nil).isPrerelease
            }
        }
        return false
    }

    private enum Tag {
        static let prerelease: UInt8 = 0x10
        static let hyphenBeforePrerelease: UInt8 = 0x20
        static let dotBeforePrerelease: UInt8 = 0x22
        static let end: UInt8 = 0x30
        static let qualifier: UInt8 = 0x40
        static let hyphen: UInt8 = 0x50
        static let dot: UInt8 = 0x60
    }

    /// The order of qualifiers; what Maven does not know comes last, by the alphabet.
    private enum Rank: UInt8 {
        case alpha = 1, beta, milestone, candidate, snapshot, release, servicePack, unknown

        var isPrerelease: Bool { rawValue < Rank.release.rawValue }

        init(_ name: ArraySlice<UInt8>, hasDigits: Bool) {
            switch text(name) {
            case "alpha": self = .alpha
            case "a" where hasDigits: self = .alpha
            case "beta": self = .beta
            case "b" where hasDigits: self = .beta
            case "milestone": self = .milestone
            case "m" where hasDigits: self = .milestone
            case "rc", "cr": self = .candidate
            case "snapshot": self = .snapshot
            case "ga", "final", "release": self = .release
            case "sp": self = .servicePack
            default: self = .unknown
            }
        }
    }

    /// Before every version of this release, qualified ones included.
    static func start(of release: [Int]) -> Cut {
        var key = SortKey()
        for number in release.prefix(release.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0) {
            key.append(tag: Tag.dot)
            key.append(number: number)
        }
        return .before(key, named: Version(MavenVersion(release: release), dialect: .maven))
    }

    static func slice(_ numbers: [Int]) -> ReleaseSlice {
        ReleaseSlice(lower: start(of: numbers), first: nil, upper: start(of: following(numbers)))
    }
}
