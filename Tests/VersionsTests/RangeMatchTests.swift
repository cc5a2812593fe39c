//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing
import Versions

/// What one constraint admits and what it does not; versions are parted by spaces.
struct Match: CustomTestStringConvertible, Sendable {
    let dialect: VersionDialect
    let constraint: String
    let admitted: [String]
    let refused: [String]

    init(_ dialect: VersionDialect, _ constraint: String, in admitted: String = "", out refused: String = "") {
        self.dialect = dialect
        self.constraint = constraint
        self.admitted = admitted.split(separator: " ").map(String.init)
        self.refused = refused.split(separator: " ").map(String.init)
    }

    var testDescription: String { "\(dialect) \(constraint)" }
}

@Suite struct RangeMatchTests {
    @Test(arguments: python + javaScript + rust + ruby + php + others)
    func admitsWhatTheDialectSays(match: Match) throws {
        let range = try VersionRange(match.constraint, dialect: match.dialect)
        for text in match.admitted + match.refused {
            let version = try Version(text, dialect: match.dialect)
            #expect(range.contains(version) == match.admitted.contains(text), "\(match.constraint) and \(text)")
            #expect(range.contains(text) == range.contains(version))
        }
    }

    static let python: [Match] = [
        Match(.pep440, "", in: "0 1.0 2!1", out: "1.0a1 1.dev0"),
        Match(.pep440, ">=3.10,<4.0", in: "3.10 3.10.0 3.13.5 3.99", out: "3.9.18 4.0 4.0rc1 3.13.0rc1 1!3.11"),
        Match(.pep440, ">=3.8, !=3.9.0, !=3.14.1,", in: "3.8 3.9.1 3.14.0", out: "3.9 3.9.0 3.14.1 3.7"),
        Match(.pep440, "~=3.11", in: "3.11 3.14", out: "3.10 4.0 4.0.dev1"),
        Match(.pep440, "~=2.2.0", in: "2.2.0 2.2.99", out: "2.3 2.1"),
        Match(.pep440, "~=2.2.post3", in: "2.2.post3 2.3", out: "2.2 3.0"),
        Match(.pep440, "~=1.4.5a4", in: "1.4.5a4 1.4.5 1.4.9b1", out: "1.4.5a3 1.5"),
        Match(.pep440, "==1.1", in: "1.1 1.1.0 1.1+local 1.1.0.0", out: "1.1.post1 1.1a1 1.1.dev1 1.1.1"),
        Match(.pep440, "==1.1+local.1", in: "1.1+local.1 1.1.0+LOCAL-1", out: "1.1 1.1+local"),
        Match(.pep440, "==1.1.*", in: "1.1 1.1.0 1.1.post1 1.1.7+x", out: "1.1a1 1.10 1.2 1"),
        Match(.pep440, "==1.0.*", in: "1 1.0 1.0.5", out: "1.1 0.9"),
        Match(.pep440, "!=1.1.*", in: "1.0 1.2 1.10", out: "1.1 1.1.5 1.1.post1"),
        Match(.pep440, "!=1.1", in: "1.1.post1 1.1.1 1.0", out: "1.1 1.1.0 1.1+x"),
        Match(.pep440, "===1.0", in: "1.0", out: "1.0.0 1"),
        Match(.pep440, "===1.0+Ubuntu", in: "1.0+ubuntu", out: "1.0"),
        Match(.pep440, ">1.7", in: "1.7.1 1.8", out: "1.7 1.7.0.post1 1.7+x 1.7.0"),
        Match(.pep440, ">1.7.post2", in: "1.7.1 1.7.post3", out: "1.7.0 1.7.post2 1.7.post2+x"),
        Match(.pep440, "<1.0", in: "0.9 0.9.post1", out: "1.0 1.0rc1 1.0.dev1"),
        Match(.pep440, "<1.0rc2", in: "1.0rc1 1.0a1 0.9", out: "1.0rc2 1.0"),
        Match(.pep440, "<=1.0", in: "1.0 1.0+x", out: "1.0.post1"),
        Match(.pep440, ">=3.13.0rc1", in: "3.13.0rc1 3.13.0rc2 3.13 3.14.0a1", out: "3.13.0b4"),
        Match(.poetry, "^3.10", in: "3.10 3.13.5", out: "3.9 4.0 4.0.0a1 3.13.0rc1"),
        Match(.poetry, "^0.2.3", in: "0.2.3 0.2.9", out: "0.3 0.2.2"),
        Match(.poetry, "^0.0.3", in: "0.0.3", out: "0.0.4"),
        Match(.poetry, "^0.0", in: "0.0.9", out: "0.1"), Match(.poetry, "^0", in: "0.9", out: "1.0"),
        Match(.poetry, "~3.11", in: "3.11 3.11.9", out: "3.12 3.10"), Match(.poetry, "~3", in: "3.14", out: "4"),
        Match(.poetry, "~1.2.3", in: "1.2.3 1.2.9", out: "1.3"), Match(.poetry, "~=3.11", in: "3.14", out: "4.0"),
        Match(.poetry, "*", in: "0.1 9", out: "1a1"), Match(.poetry, "3.*", in: "3.0 3.14", out: "4.0 2.7"),
        Match(.poetry, "3.11", in: "3.11 3.11.0", out: "3.11.1"),
        Match(.poetry, ">=3.8 <3.9 || >=3.10,<4", in: "3.8.5 3.10 3.99", out: "3.9.1 4.0"),
        Match(.poetry, "2.7.* | ^3.6", in: "2.7.18 3.13", out: "2.6 3.5"),
        Match(.poetry, ">=3.9,<3.9.7 || >3.9.7,<4.0", in: "3.9.6 3.9.8", out: "3.9.7 3.8"),
        Match(.poetry, "!=3.11.*,>=3.10", in: "3.10.4 3.12", out: "3.11.0 3.9"),
        Match(.poetry, "<>1.0", in: "1.1", out: "1.0"),
    ]

    static let javaScript: [Match] = [
        Match(.npm, "", in: "0.0.0 18.20.4", out: "1.0.0-rc.1"), Match(.npm, "*", in: "1.2.3", out: "1.2.3-0"),
        Match(.npm, ">= 18", in: "18.0.0 20.19.2", out: "17.9.9 18.0.0-rc.1"),
        Match(.npm, ">18", in: "19.0.0", out: "18.0.0 18.20.4"),
        Match(.npm, "<=18", in: "18.20.4 16.0.0", out: "19.0.0"),
        Match(.npm, "<18", in: "17.9.1", out: "18.0.0 18.0.0-rc.1"),
        Match(.npm, "18", in: "18.0.0 18.9.1", out: "19.0.0"),
        Match(.npm, "^18 || ^20 || >=22", in: "18.1.0 20.0.0 23.0.0", out: "19.0.0 21.7.0 17.0.0"),
        Match(.npm, "^18.17.0||>=20.5.0", in: "18.17.0 20.5.0 22.0.0", out: "18.16.9 19.0.0 20.4.9"),
        Match(.npm, "16.x || 18.x.x", in: "16.20.2 18.0.0", out: "17.0.0"),
        Match(.npm, "v20.11", in: "20.11.9", out: "20.12.0"),
        Match(.npm, "^1.2.3", in: "1.2.3 1.9.9", out: "1.2.2 2.0.0 2.0.0-alpha 1.3.0-beta"),
        Match(.npm, "^0.2.3", in: "0.2.3 0.2.9", out: "0.3.0"), Match(.npm, "^0.0.3", in: "0.0.3", out: "0.0.4 0.0.2"),
        Match(.npm, "^1.2.3-beta.2", in: "1.2.3-beta.2 1.2.3-rc 1.2.3 1.4.0", out: "1.2.3-beta.1 1.2.4-beta.2 2.0.0"),
        Match(.npm, "^0.0.x", in: "0.0.9", out: "0.1.0"), Match(.npm, "^1.x", in: "1.0.0", out: "2.0.0 0.9.0"),
        Match(.npm, "^0.x", in: "0.9.0 0.0.0", out: "1.0.0"), Match(.npm, "~1.2.3", in: "1.2.3 1.2.9", out: "1.3.0"),
        Match(.npm, "~1.2", in: "1.2.0 1.2.9", out: "1.3.0"), Match(.npm, "~1", in: "1.9.9", out: "2.0.0"),
        Match(.npm, "~> 0.8", in: "0.8.5", out: "0.9.0"),
        Match(.npm, "1.2.3 - 2.3.4", in: "1.2.3 2.3.4", out: "2.3.5 1.2.2"),
        Match(.npm, "1.2 - 2.3", in: "1.2.0 2.3.9", out: "2.4.0 2.4.0-a"),
        Match(.npm, "1 - 2", in: "2.9.9", out: "3.0.0"),
        Match(.npm, ">1.2.3-alpha.3", in: "1.2.3-alpha.7 3.4.5", out: "3.4.5-alpha.9 1.2.3-alpha.3"),
        Match(.npm, ">=1.2.7 <1.3.0", in: "1.2.7 1.2.99", out: "1.2.6 1.3.0 1.1.0"),
        Match(.npm, "1.2.7 || >=1.2.9 <2.0.0", in: "1.2.7 1.2.9 1.4.6", out: "1.2.8 2.0.0"),
        Match(.npm, ">=1.0.0-rc.1 <1.0.0", in: "1.0.0-rc.2", out: "1.0.0 0.9.0"), Match(.npm, "<*", out: "0.0.0 1.0.0"),
    ]

    static let rust: [Match] = [
        Match(.cargo, "1.0.0", in: "1.0.0 1.1.0 1.0.1", out: "0.9.9 0.10.0 1.0.0-pre 1.0.1-pre 2.0.0"),
        Match(.cargo, "0.2", in: "0.2.0 0.2.9", out: "0.3.0"),
        Match(.cargo, "=0.1.0-beta2.a", in: "0.1.0-beta2.a", out: "0.1.0 0.1.0-beta2"),
        Match(.cargo, "=1.2", in: "1.2.0 1.2.9", out: "1.3.0"), Match(.cargo, ">1.2", in: "1.3.0", out: "1.2.9"),
        Match(.cargo, ">= 2.1.0-alpha2", in: "2.1.0-alpha2 2.1.0 3.0.0", out: "2.1.0-alpha1 3.0.0-alpha2"),
        Match(.cargo, ">1.0.0-alpha, <1.0.0", in: "1.0.0-beta", out: "1.0.0"),
        Match(.cargo, ">1.0.0-alpha, <1.0", out: "1.0.0-beta"),
        Match(.cargo, "> 0.0.9, <= 2.5.3", in: "0.0.10 2.5.3", out: "0.0.8 2.5.4"),
        Match(.cargo, "0.3.0, 0.4.0", out: "0.3.0 0.4.0"),
        Match(.cargo, "~1", in: "1.9.0", out: "2.0.0"),
        Match(.cargo, "~1.2.3-beta.2", in: "1.2.3 1.2.3-beta.4", out: "1.2.4-beta.2 1.3.3"),
        Match(.cargo, "^0.0", in: "0.0.2", out: "0.1.4"), Match(.cargo, "*", in: "0.0.9", out: "1.0.0-pre"),
        Match(.cargo, "1.*", in: "1.3.0", out: "0.9.0 1.2.0-pre"), Match(.cargo, "0.0.*", in: "0.0.9", out: "0.1.0"),
    ]

    static let ruby: [Match] = [
        Match(.rubygems, "~> 2.2", in: "2.2 2.9.9", out: "2.1 3.0 3.0.a 2.5.rc1"),
        Match(.rubygems, "~> 2.2.0", in: "2.2.9", out: "2.3 2.3.0.a"),
        Match(.rubygems, "~> 3", in: "3.9", out: "4 2.9"),
        Match(.rubygems, "~> 1.4.0.a", in: "1.4.0.b 1.4.0 1.4.9", out: "1.5 1.5.0.a 1.3"),
        Match(.rubygems, ">= 2.7, < 4", in: "2.7.0 3.4.1", out: "4.0 2.6.10 3.5.0.preview1"),
        Match(.rubygems, "3.2.1", in: "3.2.1 3.2.1.0", out: "3.2.2"),
        Match(.rubygems, "!= 1.5", in: "1.5.1 1.4", out: "1.5 1.5.0"),
        Match(.rubygems, ">= 0", in: "0 9.1", out: "1.a"),
        Match(.rubygems, ">= 1.0.0.a", in: "1.0.0.b 1.0 2.0.rc1", out: "0.9"),
        Match(.rubygems, "> 3, <= 3.1", in: "3.0.1 3.1", out: "3.0 3.1.1"),
    ]

    static let php: [Match] = [
        Match(.composer, "~8.1", in: "8.1 8.4.1", out: "8.0.9 9.0 9.0.0-dev"),
        Match(.composer, "~8.1.2", in: "8.1.2 8.1.99", out: "8.2.0"),
        Match(.composer, "~4", in: "4.9", out: "5.0"),
        Match(.composer, "^8.2", in: "8.2.0 8.4.11", out: "9.0 8.1 8.4.0RC1"),
        Match(.composer, "^0.3", in: "0.3.9", out: "0.4"),
        Match(.composer, "^0.0.3", in: "0.0.3 0.0.3.1", out: "0.0.4"), Match(.composer, "^0", in: "0.9", out: "1.0"),
        Match(.composer, "^7.4 || ^8.0", in: "7.4.33 8.3", out: "7.3 9.0"),
        Match(.composer, "7.4|8.*", in: "7.4.0 8.9", out: "7.4.1"),
        Match(.composer, ">=7.1.3 <8.2,!=8.1.0", in: "7.1.3 8.1.1", out: "8.1 8.2.0"),
        Match(.composer, "1.0 - 2.0", in: "1.0 2.0.9", out: "2.1 0.9"),
        Match(.composer, "1.0.0 - 2.1.0", in: "2.1.0", out: "2.1.1"),
        Match(.composer, "8.1.*", in: "8.1.0 8.1.30", out: "8.2 8.0.30"),
        Match(.composer, "*", in: "1.0 99.0", out: "1.0-beta1"),
        Match(.composer, "1.0.*@beta", in: "1.0.1 1.0.0-beta1 1.0-RC1", out: "1.0-alpha1 1.1"),
        Match(.composer, "@dev", in: "1.0-dev 1.x-dev 2.0"),
        Match(.composer, ">=1.0-RC1", in: "1.0-RC1 1.0 2.0-RC2", out: "1.0-beta1 2.0-beta1"),
        Match(.composer, "1.0-p1", in: "1.0.0-patch1", out: "1.0"),
        Match(.composer, "2.0.x-dev as 2.0.0", in: "2.0.x-dev", out: "2.0.0"),
        Match(.composer, "> 1.0", in: "1.0.0.1 1.1", out: "1.0.0"),
        Match(.composer, "<2", in: "1.9", out: "2.0 2.0-beta1"),
    ]

    static let others: [Match] = [
        Match(.dart, "^3.4.0", in: "3.4.0 3.9.2", out: "3.3.9 4.0.0 3.5.0-1.0.dev"),
        Match(.dart, ">=2.17.0 <3.0.0", in: "2.17.0 2.19.6 3.5.0", out: "2.16.0 4.0.0"),
        Match(.dart, "^2.12.0", in: "3.0.0"), Match(.dart, ">=2.10.0 <3.0.0", in: "2.10.0", out: "3.0.0"),
        Match(.dart, ">=2.12.0 <3.1.0", in: "3.0.9", out: "3.1.0"), Match(.dart, "any", in: "1.0.0 3.0.0-0"),
        Match(.dart, "3.22.x", in: "3.22.4", out: "3.23.0"),
        Match(.julia, "1.6", in: "1.6.0 1.11.2", out: "1.5.4 2.0.0"),
        Match(.julia, "0.7, 1", in: "0.7.1 1.0.0 1.9.3", out: "0.8.0 0.6.9 2.0.0"),
        Match(.julia, "~1.9, =1.10.2", in: "1.9.4 1.10.2", out: "1.10.1 1.10.3"),
        Match(.julia, "1.2 - 1.4", in: "1.2.0 1.4.9", out: "1.5.0"),
        Match(.julia, "≥ 1.10", in: "1.10.0 2.0.0", out: "1.9.9"), Match(.julia, "=1.2", in: "1.2.0", out: "1.2.1"),
        Match(.generic, ">= 1.6.0 & < 2.2", in: "2.0.4", out: "2.2.0"),
        Match(.generic, "^= 1.4", in: "1.6.10", out: "2.0"),
        Match(.debian, ">= 1.2-3", in: "1.2-3 1.2-3+b1 1:0", out: "1.2-2 1.2-3~bpo1"),
        Match(.debian, "<< 2.0", in: "2.0~rc1 1.9", out: "2.0 2.0-0"),
        Match(.debian, "<= 2.0", in: "2.0 2.0-0", out: "2.0-1"),
        Match(.debian, "= 1.0-1", in: "1.0-1 0:1.0-1", out: "1.0-1+b1"),
        Match(.debian, ">> 1.0, << 2", in: "1.0-1 1.5", out: "1.0 2"), Match(.debian, "> 1.0", in: "1.0"),
        Match(.debian, "1.0", in: "1.0"),
        Match(.go, "1.22", in: "1.22 1.22rc1 1.22.0 1.25.1", out: "1.21.9"),
        Match(.go, "1.22.3", in: "1.22.3 1.23", out: "1.22.2 1.22rc1"),
        Match(.go, ">=1.21 <1.23", in: "1.21 1.22.9", out: "1.23rc1 1.23"),
        Match(.go, "1.21.x", in: "1.21rc1 1.21.5", out: "1.22 1.20.9"),
        Match(.go, ">= v1.2.3, != v1.3.0", in: "v1.2.3 v1.4.0", out: "v1.3 v1.2.3-rc.1"),
        Match(.maven, "1.0", in: "0.5 1.0 99"), Match(.maven, "[1.0]", in: "1.0 1 1.0.0", out: "1.0.1 1.0-SNAPSHOT"),
        Match(.maven, "[1.0,2.0)", in: "1.0 1.9 2.0-SNAPSHOT", out: "2.0 0.9 1.0-rc1"),
        Match(.maven, "[1.5,)", in: "1.5 99", out: "1.4"),
        Match(.maven, "(,1.0],[1.2,)", in: "0.1 1.0 1.2 9", out: "1.1 1.0.1"),
        Match(.maven, "(,1.1),(1.1,)", in: "1.0 1.2", out: "1.1 1.1.0"),
        Match(.maven, "[ 3.6.3 , 4 )", in: "3.9.9", out: "3.6.2 4.0.0"), Match(.maven, "[,]", in: "1"),
        Match(.generic, ">= 3.15", in: "3.15 3.28.1", out: "3.14.9 3.28-rc1"),
        Match(.generic, "3.15...3.28", in: "3.15.0 3.28", out: "3.28.1 3.14"),
        Match(.generic, "3.15...<4", in: "3.99", out: "4.0"),
        Match(.generic, "3.12", in: "3.12 3.12.7", out: "3.13 3.1 3.12.0-rc1"),
        Match(.generic, "=3.12", in: "3.12.0", out: "3.12.7"),
        Match(.generic, "~> 1.14", in: "1.14 1.18.3", out: "2.0 1.13"),
        Match(.generic, "~> 1.14.2", in: "1.14.9", out: "1.15"),
        Match(.generic, ">= 0.13.1 and < 2.0 or 5.x", in: "1.0 5.3", out: "2.0 4.0"),
        Match(.generic, "^3.5.0", in: "3.9", out: "4.0 3.4"),
        Match(.generic, ">=2.16.1 <3.0.0", in: "2.19", out: "3.0.0 3.0.0-dev.1"),
        Match(.generic, ">=0.14.0-dev.2802", in: "0.14.0-dev.3000 0.14.0 0.15.0-dev.1", out: "0.14.0-dev.1"),
        Match(.generic, "!=1.2.*", in: "1.3", out: "1.2.9"),
        Match(.generic, "21.0.2-tem", in: "21.0.2-tem", out: "21.0.2 21.0.3"),
        Match(.generic, "*", in: "1", out: "2-rc1"),
    ]
}
