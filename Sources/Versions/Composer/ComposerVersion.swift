//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A version as [Composer](https://getcomposer.org/doc/articles/versions.md) normalises it: four numbers, or a date,
/// with a stability. Branches other than numeric ones (`dev-main`) have no order and are not read.
struct ComposerVersion: ParsedVersion {
    enum Modifier: UInt8 { case alpha = 0x11, beta, candidate, patch = 0x50 }

    /// The numbers as written.
    var numbers: [Int]
    var isDate = false
    var modifier: Modifier?
    var modifierNumbers: [Int] = []
    var isDevelopment = false
    /// Whether a stability is spelled out, `-stable` included.
    var hasSuffix = false

    /// What stands for `x` in the numeric branch `1.x-dev`.
    private static let branchNumber = 9_999_999

    var release: [Int] { numbers }

    var isPrerelease: Bool { stability < Version.stable }

    var stability: Int {
        if isDevelopment { return 0 }
        switch modifier {
        case .alpha: return 1
        case .beta: return 2
        case .candidate: return 3
        case .patch, nil: return Version.stable
        }
    }

    var key: SortKey {
        var key = releaseKey
        if let modifier {
            key.append(tag: modifier.rawValue)
            for number in modifierNumbers {
                key.append(tag: SortKey.Tag.number)
                key.append(number: number)
            }
        }
        if isDevelopment { key.append(tag: 0x10) }
        key.append(tag: 0x30)
        return key
    }

    private var releaseKey: SortKey {
        var key = SortKey()
        for number in isDate ? numbers : Array((numbers + [0, 0, 0, 0]).prefix(4)) {
            key.append(tag: SortKey.Tag.number)
            key.append(number: number)
        }
        return key
    }

    var canonicalText: String { dotted(numbers) }

    init(release: [Int]) { numbers = release }

    init?(_ bytes: ArraySlice<UInt8>) {
        var scanner = ByteScanner(bytes.map(\.lowercased))
        _ = scanner.scan(UInt8(ascii: "v"))
        guard let version = scanner.scanComposerVersion(), scanner.isAtEnd else { return nil }
        self = version
    }

    /// Before the development versions of this release.
    var start: Cut { .before(releaseKey, named: Version(self, dialect: .composer)) }

    static func slice(_ numbers: [Int]) -> ReleaseSlice? {
        guard numbers.count <= 4 else { return nil }
        let first = ComposerVersion(release: numbers)
        return ReleaseSlice(
            lower: first.start, first: .before(Version(first, dialect: .composer)),
            upper: ComposerVersion(release: following(numbers)).start)
    }

    fileprivate mutating func fillBranch() {
        numbers += Array(repeating: Self.branchNumber, count: max(0, 4 - numbers.count))
        isDevelopment = true
        hasSuffix = true
    }
}

extension ByteScanner {
    /// Reads a version in lower case; what does not belong to it is left standing.
    fileprivate mutating func scanComposerVersion() -> ComposerVersion? {
        let start = position
        guard let first = scanDigits() else { return nil }
        let isDate =
            first.count > 5
            || (first.count == 4 && peek(1)?.isDigit == true && peek(2)?.isDigit == true
                && (current == UInt8(ascii: "-") || current == UInt8(ascii: ":")))
        position = start
        guard let numbers = isDate ? scanDate() : scanRelease(atMost: 4) else { return nil }
        var version = ComposerVersion(release: numbers)
        version.isDate = isDate
        if scan(".x-dev") || scan(".x.x-dev") || scan(".x.x.x-dev") || scan(".*-dev") {
            version.fillBranch()
            return version
        }
        guard scanSuffix(into: &version) else { return nil }
        if scan(UInt8(ascii: "+")) {
            guard !scan(while: { !$0.isSpace && $0 != UInt8(ascii: ",") }).isEmpty else { return nil }
        }
        return version
    }

    private mutating func scanDate() -> [Int]? {
        guard let year = scanInteger() else { return nil }
        var numbers = [year]
        while let separator = current, [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":")].contains(separator),
            peek(1)?.isDigit == true, numbers.count < 8
        {
            position += 1
            guard let number = scanInteger() else { return nil }
            numbers.append(number)
        }
        return numbers
    }

    private mutating func scanSuffix(into version: inout ComposerVersion) -> Bool {
        let start = position
        _ = scan(UInt8(ascii: ".")) || scan(UInt8(ascii: "_")) || scan(UInt8(ascii: "-"))
        switch scan(firstOf: ["stable", "beta", "b", "rc", "alpha", "a", "patch", "pl", "p"]) {
        case nil: position = start
        case "stable": version.hasSuffix = true
        case "beta", "b": version.modifier = .beta
        case "rc": version.modifier = .candidate
        case "alpha", "a": version.modifier = .alpha
        case .some: version.modifier = .patch
        }
        if version.modifier != nil {
            version.hasSuffix = true
            var mark = position
            _ = scan(UInt8(ascii: ".")) || scan(UInt8(ascii: "-"))
            while current?.isDigit == true {
                guard let number = scanInteger() else { return false }
                version.modifierNumbers.append(number)
                mark = position
                _ = scan(UInt8(ascii: ".")) || scan(UInt8(ascii: "-"))
            }
            position = mark
        }
        let mark = position
        _ = scan(UInt8(ascii: ".")) || scan(UInt8(ascii: "-")) || scan(UInt8(ascii: "_"))
        if scan("dev") {
            version.isDevelopment = true
            version.hasSuffix = true
        } else {
            position = mark
        }
        return true
    }
}
