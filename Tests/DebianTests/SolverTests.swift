//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Debian

/// Each case is a small archive, what is wished for, and what has to come out.
struct SolverCase: CustomTestStringConvertible {
    let testDescription: String
    let archive: String
    let wishes: [String]
    let expected: String

    init(_ description: String, _ archive: String, _ wishes: [String], _ expected: String) {
        testDescription = description
        self.archive = archive
        self.wishes = wishes
        self.expected = expected
    }

    static let all = [
        SolverCase(
            "follows Pre-Depends and Depends", "a 1 | Pre-Depends: b | Depends: c\nb 1\nc 1 | Depends: d\nd 1\ne 1",
            ["a"],
            "a b c d"),
        SolverCase("ignores Recommends", "a 1 | Recommends: b\nb 1", ["a"], "a"),
        SolverCase("takes the first alternative", "a 1 | Depends: b / c\nb 1\nc 1", ["a"], "a b"),
        SolverCase("skips an alternative that is missing", "a 1 | Depends: b / c\nc 1", ["a"], "a c"),
        SolverCase("skips one of a wrong version", "a 1 | Depends: b (>= 2) / c\nb 1\nc 1", ["a"], "a c"),
        SolverCase(
            "skips one whose own needs are not met", "a 1 | Depends: b / c\nb 1 | Depends: d\nd 1 | Depends: gone\nc 1",
            ["a"], "a c"),
        SolverCase("keeps an alternative that is asked for", "a 1 | Depends: b / c\nb 1\nc 1", ["a", "c"], "a c"),
        SolverCase(
            "keeps one that came earlier", "a 1 | Depends: x, b / c\nx 1 | Depends: c\nb 1\nc 1", ["a"], "a c x"),
        SolverCase(
            "does not look ahead", "a 1 | Depends: b / c, x\nx 1 | Depends: c\nb 1\nc 1", ["a"], "a b c x"),
        SolverCase("prefers a real package", "a 1 | Depends: v\nb 1 | Provides: v\nv 1", ["a"], "a v"),
        SolverCase(
            "prefers a provider of higher priority",
            "a 1 | Depends: v\nb 1 | Provides: v | Priority: optional\nc 1 | Provides: v | Priority: standard\n"
                + "d 1 | Provides: v | Priority: optional", ["a"], "a c"),
        SolverCase(
            "prefers the provider that is mentioned last",
            "a 1 | Depends: v | Suggests: d\nb 1 | Provides: v\nc 1 | Provides: v\nd 1 | Provides: v", ["a"], "a c"),
        SolverCase(
            "wants a version from a provider", "a 1 | Depends: v (>= 2)\nb 1 | Provides: v\nc 1 | Provides: v (= 2.1)",
            ["a"], "a c"),
        SolverCase("resolves a conflict", "a 1 | Depends: b / c, d\nb 1\nc 1\nd 1 | Conflicts: b", ["a"], "a c d"),
        SolverCase("resolves a Breaks", "a 1 | Depends: b / c, d\nb 1\nc 1\nd 1 | Breaks: b (<< 2)", ["a"], "a c d"),
        SolverCase(
            "minds the version of a conflict", "a 1 | Depends: b, d\nb 2\nd 1 | Breaks: b (<< 2)", ["a"], "a b d"),
        SolverCase("is not in its own way", "a 1 | Provides: v | Conflicts: v", ["a"], "a"),
        SolverCase(
            "goes back over several choices",
            "a 1 | Depends: b / c\nb 1 | Depends: d / e\nd 1 | Depends: f\ne 1 | Depends: f\nf 1 | Conflicts: a\nc 1",
            ["a"], "a c"),
        SolverCase(
            "accepts `:any` of an allowed package", "a 1 | Depends: b:any\nb 1 | Multi-Arch: allowed", ["a"], "a b"),
        SolverCase("refuses `:any` of another", "a 1 | Depends: b:any / c\nb 1\nc 1", ["a"], "a c"),
        SolverCase("refuses another architecture", "a 1 | Depends: b:i386 / b:amd64\nb 1", ["a"], "a b"),
        SolverCase(
            "ignores packages of other architectures", "a 1 | Depends: b / c\nb 1 | Architecture: i386\nc 1", ["a"],
            "a c"),
        SolverCase(
            "prefers usr-is-merged", "a 1 | Depends: usrmerge / usr-is-merged\nusrmerge 1\nusr-is-merged 1", ["a"],
            "a usr-is-merged"),
        SolverCase("takes the only provider of a wish", "b 1 | Provides: v", ["v"], "b"),
        SolverCase("takes what a wish's architecture allows", "b 1\nc 1", ["b [arm64]", "c"], "c"),
        SolverCase("survives a cycle", "a 1 | Depends: b\nb 1 | Depends: a", ["b"], "a b"),
        SolverCase("depends on itself", "a 1 | Depends: a / b\nb 1", ["a"], "a"),
    ]
}

struct SolverTests {
    @Test(arguments: SolverCase.all)
    func solves(test: SolverCase) throws {
        #expect(try names(test.wishes, in: index(test.archive)) == test.expected)
    }

    @Test func saysWhyAPackageIsThere() throws {
        let index = try index(
            "apt 1\nbase 1 | Essential: yes | Depends: lib\nlib 1\ntool 1 | Depends: part, lib\npart 1 | Depends: bit\nbit 1"
        )
        let solution = try solve([PackageRelation("tool")], in: index)
        let lines = solution.entries.map { entry in
            "\(entry.package.name) \(entry.isRequested) \(entry.isBase) \(entry.dependent ?? "-")"
        }
        #expect(
            lines == [
                "apt false true -", "base false true -", "bit false false part", "lib false true base",
                "part false false tool", "tool true false -",
            ])
    }

    @Test func explainsTheChainToWhatIsMissing() throws {
        let index = try index("a 1 | Depends: b / c\nb 1 | Depends: d (>= 2)\nc 1 | Depends: gone\nd 1.4")
        #expect(
            throws: DebianError.unsatisfiable(
                wishes: ["a"],
                reasons: [
                    "a 1 needs b | c", "b 1 needs d (>= 2), the archive has d 1.4",
                    "c 1 needs gone, no archive has gone",
                ])
        ) { try names(["a"], in: index) }
    }

    @Test func explainsAConflictOfWishes() throws {
        let index = try index("a 1 | Depends: c\nb 1 | Conflicts: v\nc 2 | Provides: v")
        #expect(throws: DebianError.unsatisfiable(wishes: ["a", "b"], reasons: ["a 1 needs c", "b 1 excludes c 2"])) {
            try names(["a", "b"], in: index)
        }
    }

    @Test func namesWhatIsSimilarToAnUnknownPackage() throws {
        let index = try index("libssl-dev 3\nlibssh-dev 1\nzlib1g 1")
        #expect(throws: DebianError.unknownPackage("libsll-dev", similar: ["libssl-dev", "libssh-dev"])) {
            try names(["libsll-dev"], in: index)
        }
    }

    @Test func refusesAWishThatNoVersionMeets() throws {
        #expect(throws: DebianError.unavailableVersion("a (>= 2)", available: "1.4")) {
            try names(["a (>= 2)"], in: index("a 1.4"))
        }
    }

    @Test func asksWhichProviderIsMeant() throws {
        #expect(throws: DebianError.ambiguous("v", providers: ["a", "b"])) {
            try names(["v"], in: index("b 1 | Provides: v\na 1 | Provides: v"))
        }
    }

    @Test func findsTheOnlyWayThroughManyChoices() throws {
        // Every package has two versions of a need, of which the first conflicts with the end of the chain.
        var archive = "end 1 | Conflicts: " + (0..<40).map { "bad\($0)" }.joined(separator: ", ") + "\n"
        for step in 0..<40 {
            archive += "step\(step) 1 | Depends: bad\(step) / good\(step), \(step == 39 ? "end" : "step\(step + 1)")\n"
            archive += "bad\(step) 1\ngood\(step) 1\n"
        }
        let solution = try names(["step0"], in: index(archive))
        #expect(!solution.contains("bad"))
        #expect(solution.split(separator: " ").count == 81)
    }
}
