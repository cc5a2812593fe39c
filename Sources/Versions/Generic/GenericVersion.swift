//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Dotted numbers with an optional trailing tag: `3.28`, `v1.22.0-rc1`, `0.14.0-dev.2802+a1b2c3`, `21.0.2-tem`.
///
/// Zeros at the end have no weight, nor what follows a `+`. A tag that starts with a prerelease word comes before the
/// release, any other one after it.
struct GenericVersion: ParsedVersion {
    var release: [Int]
    var tag: ArraySlice<UInt8> = []

    /// Prerelease words by their weight.
    private static let stages: [[String]] = [
        ["canary", "dev", "git", "nightly", "snapshot", "trunk"], ["a", "alpha"], ["b", "beta"],
        ["ea", "m", "milestone", "pre", "preview"], ["c", "cr", "rc"],
    ]

    private var stage: Int? {
        let word = text(tag.prefix { $0.isLetter })
        return Self.stages.firstIndex { $0.contains(word) }
    }

    var isPrerelease: Bool { stage != nil }

    var canonicalText: String { dotted(release) }

    var key: SortKey {
        var key = releaseKey
        var scanner = ByteScanner(tag)
        if let stage {
            key.append(tag: UInt8(0x10 + stage))
            _ = scanner.scan(while: \.isLetter)
        } else {
            key.append(tag: tag.isEmpty ? 0x30 : 0x50)
        }
        while !scanner.isAtEnd {
            if let digits = scanner.scanDigits() {
                key.append(tag: SortKey.Tag.number)
                key.append(digits: digits)
            } else if scanner.current?.isLetter == true {
                key.append(tag: SortKey.Tag.word)
                key.append(word: scanner.scan(while: \.isLetter))
            } else {
                scanner.position += 1
            }
        }
        key.append(tag: SortKey.Tag.end)
        return key
    }

    private var releaseKey: SortKey {
        var key = SortKey()
        key.append(release: release)
        return key
    }

    init(release: [Int]) { self.release = release }

    init?(_ bytes: ArraySlice<UInt8>) {
        var scanner = ByteScanner(bytes.map(\.lowercased))
        _ = scanner.scan(UInt8(ascii: "v"))
        guard let numbers = scanner.scanRelease() else { return nil }
        release = numbers
        let isPart: (UInt8) -> Bool = { $0.isAlphanumeric || ".-_~".utf8.contains($0) }
        if scanner.current?.isLetter == true || "-_~.".utf8.contains(scanner.current ?? 0) {
            if scanner.current?.isLetter == false { scanner.position += 1 }
            tag = scanner.scan(while: isPart)
            guard tag.first?.isAlphanumeric == true else { return nil }
        }
        if scanner.scan(UInt8(ascii: "+")), scanner.scan(while: { isPart($0) || $0 == UInt8(ascii: "+") }).isEmpty {
            return nil
        }
        guard scanner.isAtEnd else { return nil }
    }

    /// Before the prereleases of this release.
    var start: Cut { .before(releaseKey, named: Version(self, dialect: .generic)) }

    static func slice(_ numbers: [Int]) -> ReleaseSlice {
        let first = GenericVersion(release: numbers)
        return ReleaseSlice(
            lower: first.start, first: .before(Version(first, dialect: .generic)),
            upper: GenericVersion(release: following(numbers)).start)
    }
}
