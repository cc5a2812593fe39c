//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Catalog
import Detection
import Testing

@testable import Environment

struct SuiteChoiceTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let findings: [Finding]
        let suite: String

        init(_ description: String, _ findings: [Finding], _ suite: String) {
            testDescription = description
            self.findings = findings
            self.suite = suite
        }
    }

    @Test(arguments: [
        Case("nothing is said", [], "trixie"),
        Case("a minimum alone", [python(.range, ">=3.8")], "trixie"),
        Case("tested up to 3.11", [python(.range, ">=3.8")] + tested("3.8", "3.9", "3.10", "3.11"), "bookworm"),
        Case("tested with 3.10 only", tested("3.10"), "jammy"),
        Case("tested up to 3.8", tested("3.6", "3.7", "3.8"), "bullseye"),
        Case("tested up to a release that only sid has", tested("3.12", "3.13", "3.14"), "trixie"),
        Case("tested with a whole number only", tested("3"), "trixie"),
        Case("pinned to a patch level", [python(.pin, "3.12.4", ".python-version")], "noble"),
        Case("a maximum", [python(.range, ">=3.8,<3.12")], "bookworm"),
        Case("a minimum that only sid meets", [python(.range, ">=3.14")], "sid"),
        Case("a minimum that nothing meets", [python(.range, ">=4")], "trixie"),
        Case(
            "a range outweighs the tests", [python(.range, ">=3.11")] + tested("3.9", "3.10"), "bookworm"),
        Case("last worked on before 3.11", [python(.range, ">=3.6"), date("2022-03-01")], "jammy"),
        Case("last worked on before 3.10", [python(.range, ">=3.6"), date("2021-03-01")], "bullseye"),
        Case("tested with a preview of 3.11", tested("3.9", "3.10", "3.11") + [date("2022-03-01")], "jammy"),
        Case("tested with a preview only", tested("3.11") + [date("2022-03-01")], "bookworm"),
        Case("last worked on lately", [python(.range, ">=3.6"), date("2026-05-01")], "trixie"),
        Case(
            "two days, of which one is recent", [python(.range, ">=3.6"), date("2021-03-01"), date("2026-05-01")],
            "trixie"),
        Case("a day that is none", [python(.range, ">=3.6"), date("2021-03-01"), date("lately")], "bullseye"),
        Case("a language only", [.language(LanguageFinding("python", evidence: Evidence("a.py")))], "trixie"),
        Case("a pinned base", [python(.range, ">=3.8"), base("jammy", .pin)], "jammy"),
        Case("a base that CI uses", [python(.range, ">=3.8"), base("jammy", .hint)], "jammy"),
        Case("a base that CI uses against the tests", tested("3.11") + [base("jammy", .hint)], "bookworm"),
        Case("a base that no suite is", [python(.range, ">=3.8"), base("focal", .hint)], "trixie"),
        Case(
            "two tools",
            [
                python(.range, ">=3.9"), tool("node", .pin, "18", ".nvmrc"),
                tool("node", .range, ">=16", "package.json"),
            ],
            "bookworm"),
        Case(
            "two tools that no suite has together; Python is the repository's language",
            [
                .language(LanguageFinding("python", evidence: Evidence("pyproject.toml"))), python(.pin, "3.12"),
                tool("node", .range, ">=20"),
            ], "noble"),
        Case(
            "a release of a language that only another's steps use",
            [
                .language(LanguageFinding("python", evidence: Evidence("pyproject.toml"))), python(.range, ">=3.8"),
                tool("node", .hint, "18", ".github/workflows/test.yml"),
            ], "trixie"),
        Case(
            "the same with sources in that language",
            [
                .language(LanguageFinding("python", evidence: Evidence("pyproject.toml"))), python(.range, ">=3.8"),
                .source(SourceFinding("javascript", bytes: 9_000, evidence: Evidence("js/a.js"))),
                tool("node", .hint, "18", ".github/workflows/test.yml"),
            ], "bookworm"),
        Case("a tool that no suite has", [python(.pin, "3.10"), tool("zig", .pin, "0.11")], "jammy"),
    ])
    func choosesTheSuiteThatFits(_ sample: Case) throws {
        #expect(try planned(sample.findings).spec.base.suite == sample.suite)
        #expect(try planned(sample.findings).spec.allowsExpired.value == (sample.suite == "sid"))
        #expect(try planned(sample.findings.reversed()).spec.base.suite == sample.suite)
    }

    @Test func givesNoReasonThatDidNotCount() throws {
        let plan = try planned(
            [.language(LanguageFinding("python", evidence: Evidence("pyproject.toml")))] + tested("3.12")
                + [tool("node", .hint, "18", ".github/workflows/test.yml")])
        #expect(plan.suiteReason.hasPrefix("has python 3.12, "))
        let other = try planned(
            [.language(LanguageFinding("python", evidence: Evidence("pyproject.toml")))] + tested("3.12")
                + [tool("node", .range, ">=10", "package.json")])
        #expect(other.suiteReason.hasPrefix("has python 3.12, "))
    }

    @Test func keepsAConflictWithBothPlaces() throws {
        let plan = try planned([
            python(.pin, "3.9", ".python-version", 1), python(.range, ">=3.11", "pyproject.toml", 7),
        ])
        #expect(
            plan.conflicts.map(\.description) == [
                "python: .python-version:1 pins 3.9, but pyproject.toml:7 asks for >=3.11; 3.9.2 was chosen"
            ])
        let rejected = try #require(plan.toolchains.first).rejected.map(\.finding.constraint)
        #expect(rejected == [">=3.11"])
    }

    @Test func keepsAConflictBetweenTwoPins() throws {
        let plan = try planned([python(.pin, "3.11", ".python-version"), python(.pin, "3.12.1", "Dockerfile", 2)])
        #expect(
            plan.conflicts.map(\.description) == [
                "python: .python-version:1 pins 3.11, but Dockerfile:2 pins 3.12.1; 3.12.3 was chosen"
            ])
        #expect(try planned([python(.pin, "3.11", "a"), python(.pin, "3.11.4", "b")]).conflicts == [])
    }

    @Test func saysWhyAToolIsNotTakenFromTheSuite() throws {
        let plan = try planned([
            tool("gleam", .range, ">=1.2", "gleam.toml", 3), tool("gleam", .pin, "1.4.1", "mise.toml", 2),
            tool("zig", .hint, "", "build.zig"),
        ])
        #expect(plan.unavailable.map(\.tool) == ["gleam", "zig"])
        #expect(plan.unavailable.map(\.constraint) == ["1.4.1", ""])
        #expect(plan.unavailable.map(\.kind) == [.pin, .fallback])
        #expect(plan.unavailable.map(\.reason) == ["not in trixie", "not in trixie"])
        #expect(plan.spec.toolchains.isEmpty)
    }

    @Test func doesNotFollowTheRuntimeOfAnotherLanguage() throws {
        let ci = tool("node", .hint, "18", ".github/workflows/ci.yml", 1)
        let go = Finding.language(LanguageFinding("go", evidence: Evidence("go.mod")))
        #expect(try planned([ci, go]).spec.base.suite == "trixie")
        #expect(try planned([ci]).spec.base.suite == "bookworm")
    }

    @Test func doesNotFollowAReleaseThatDoesNotFit() throws {
        var suites = sampleCatalog.suites
        let old = suites.removeLast()
        suites.append(
            SuiteOffer(
                name: old.name, distribution: old.distribution, isStable: true,
                tools: old.tools.merging(["julia": [ToolOffer(version: "1.5.3", packages: ["julia"])]]) { first, _ in
                    first
                }))
        let catalog = Catalog(day: sampleCatalog.day, suites: suites)
        let julia = Finding.language(LanguageFinding("julia", evidence: Evidence("Project.toml")))
        let newer = tool("julia", .range, ">=1.10", "Project.toml", 7)
        #expect(try planned([julia, newer], catalog: catalog).spec.base.suite == "trixie")
        let older = tool("julia", .range, ">=1.4", "Project.toml", 7)
        #expect(try planned([julia, older], catalog: catalog).spec.base.suite == "bullseye")
    }

    @Test func takesTheSuiteThatTheUserNames() throws {
        let plan = try planned(tested("3.11"), suite: "bullseye")
        #expect(plan.spec.base.description == "debian:bullseye")
        #expect(plan.suiteReason == "asked for on the command line")
        #expect(plan.spec.toolchains.map(\.value) == [ToolchainRequirement(tool: "python", version: "3.9")])
    }

    @Test func refusesASuiteThatTheCatalogLacks() {
        #expect(
            throws: CatalogError.unknownSuite(
                "potato", known: ["trixie", "bookworm", "noble", "jammy", "sid", "bullseye"])
        ) { try planned([], suite: "potato") }
    }

    @Test func prefersTheOfferOfASuiteThatFits() throws {
        let catalog = Catalog(
            day: "2026-06-01",
            suites: [
                SuiteOffer(
                    name: "trixie", distribution: "debian", isStable: true,
                    tools: [
                        "java": [
                            ToolOffer(version: "21.0.13", packages: ["openjdk-21-jdk-headless"]),
                            ToolOffer(version: "25.0.5", packages: ["openjdk-25-jdk-headless"]),
                        ]
                    ])
            ])
        #expect(try planned([tool("java", .pin, "25")], catalog: catalog).toolchains.map(\.requirement) == ["25"])
        #expect(try planned([tool("java", .range, ">=17")], catalog: catalog).toolchains.map(\.requirement) == ["21"])
    }

    @Test func recordsWhatWasFollowedAndWhatWasNot() throws {
        let plan = try planned([python(.range, ">=3.8", "pyproject.toml", 5)] + tested("3.10", "3.11"))
        let decision = try #require(plan.toolchains.first)
        #expect(decision.kind == .range)
        #expect(decision.accepted.map(\.constraint) == [">=3.8", "3.11"])
        #expect(decision.rejected.map { "\($0.finding.constraint): \($0.reason)" } == ["3.10: another tested release"])
        #expect(decision.summary == ">=3.8 (pyproject.toml:5), tested (tox.ini:2)")
        #expect(plan.suiteReason.contains("python 3.11"))
    }

    @Test func saysThatABaseWasNamed() throws {
        let plan = try planned([python(.range, ">=3.8"), base("bookworm", .pin)])
        #expect(plan.suiteReason == "named by Dockerfile:1")
    }

    @Test func saysWhenNothingSpeaksForAVersion() throws {
        let plan = try planned([python(.pin, "2.7", "runtime.txt")])
        #expect(plan.toolchains.map(\.kind) == [.fallback])
        #expect(plan.toolchains.map(\.summary) == ["default of the suite; runtime.txt:1 asks for 2.7"])
    }
}

private func date(_ day: String) -> Finding { .date(DateFinding(day: day, evidence: Evidence("CHANGES"))) }

private func base(_ suite: String, _ kind: StatementKind) -> Finding {
    .base(BaseFinding(suite: suite, kind: kind, evidence: Evidence("Dockerfile", line: 1)))
}
