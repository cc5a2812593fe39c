//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing
import Versions

@Suite struct VersionTests {
    @Test(arguments: Chain.all)
    func ordersEveryPairOfAChain(chain: Chain) throws {
        let versions = try chain.groups.map { group in
            try group.map { text throws(VersionError) in try Version(text, dialect: chain.dialect) }
        }
        for (index, group) in versions.enumerated() {
            for version in group {
                for equal in group {
                    #expect(version == equal, "\(version) and \(equal)")
                    #expect(version.hashValue == equal.hashValue, "\(version) and \(equal)")
                    #expect(!(version < equal), "\(version) and \(equal)")
                }
                for later in versions[(index + 1)...].joined() {
                    #expect(version < later, "\(version) and \(later)")
                    #expect(!(later < version), "\(later) and \(version)")
                    #expect(version != later, "\(version) and \(later)")
                }
            }
        }
    }

    @Test(arguments: VersionDialect.allCases)
    func keepsDialectsApart(dialect: VersionDialect) throws {
        let version = try Version("1.2.3", dialect: dialect)
        for other in VersionDialect.allCases where other != dialect {
            let second = try Version("1.2.3", dialect: other)
            #expect(version != second)
            #expect((version < second) != (second < version))
            #expect(!VersionRange.any(other).contains(version))
        }
    }

    @Test(arguments: refused)
    func refusesWhatIsNoVersion(dialect: VersionDialect, texts: [String]) {
        for text in texts {
            #expect(throws: VersionError.malformedVersion(text, dialect), "\(text)") {
                try Version(text, dialect: dialect)
            }
        }
    }

    @Test(arguments: [
        (VersionDialect.pep440, "1.0a1", true), (.pep440, "1.0.dev3", true), (.pep440, "1.0.post1", false),
        (.pep440, "1.0+local", false), (.npm, "1.0.0-0", true), (.npm, "1.0.0+build", false),
        (.cargo, "1.0.0-rc.1", true),
        (.rubygems, "3.4.0.preview1", true), (.rubygems, "3.4.0", false), (.composer, "1.0-p1", false),
        (.composer, "1.0-RC1", true), (.composer, "2.1.x-dev", true), (.debian, "3.14.0~rc1-1", true),
        (.debian, "1.0~bpo12+1", false), (.go, "1.22rc1", true), (.go, "1.22", false), (.go, "v1.2.3-0.2020-abc", true),
        (.maven, "1.0-SNAPSHOT", true), (.maven, "1.0-jre", false), (.maven, "1.0-m2", true), (.maven, "1.0-m", false),
        (.generic, "0.14.0-dev.2802+a1b2", true), (.generic, "21.0.2-tem", false), (.generic, "1.16.2-otp-26", false),
    ])
    func tellsPrereleases(dialect: VersionDialect, text: String, expected: Bool) throws {
        #expect(try Version(text, dialect: dialect).isPrerelease == expected)
    }

    @Test(arguments: [
        (VersionDialect.pep440, "1!2.0.3rc1", [2, 0, 3]), (.npm, "v1.2.3-rc.1", [1, 2, 3]),
        (.rubygems, "3.3.0.rc1", [3, 3, 0]),
        (.composer, "v8.1", [8, 1]), (.debian, "2:3.11.2-1+b1", [3, 11, 2]), (.go, "go1.22.3", [1, 22, 3]),
        (.go, "1.21rc2", [1, 21]), (.maven, "1.8.0-jre", [1, 8, 0]), (.generic, "v3.28.1-rc2", [3, 28, 1]),
        (.debian, "99999999999999999999.1", [.max, 1]),
    ])
    func givesTheReleaseNumbers(dialect: VersionDialect, text: String, expected: [Int]) throws {
        #expect(try Version(text, dialect: dialect).release == expected)
    }

    @Test func keepsTheTextAsWritten() throws {
        #expect(try Version(" v1.0.0 ", dialect: .npm).description == " v1.0.0 ")
    }

    @Test(arguments: VersionDialect.allCases)
    func refusesATextWithoutBounds(dialect: VersionDialect) {
        let text = String(repeating: "1.", count: 5000) + "1"
        #expect(throws: VersionError.tooLong(bytes: 10_001, limit: 512)) { try Version(text, dialect: dialect) }
        #expect(throws: VersionError.tooLong(bytes: 10_001, limit: 4096)) { try VersionRange(text, dialect: dialect) }
    }

    @Test func describesErrorsForATerminal() {
        #expect(
            VersionError.malformedVersion("1\u{1B}[31m", .pep440).description
                == "`1\\u{1b}[31m` is not a version (PEP 440)")
        #expect(
            VersionError.malformedConstraint(">=", .npm, reason: "`>=` has no version").description
                == "`>=` is not a version constraint (npm): `>=` has no version")
    }

    static let refused: [(VersionDialect, [String])] = [
        (
            .pep440,
            ["", "french toast", "1.0-", "1..2", "1.0+", "1.0+a..b", "v", "1!", "!1", "1.0.post1a1", "1.0a1b2", "1.*"]
        ),
        (.poetry, ["", "^1.0", "1.x"]),
        (.npm, ["", "1", "1.2", "01.2.3", "1.2.3-01", "1.2.3-", "1.2.3.4", "=1.2.3", "x", "9007199254740992.0.0"]),
        (.cargo, ["", "1.2", "v1.2.3", "1.2.3-01", "1.2.3+", "1.2.x"]),
        (.rubygems, ["", "a.1", "1.", "1..2", "1.0_1", "1 2", "1.0-", "1.-2"]),
        (.composer, ["", "dev-main", "1.0-foo", "a", "1.0.0.0.0", "feature-dev"]),
        (.debian, ["", "1.0-", ":1.0", "a:1.0", "1.0_1", "1.0-1_2", "1 0", "4294967296:1", "1.0/2", "-1"]),
        (.go, ["", "1.x", "1.21rc", "1.21.0rc1", "1.2.3.4", "v1.2-rc1", "v1.2.3-", "v1.2.3-a..b", "go"]),
        (.maven, ["", "[1.0]", "1,2", "1 2"]),
        (.generic, ["", "tem-21", "1..2", "1.0-", "1.0+", "1.0 rc1", "latest"]),
    ]
}

/// Versions in rising order; those of one group are equal.
struct Chain: CustomTestStringConvertible, Sendable {
    let dialect: VersionDialect
    let groups: [[String]]

    /// Groups are parted by spaces, equal spellings by `=`.
    init(_ dialect: VersionDialect, _ text: String) {
        self.dialect = dialect
        groups = text.split(separator: " ").map { $0.split(separator: "=").map(String.init) }
    }

    var testDescription: String { "\(dialect) \(groups.first?.first ?? "")" }

    static let all: [Chain] = [
        Chain(
            .pep440,
            """
            0 1.dev0=1.0.dev=1.0.0.dev0 1.0.dev456 1.0a1.dev1 1.0a1=1.0-alpha.1=1.0_ALPHA1 1.0a1.post1.dev2 1.0a1.post1 1.0a2 \
            1.0a12.dev456 1.0a12 1.0b1.dev456 1.0b2 1.0b2.post345.dev456 1.0b2.post345 1.0rc1.dev456 1.0rc1=1.0c1=1.0-preview1 \
            1=1.0=1.0.0=v1.0=01.0 1.0+abc 1.0+abc.5=1.0+ABC-5 1.0+abc.7 1.0+5 1.0+5.1 1.0.post0.dev1 1.0.post0=1.0.post=1.0-r \
            1.0.post456.dev34 1.0.post456=1.0-456=1.0.rev456 1.0.15 1.1.dev1 1.1 1.10 2 10 20260101 1!0.1 1!1.0 2!0
            """),
        Chain(
            .npm,
            """
            0.0.0-0 0.0.0 0.9.9 1.0.0-1 1.0.0-2 1.0.0-10 1.0.0-99999999999999999999 1.0.0-alpha=v1.0.0-alpha+b 1.0.0-alpha.1 \
            1.0.0-alpha.beta 1.0.0-alpha-1 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0=1.0.0+a=v1.0.0+b 1.0.1 1.2.0 \
            1.10.0 2.0.0 9007199254740991.0.0
            """),
        Chain(.cargo, "0.1.0 0.1.1-alpha 0.1.1 1.0.0-alpha.1 1.0.0-alpha.2 1.0.0=1.0.0+20130313 1.85.0 1.85.1"),
        Chain(
            .rubygems,
            """
            0=0.0 0.9 1.0.a.2 1.0.a9 1.0.a10=1.0.a.10=1.a10 1.0.b1 1.0.0-rc1=1.0.0.pre.rc1 1.0.0-1=1.0.pre.1 1.0.rc1 1=1.0=1.0.0 \
            1.0.0.1 1.0.1.a 1.0.1 1.8.2.a 1.8.2.a9 1.8.2.a10 1.8.2.b 1.8.2=1.8.2.0 1.9.0.a 1.9 3.10
            """),
        Chain(.rubygems, "1.b.0.a 1.b.0.0.a 1.b=1.b.0 1.b.0.0.1 1.b.0.1 1.b.1 1.0.1"),
        Chain(
            .composer,
            """
            1.0-dev=1.0.0.0-dev 1.0-alpha1-dev 1.0-alpha1=1.0.0-a1=v1.0.0.0-ALPHA.1 1.0-alpha2 1.0-alpha10 1.0-beta1=1.0b1 1.0-RC1=1.0rc1 \
            1=1.0=1.0.0.0=v1.0.0=1.0-stable=1.0+build 1.0-p1=1.0-patch1=1.0-pl1 1.0-p2 1.0.0.1 1.0.1 1.1 1.x-dev=1.9999999.x-dev 2.0-dev 2.0
            """),
        Chain(.composer, "20100101 20100102 20100102-p1"),
        Chain(
            .debian,
            """
            0 1.0~~ 1.0~~a 1.0~ 1.0~rc1-1 1.0~rc1-2 1.0=0:1.0=1.0-0=00:1.0=1.00 1.0-0+b1 1.0-1~bpo12+1 1.0-1=1.0-01 1.0-1+b1 1.0-1.1 \
            1.0-2 1.0-10 1.0a=1.0a0 1.0a1 1.0z 1.0+b1 1.0-1-1 1.0.1 1.2 1.10 99999999999999999999998 99999999999999999999999.1 1:0.9 2:0
            """),
        Chain(
            .go,
            """
            1.4 1.9.7 1.20rc1 1.20=1.20.0=go1.20 1.20.1 1.21=go1.21 1.21beta1 1.21rc1 1.21rc2 1.21rc10 1.21.0=v1.21.0=1.21.0-acme \
            1.21.1 1.22 1.22.3 1.22.10 2=2.0=v2=v2.0.0
            """),
        Chain(
            .go,
            "v1.2.3-0.20191109021931-daa7c04131f5 v1.2.3-alpha v1.2.3-alpha.1 v1.2.3-beta v1.2.3=v1.2.3+incompatible v1.3"
        ),
        Chain(
            .maven,
            """
            1-alpha2snapshot 1-alpha2=1a2=1-alpha-2=1.0-ALPHA-2 1-alpha-123 1-beta-2=1b2 1-beta123 1-m2=1-milestone-2 1-m11 \
            1-rc=1cr=1.0-0.rc 1-cr2=1-rc-2 1-rc123 1-SNAPSHOT=1.snapshot 1=1.0=1-0=1.ga=1-final=1.0.RELEASE=1.=1-=1.0.0-0.0.0 1-sp=1.sp \
            1-sp2 1-sp123 1-abc 1-def 1-foo-1 1-foo-2 1-pom-1 1x 1-1-snapshot 1-1 1-2 1-123 1.0.0-1 1.0.1 1.1
            """),
        Chain(
            .maven,
            """
            2.0 2.0.a=2-a=2.0.0.a 2-1 2.0.2 2.0.123 2.1.0 2.1-a 2.1b 2.1-c 2.1-1 2.1.0.1 2.2 2.123 11.a2 11.a11 11.b2 11.b11 \
            11.m2 11.m11 11 11.a 11b 11c 11m
            """),
        Chain(
            .maven,
            "1.0.RC2 1.0-RC3 1.0 1.0.1 1.7 1.8.0_202 1.8.0_392 1.8.1 9 11.0.2 17 20190126.230843 12345678901234567890"),
        Chain(
            .generic,
            """
            0.14.0-dev.7 0.14.0-dev.2802=0.14.0-dev.2802+a1b2 0.14.0-alpha1=0.14.0a1 0.14.0-beta 0.14.0-preview2 0.14.0-rc1=0.14rc.1 0.14.0-rc2 \
            0.14=0.14.0=v0.14 0.14-otp-26 0.14.0.1 0.15 1.0 3.15 3.28.1 8 8u392 10 26.2.5.2 99991231
            """),
    ]
}
