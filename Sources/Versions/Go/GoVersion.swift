//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A Go toolchain or language version (`1.22`, `go1.21rc2`, `1.22.3`) or a module version (`v1.2.3`).
///
/// Since 1.21, `1.21` is the language, which comes before `1.21rc1` and that before the release `1.21.0`; before, `1.20`
/// is the release itself ([Go toolchains](https://go.dev/doc/toolchain)).
struct GoVersion: ParsedVersion {
    enum Stage: UInt8 { case alpha = 1, beta, candidate }

    var release: [Int]
    var stage: Stage?
    var stageNumber = 0
    /// What a module version says behind the hyphen.
    var prerelease: ArraySlice<UInt8> = []

    var isPrerelease: Bool { stage != nil || !prerelease.isEmpty }

    var canonicalText: String { dotted(release) }

    var key: SortKey {
        var key = SortKey()
        key.append(number: release[0])
        key.append(number: release.count > 1 ? release[1] : 0)
        if let stage {
            key.append(tag: Tag.stage)
            key.append(tag: stage.rawValue)
            key.append(number: stageNumber)
        } else if release.count > 2 || release.count == 1 || release[1] < 21 {
            key.append(tag: Tag.patch)
            key.append(number: release.count > 2 ? release[2] : 0)
            key.append(identifiers: prerelease)
        } else {
            key.append(tag: Tag.language)
        }
        return key
    }

    private enum Tag {
        static let language: UInt8 = 0x10
        static let stage: UInt8 = 0x20
        static let patch: UInt8 = 0x30
    }

    init(release: [Int]) { self.release = release }

    init?(_ bytes: ArraySlice<UInt8>) {
        var scanner = ByteScanner(bytes)
        let isModule = scanner.scan(UInt8(ascii: "v"))
        if !isModule { _ = scanner.scan("go") }
        guard let numbers = scanner.scanRelease(atMost: 3) else { return nil }
        release = numbers
        guard isModule ? readModule(&scanner) : readToolchain(&scanner) else { return nil }
    }

    /// `v1`, `v1.2` and `v1.2.3-pre+build`.
    private mutating func readModule(_ scanner: inout ByteScanner) -> Bool {
        if release.count < 3 {
            release = Array((release + [0, 0]).prefix(3))
            return scanner.isAtEnd
        }
        let isIdentifier: (UInt8) -> Bool = { $0.isAlphanumeric || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
        if scanner.scan(UInt8(ascii: "-")) {
            prerelease = scanner.scan(while: isIdentifier)
            let parts = prerelease.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            guard parts.allSatisfy({ !$0.isEmpty }) else { return false }
        }
        if scanner.scan(UInt8(ascii: "+")), scanner.scan(while: isIdentifier).isEmpty { return false }
        return scanner.isAtEnd
    }

    /// `1.21rc2`, and a vendor's suffix such as `1.22.3-acme`, which has no weight.
    private mutating func readToolchain(_ scanner: inout ByteScanner) -> Bool {
        if let word = scanner.scan(firstOf: ["alpha", "beta", "rc"]) {
            guard release.count == 2, let number = scanner.scanInteger() else { return false }
            stage = word == "alpha" ? .alpha : word == "beta" ? .beta : .candidate
            stageNumber = number
        }
        if scanner.scan(UInt8(ascii: "-")) {
            guard !scanner.scan(while: { $0.isAlphanumeric || ".-_".utf8.contains($0) }).isEmpty else { return false }
        }
        return scanner.isAtEnd
    }

    static func slice(_ numbers: [Int]) -> ReleaseSlice? {
        guard numbers.count <= 3 else { return nil }
        var key = SortKey()
        for number in numbers.prefix(2) { key.append(number: number) }
        if numbers.count == 3 {
            key.append(tag: Tag.patch)
            key.append(number: numbers[2])
        }
        return ReleaseSlice(
            lower: .before(key, named: Version(GoVersion(release: numbers), dialect: .go)), first: nil,
            upper: .before(
                key.aboveAllThatStartWithIt, named: Version(GoVersion(release: following(numbers)), dialect: .go)))
    }

    /// Reads comparisons joined by commas or spaces. A bare version is a minimum, as in `go.mod`; `1.22.x` is every
    /// version of that release.
    static func constraint(_ bytes: ArraySlice<UInt8>) throws(ConstraintFault) -> ConstraintGroup {
        var group = ConstraintGroup()
        var scanner = ByteScanner(bytes)
        guard !scanner.isAtEnd else { throw ConstraintFault("it is empty") }
        while !scanner.isAtEnd {
            let comparison = scanner.scan(firstOf: [">=", "<=", "!=", "==", "=", ">", "<"])
            scanner.skipSpaces()
            let operand = scanner.scan { !$0.isSpace && $0 != UInt8(ascii: ",") }
            if comparison == nil,
                operand.suffix(2).elementsEqual(".x".utf8) || operand.suffix(2).elementsEqual(".*".utf8)
            {
                guard let slice = VersionDialect.go.intervals(release: text(operand.dropLast(2))) else {
                    throw ConstraintFault("\(quoted(text(operand))) is not a version")
                }
                group.require(slice.interval)
            } else {
                guard let go = GoVersion(operand) else {
                    throw ConstraintFault(
                        operand.isEmpty ? "a comparison has no version" : "\(quoted(text(operand))) is not a version")
                }
                group.require(comparison ?? ">=", Version(go, text: text(operand), dialect: .go))
            }
            scanner.skipSpaces()
            _ = scanner.scan(UInt8(ascii: ","))
            scanner.skipSpaces()
        }
        return group
    }
}

extension ConstraintGroup {
    /// Adds a comparison that means what the order says.
    mutating func require(_ comparison: String, _ version: Version) {
        switch comparison {
        case ">=": require(from: .before(version))
        case "<=": require(to: .after(version))
        case ">": require(from: .after(version))
        case "<": require(to: .before(version))
        case "!=": exclude(from: .before(version), to: .after(version))
        default: require(.exactly(version))
        }
    }
}

extension SortKey {
    /// The dotted identifiers of a semantic prerelease; none at all comes last.
    fileprivate mutating func append(identifiers: ArraySlice<UInt8>) {
        guard !identifiers.isEmpty else { return append(tag: Tag.none) }
        for identifier in identifiers.split(separator: UInt8(ascii: ".")) {
            if identifier.allSatisfy(\.isDigit) {
                append(tag: 0x10)
                append(digits: identifier)
            } else {
                append(tag: 0x20)
                append(word: identifier)
            }
        }
        append(tag: Tag.end)
    }
}
