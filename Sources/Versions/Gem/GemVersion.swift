//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A version as `Gem::Version` reads it: segments of digits or letters; a letter anywhere makes a prerelease,
/// and a hyphen stands for `.pre.`.
struct GemVersion: ParsedVersion {
    private(set) var segments: [ArraySlice<UInt8>] = []

    var isPrerelease: Bool { segments.contains { $0.first?.isLetter == true } }

    /// The numbers before the first letter.
    var release: [Int] {
        segments.prefix { $0.first?.isDigit == true }.map { integer($0) ?? .max }
    }

    var canonicalText: String { segments.map { text($0) }.joined(separator: ".") }

    var key: SortKey {
        // Zeros weigh nothing at the end of the release and at the end of all.
        let start = segments.firstIndex { $0.first?.isLetter == true } ?? segments.count
        let kept = Self.withoutZeros(segments[..<start]) + Self.withoutZeros(segments[start...])
        var key = SortKey()
        for (index, segment) in kept.enumerated() {
            if segment.first?.isLetter == true {
                key.append(tag: Tag.letters)
                key.append(word: segment)
            } else {
                // Beside nothing, zeros count by what follows them.
                let following = kept[index...].first { !$0.allSatisfy { $0 == UInt8(ascii: "0") } }
                key.append(tag: following?.first?.isLetter == true ? Tag.zeroBeforeLetters : Tag.number)
                key.append(digits: segment)
            }
        }
        key.append(tag: Tag.end)
        return key
    }

    private enum Tag {
        static let letters: UInt8 = 0x10
        static let zeroBeforeLetters: UInt8 = 0x20
        static let end: UInt8 = 0x30
        static let number: UInt8 = 0x40
    }

    init(release: [Int]) {
        segments = release.map { ArraySlice(String($0).utf8) }
    }

    init?(_ bytes: ArraySlice<UInt8>) {
        var scanner = ByteScanner(bytes)
        guard scanner.current?.isDigit == true else { return nil }
        var isHyphenated = false
        while !scanner.isAtEnd {
            let part = scanner.scan(while: \.isAlphanumeric)
            guard !part.isEmpty else { return nil }
            append(part)
            guard let separator = scanner.current else { break }
            switch separator {
            case UInt8(ascii: "-"):
                isHyphenated = true
                append(ArraySlice("pre".utf8))
            case UInt8(ascii: "."): break
            default: return nil
            }
            scanner.position += 1
            // A hyphen may stand behind a hyphen, but a dot needs a segment on each side.
            while isHyphenated, scanner.scan(UInt8(ascii: "-")) { append(ArraySlice("pre".utf8)) }
            guard !scanner.isAtEnd else { return nil }
        }
        guard release.allSatisfy({ $0 != .max }) else { return nil }
    }

    /// Cuts `rc10` into `rc` and `10`.
    private mutating func append(_ part: ArraySlice<UInt8>) {
        var rest = part
        while let first = rest.first {
            let run = rest.prefix { $0.isDigit == first.isDigit }
            segments.append(run)
            rest = rest.dropFirst(run.count)
        }
    }

    private static func withoutZeros(_ segments: ArraySlice<ArraySlice<UInt8>>) -> [ArraySlice<UInt8>] {
        var segments = segments
        while let last = segments.last, last.allSatisfy({ $0 == UInt8(ascii: "0") }) { segments.removeLast() }
        return Array(segments)
    }

    /// Before every version of this release, prereleases included.
    static func start(of release: [Int]) -> Cut {
        var key = SortKey()
        for number in release.prefix(release.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0) {
            key.append(tag: Tag.number)
            key.append(number: number)
        }
        return .before(key, named: Version(GemVersion(release: release), dialect: .rubygems))
    }

    static func slice(_ numbers: [Int]) -> ReleaseSlice {
        ReleaseSlice(
            lower: start(of: numbers), first: .before(Version(GemVersion(release: numbers), dialect: .rubygems)),
            upper: start(of: following(numbers)))
    }

    /// Reads `Gem::Requirement`s joined by commas; a bare version means `=`.
    static func requirements(_ bytes: ArraySlice<UInt8>) throws(ConstraintFault) -> ConstraintGroup {
        var group = ConstraintGroup()
        var namesPrerelease = false
        for clause in bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            var scanner = ByteScanner(trimmed(clause))
            let comparison = scanner.scan(firstOf: ["~>", "!=", ">=", "<=", ">", "<", "="]) ?? "="
            let operand = trimmed(scanner.bytes[scanner.position...])
            guard let gem = GemVersion(operand) else {
                throw ConstraintFault(
                    operand.isEmpty ? "a requirement is empty" : "\(quoted(text(operand))) is not a version")
            }
            let version = Version(gem, text: text(operand), dialect: .rubygems)
            switch comparison {
            case "~>":
                let fixed = gem.release.count > 1 ? Array(gem.release.dropLast()) : gem.release
                group.require(from: .before(version), to: start(of: following(fixed)))
            case "!=": group.exclude(from: .before(version), to: .after(version))
            case ">=": group.require(from: .before(version))
            case "<=": group.require(to: .after(version))
            case ">": group.require(from: .after(version))
            case "<": group.require(to: .before(version))
            default: group.require(.exactly(version))
            }
            namesPrerelease = namesPrerelease || gem.isPrerelease
        }
        group.admitPrereleases(namesPrerelease)
        return group
    }
}
