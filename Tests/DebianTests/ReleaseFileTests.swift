//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Debian

struct ReleaseFileTests {
    @Test(
        arguments: [
            ("Thu, 01 Jan 1970 00:00:00 UTC", 0), ("Sat, 21 Nov 2026 09:15:44 UTC", 1_795_252_544),
            ("Sun, 22 Nov 2026  0:19:16 UTC", 1_795_306_756), ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
            ("Sat, 21 Nov 2026 09:15:44 CET", nil), ("2026-11-21", nil), ("", nil),
            ("Sat, 99 Nov 2026 09:15:44 UTC", nil),
            ("Sat, 21 Nov 9223372036854775807 09:15:44 UTC", nil), ("Sat, 21 Nov 2026 25:15:44 UTC", nil),
        ] as [(String, Int64?)])
    func readsDates(text: String, expected: Int64?) {
        #expect(secondsSince1970(text) == expected)
    }

    @Test(arguments: [("", 500), ("NotAutomatic: yes\n", 1), ("NotAutomatic: yes\nButAutomaticUpgrades: yes\n", 100)])
    func isWantedAsMuchAsItSays(fields: String, priority: Int) throws {
        let text = "Suite: x\n\(fields)Date: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:\n"
        #expect(try ReleaseFile(signedText: [UInt8](text.utf8), source: "x").priority == priority)
    }

    @Test(arguments: ["SHA256:\n abc 1 main/x\n", "SHA256:\n 1 main/x\n"])
    func refusesMalformedLists(fields: String) {
        #expect(throws: DebianError.self) {
            try ReleaseFile(
                signedText: [UInt8]("Suite: x\nDate: Thu, 01 Jan 2026 00:00:00 UTC\n\(fields)".utf8), source: "x")
        }
    }

    @Test func countsOnlyGoodSignaturesOverSoundDigests() {
        let fingerprint = String(repeating: "A", count: 40)
        func problem(_ lines: String...) -> ReleaseProblem? {
            SignatureStatus((["PLAINTEXT 74 0"] + lines).map { "[GNUPG:] \($0)\n" }.joined()).problem
        }
        let valid = "VALIDSIG \(fingerprint) 2026-01-01 1 0 4 0 1 8 01 \(fingerprint)"
        #expect(problem("NEWSIG", "GOODSIG AA x", valid) == nil)
        #expect(problem("NEWSIG", "ERRSIG BB 1 10 01 1 9 -", "NEWSIG", "GOODSIG AA x", valid) == nil)
        #expect(problem("NEWSIG", "GOODSIG AA x", valid, "NEWSIG", "BADSIG BB x") == .badSignature)
        #expect(problem("NEWSIG", "REVKEYSIG AA x", valid) == .untrusted("key AA is revoked"))
        #expect(problem("NEWSIG", "EXPSIG AA x", valid) == .untrusted("the signature by AA is expired"))
        #expect(problem("NEWSIG", "GOODSIG AA x", "NEWSIG", valid) == .unsigned)
        #expect(problem(valid) == .unsigned)
        #expect(problem() == .unsigned)
        #expect(SignatureStatus("GOODSIG AA\n\(valid)\n").problem == .unsigned)
    }
}

struct SuiteTests {
    @Test(
        arguments: [
            ("trixie", "trixie"), ("debian:trixie", "trixie"), ("debian:13", "trixie"), ("ubuntu:24.04", "noble"),
            ("12", "bookworm"),
            ("ubuntu:trixie", nil), ("debian:", nil), ("", nil), ("Trixie", nil),
        ] as [(String, String?)])
    func isFoundByNameAndNumber(text: String, name: String?) {
        #expect((try? Suite(named: text))?.name == name)
    }

    @Test(
        arguments: [
            (
                "trixie", "amd64", nil,
                "http://deb.debian.org/debian trixie, http://deb.debian.org/debian trixie-updates, http://deb.debian.org/debian-security trixie-security"
            ),
            ("sid", "arm64", nil, "http://deb.debian.org/debian sid"),
            (
                "noble", "arm64", nil,
                "http://ports.ubuntu.com/ubuntu-ports noble, http://ports.ubuntu.com/ubuntu-ports noble-updates, http://ports.ubuntu.com/ubuntu-ports noble-security"
            ),
            ("sid", "amd64", "20260101T000000Z", "https://snapshot.debian.org/archive/debian/20260101T000000Z sid"),
        ] as [(String, String, String?, String)])
    func knowsItsSources(name: String, architecture: String, snapshot: String?, expected: String) throws {
        let sources = try Suite(named: name).sources(architecture: architecture, snapshot: snapshot)
        #expect(sources.map { "\($0.mirrors.joined(separator: "+")) \($0.suite)" }.joined(separator: ", ") == expected)
        #expect(sources.allSatisfy { $0.allowExpired == (snapshot != nil) })
    }

    @Test func canHaveOtherMirrors() throws {
        let sources = try Suite(named: "trixie").sources(
            architecture: "amd64", mirrors: ["http://deb.debian.org/debian": ["file:///a", "http://b"]])
        #expect(
            sources.map(\.mirrors) == [
                ["file:///a", "http://b"], ["file:///a", "http://b"], ["http://deb.debian.org/debian-security"],
            ])
    }
}
