//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing
import Versions

@Suite struct RangeAlgebraTests {
    /// Dialect, two constraints, whether their intersection is empty, and its description.
    @Test(arguments: [
        (VersionDialect.pep440, ">=3.9", "<4.0,!=3.11", ">=3.9, <3.11 || >3.11, <4.0"),
        (.pep440, ">=3.12", "<3.10", "none"),
        (.pep440, "==3.11.*", ">=3.11.4", ">=3.11.4, <3.12"), (.pep440, "~=3.11", ">=3.13", ">=3.13, <4"),
        (.pep440, "===1.0", "===1.0.0", "none"),
        (.poetry, "^3.8", "~3.11 || ^4", ">=3.11, <3.12"),
        (.npm, "^18 || ^20", ">=18.17 <20.5", ">=18.17.0, <19.0.0 || >=20.0.0, <20.5.0"),
        (.npm, "^18", "^20", "none"), (.npm, ">=1.2.3", "<=1.2.3", "==1.2.3"), (.npm, ">1.2.3", "<1.2.4", "none"),
        (.cargo, "1.70", "<1.80", ">=1.70.0, <1.80.0"), (.rubygems, "~> 3.1", ">= 3.2.2", ">=3.2.2, <4"),
        (.composer, "^8.1", "~8.2.0", ">=8.2.0, <8.3"), (.composer, "^7.4", ">=8.0", "none"),
        (.debian, ">= 1.0", "<< 2.0", ">=1.0, <2.0"),
        (.debian, "<= 1.0", ">= 1.0", "==1.0"), (.debian, "<< 1.0", ">= 1.0", "none"),
        (.go, "1.22", "<1.24", ">=1.22, <1.24"),
        (.maven, "[11,)", "(,17]", ">=11, <=17"), (.maven, "[11,17)", "17", ">=11, <17"),
        (.generic, ">= 3.15", "3.20", ">=3.20, <3.21"),
    ])
    func intersects(dialect: VersionDialect, one: String, two: String, expected: String) throws {
        let first = try VersionRange(one, dialect: dialect)
        let second = try VersionRange(two, dialect: dialect)
        #expect(first.intersection(second).description == expected)
        #expect(second.intersection(first).description == expected)
        #expect(first.intersection(second).isEmpty == (expected == "none"))
        #expect(first.intersection(.any(dialect)) == first)
    }

    @Test(arguments: VersionDialect.allCases)
    func intersectionAdmitsWhatBothAdmit(dialect: VersionDialect) throws {
        let matches =
            (RangeMatchTests.python + RangeMatchTests.javaScript + RangeMatchTests.rust + RangeMatchTests.ruby
            + RangeMatchTests.php + RangeMatchTests.others).filter { $0.dialect == dialect }
        let ranges = try matches.map { match in try VersionRange(match.constraint, dialect: dialect) }
        let versions = try Set(matches.flatMap { $0.admitted + $0.refused }).map { text in
            try Version(text, dialect: dialect)
        }
        for one in ranges {
            for two in ranges {
                let both = one.intersection(two)
                for version in versions {
                    #expect(
                        both.contains(version) == (one.contains(version) && two.contains(version)),
                        "\(one), \(two), \(version)")
                    #expect(!both.isEmpty || !both.contains(version))
                }
            }
        }
    }

    @Test(
        arguments: [
            (VersionDialect.pep440, ">=3.9,<4.0", "3.9", "4.0"), (.pep440, "~=3.11.2", "3.11.2", "3.12"),
            (.pep440, "!=3.9", nil, nil),
            (.pep440, "==3.12.*", "3.12", "3.13"), (.npm, "^18.17 || >=20 <22", "18.17.0", "22.0.0"),
            (.npm, "^18 || >=20", "18.0.0", nil),
            (.go, "1.22", "1.22", nil), (.maven, "(,1.8]", nil, "1.8"), (.maven, "1.8", nil, nil),
            (.cargo, "1.70", "1.70.0", "2.0.0"),
        ] as [(VersionDialect, String, String?, String?)])
    func namesItsBounds(dialect: VersionDialect, text: String, lower: String?, upper: String?) throws {
        let range = try VersionRange(text, dialect: dialect)
        #expect(range.lowerBound?.text == lower)
        #expect(range.upperBound?.text == upper)
    }

    @Test func keepsMavensSoftRequirementAsARecommendation() throws {
        #expect(try VersionRange("1.8", dialect: .maven).recommended?.text == "1.8")
        #expect(try VersionRange("[1.8,)", dialect: .maven).recommended == nil)
    }

    /// Dialect, constraint, releases that it admits some version of, releases that it admits none of.
    @Test(arguments: [
        (VersionDialect.pep440, ">=3.10,<3.13", "3 3.10 3.11 3.12 3.12.4", "3.9 3.13 2 4"),
        (.pep440, ">3.11", "3.11 3.12", "3.10"),
        (.pep440, "<3.11", "3.10", "3.11"), (.pep440, "!=3.11.*", "3.10 3.12", "3.11 3.11.4"),
        (.pep440, "==3.11.4", "3.11", "3.12"),
        (.pep440, ">=3.13.0rc1,<3.13.0rc3", "3.13", "3.12 3.14"), (.poetry, "^3.8", "3.8 3.14", "3.7 4"),
        (.npm, "^18.17 || >=20", "18 20 22.1", "17 19 18.16"), (.npm, "<18.0.0", "17", "18"),
        (.npm, ">1.2.3 <1.2.4", "", "1.2 1"),
        (.npm, ">=18.0.0-rc.1 <18.0.0", "18", "17"), (.cargo, "1.70", "1.70 1.85", "1.69 2"),
        (.rubygems, "~> 3.2", "3.2 3.4", "3.1 4"),
        (.composer, "~8.1", "8.1 8.4", "8.0 9"), (.composer, "^8.2@dev", "8.2", "8.1 9"),
        (.debian, "<< 3.12", "3.11 3.12", "3.13"),
        (.go, "1.22.3", "1.22 1.23", "1.21 1.22.2"), (.maven, "[11,17]", "11 17", "10 18 17.0.1"),
        (.generic, ">= 3.15, < 4", "3 3.15 3.99", "3.14 4"),
    ])
    func tellsWhichReleasesItReaches(dialect: VersionDialect, text: String, reached: String, missed: String) throws {
        let range = try VersionRange(text, dialect: dialect)
        for release in reached.split(separator: " ") {
            #expect(range.admitsSome(release: String(release)), "\(text), \(release)")
        }
        for release in missed.split(separator: " ") {
            #expect(!range.admitsSome(release: String(release)), "\(text), \(release)")
        }
        for junk in ["", "x", "3.", ".3", "3.11rc1", "99999999999999999999"] {
            #expect(!range.admitsSome(release: junk))
        }
    }

    @Test(
        arguments: [
            (
                VersionDialect.pep440,
                ["1.0", "=1.0", "~1", "^1", "~=1", ">=1.*", "==1.0a1.*", ">=1.0+x", ">", "==1.*.*", ">=1 <2"]
            ),
            (.poetry, ["", "||", "^", "^x", "~=1", ">=1 ||"]),
            (
                .npm,
                [
                    ">=", "1.2.3 ||| 2", "1 | 2", ">=1,<2", "latest", "1.2.3.4", ">=01.2.3", "1.2-beta", ">=1 - 2",
                    "node >= 6", ">=1.0.0<2.0.0",
                ]
            ),
            (
                .cargo,
                [
                    "", "> 0.1.0,", "1.2.3 - 2.3.4", "> 0.0.9 <= 2.5.3", "1 || 2", "*.1", "1.*.1", ">= >= 1", "*, 1",
                    "1.2.3-01", "v1",
                ]
            ),
            (.rubygems, ["", ">= ", "=> 1", "~>1,", "^1", "1 || 2"]),
            (.composer, ["", "dev-main", "~>1.0", ">=", "1.0@foo", "^*", "^8 ||", "1.* - 2.*"]),
            (.debian, ["", ">=", "1.0 | 2.0", "=> 1", ">= 1_0"]), (.go, ["", ">=", "^1.22", "1.22 || 1.23", "latest"]),
            (.maven, ["", "[1.0", "(1.0)", "[2.0,1.0]", "[1,2,3]", "[1.0)", "[1.0],", "[1.0]2", "1 2"]),
            (.generic, ["", ">=", "1 ||", ",1", "latest", ">=1.x", "1 &"]),
        ] as [(VersionDialect, [String])])
    func refusesWhatIsNoConstraint(dialect: VersionDialect, texts: [String]) {
        for text in texts {
            #expect("\(text)") { try VersionRange(text, dialect: dialect) } throws: { error in
                guard case .malformedConstraint(text, dialect, _)? = error as? VersionError else { return false }
                return true
            }
        }
    }

    /// Every text over a small alphabet of what parsers trip over is read or refused, in bounded time.
    @Test(arguments: VersionDialect.allCases)
    func survivesHostileText(dialect: VersionDialect) {
        let parts = [
            "1", "0", "999999999999999999999", ".", "-", "*", "x", "~", ">", "=", "<", "|", ",", " ", "[", ")", "@",
            "a", "é", "\0", "+", "!",
        ]
        var state: UInt64 = 42
        for _ in 0..<4000 {
            var text = ""
            for _ in 0..<(state >> 33) % 12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += parts[Int((state >> 33) % UInt64(parts.count))]
            }
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let version = try? Version(text, dialect: dialect)
            let range = try? VersionRange(text, dialect: dialect)
            if let version, let range { _ = range.contains(version) }
            if let range { #expect(range.intersection(range).isEmpty == range.isEmpty, "\(text)") }
            _ = range?.description
        }
        _ = try? VersionRange(String(repeating: "!=1,", count: 1000), dialect: dialect)
        _ = try? VersionRange(String(repeating: "1||", count: 1300), dialect: dialect)
        _ = try? Version(String(repeating: "-1", count: 250), dialect: dialect)
    }
}
