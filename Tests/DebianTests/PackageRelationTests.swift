//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Debian

struct PackageRelationTests {
    @Test(arguments: [
        ("git", "git"),
        ("libc6 (>=2.34)", "libc6 (>= 2.34)"),
        ("a(=1:2~rc1-3+b1)|b (<< 2) , c", "a (= 1:2~rc1-3+b1) | b (<< 2); c"),
        ("python3:any (>= 3.11~)", "python3:any (>= 3.11~)"),
        ("a (< 1), b (> 2)", "a (<= 1); b (>= 2)"),
        ("gcc:native [amd64 !i386] <!nocheck> <cross !stage1>", "error"),
        ("gcc:native [ amd64  i386 ] <!nocheck> <cross !stage1>", "gcc:native [amd64 i386] <!nocheck> <cross !stage1>"),
        ("x,\n y\n | z,", "x; y | z"),
        ("", ""),
        ("a |", "error"), ("a (>= )", "error"), ("a (>= 1", "error"), ("a (=> 1)", "error"), ("a b", "error"),
        ("a [amd64", "error"), ("a <>", "error"), ("(= 1)", "error"), ("a | , b", "error"), ("a:", "error"),
    ])
    func readsFields(text: String, expected: String) {
        do {
            let relations = try PackageRelation.list(text)
            #expect(relations.map(\.description).joined(separator: "; ") == expected)
        } catch {
            #expect(expected == "error", "\(error)")
        }
    }

    @Test(
        arguments: [
            ("a [amd64]", "amd64", [], "a"), ("a [!amd64]", "amd64", [], nil), ("a [!amd64] | b", "amd64", [], "b"),
            ("a [linux-any]", "arm64", [], "a"), ("a [any-arm64 i386]", "arm64", [], "a"),
            ("a [i386]", "arm64", [], nil),
            ("a <!nocheck>", "amd64", ["nocheck"], nil), ("a <!nocheck>", "amd64", [], "a"),
            ("a <cross !nocheck> <stage1>", "amd64", ["stage1", "nocheck"], "a"), ("a <cross>", "amd64", [], nil),
        ] as [(String, String, [String], String?)])
    func reducesToAnArchitectureAndProfiles(
        text: String, architecture: String, profiles: [String], expected: String?
    ) throws {
        let relation = try PackageRelation(text)
        #expect(relation.reduced(architecture: architecture, profiles: profiles)?.description == expected)
    }

    @Test func isExactlyOneRelation() {
        #expect(throws: DebianError.relation("a, b", problem: "is more than one relation")) {
            try PackageRelation("a, b")
        }
        #expect(throws: DebianError.relation(" ", problem: "is empty")) { try PackageRelation(" ") }
    }
}
