//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Catalog
import Detection
import Testing

@testable import Environment

struct PlanPackagesTests {
    private func need(
        _ requirement: SystemRequirement, _ reason: String = "", _ path: String = "ci.yml", _ line: Int = 1
    ) -> Finding {
        .system(SystemFinding(requirement, reason: reason, evidence: Evidence(path, line: line)))
    }

    @Test(arguments: [
        (SystemRequirement.package("libpq-dev"), "libpq-dev", ""),
        (.pkgConfig("libpq"), "libpq-dev", "pkg-config module libpq"),
        (.cmake("ZLIB"), "zlib1g-dev", "CMake package ZLIB"),
        (.header("zlib.h"), "zlib1g-dev", "header zlib.h"),
        (.library("z"), "zlib1g-dev", "library z"),
        (.program("flex"), "flex", ""),
        (.program("psql"), "postgresql-client", "program psql"),
    ])
    func findsThePackageThatProvidesANeed(requirement: SystemRequirement, package: String, reason: String) throws {
        let plan = try planned([need(requirement)])
        let decision = try #require(plan.packages.first { $0.name.hasPrefix(package) }, "\(plan.packages.map(\.name))")
        #expect(decision.reason == reason)
        #expect(decision.evidence == [Evidence("ci.yml", line: 1)])
        #expect(plan.rejectedNeeds.isEmpty)
    }

    /// The variants of libcurl exclude each other, whichever file was read first.
    @Test func takesTheVariantThatIsNamed() throws {
        let needs = [need(.cmake("CURL"), "", "CMakeLists.txt"), need(.package("libcurl4-gnutls-dev"))]
        for findings in [needs, needs.reversed()] {
            let names = try planned(findings).packages.map(\.name).filter { $0.hasPrefix("libcurl4-") }
            #expect(names == ["libcurl4-gnutls-dev"])
        }
    }

    @Test(arguments: [
        SystemRequirement.package("no-such-package"), .header("no/such/header.h"), .program("no-such-program"),
    ])
    func rejectsWhatNoPackageProvides(requirement: SystemRequirement) throws {
        let plan = try planned([need(requirement)])
        #expect(plan.rejectedNeeds.map(\.finding.requirement) == [requirement])
        #expect(plan.rejectedNeeds.map(\.reason) == ["no package of trixie provides it"])
        #expect(!plan.packages.contains { $0.evidence.contains(Evidence("ci.yml", line: 1)) })
    }

    @Test(arguments: [
        (SystemRequirement.program("bison"), true), (.program("curl-config"), true), (.program("help2man"), false),
        (.package("bison"), false), (.pkgConfig("zlib"), true),
    ])
    func takesOptionalNeedsThatChangeTheBuild(requirement: SystemRequirement, isTaken: Bool) throws {
        let evidence = Evidence("configure.ac", line: 2)
        let plan = try planned([.system(SystemFinding(requirement, isOptional: true, evidence: evidence))])
        #expect(plan.packages.contains { $0.evidence == [evidence] } == isTaken)
    }

    @Test func findsModulesWithPkgConfig() throws {
        let names = try planned([need(.pkgConfig("libpq"))]).packages.map(\.name)
        #expect(names.contains { $0.hasPrefix("pkg") })
        #expect(try !planned([need(.library("z"))]).packages.contains { $0.name.hasPrefix("pkg") })
    }

    @Test func looksModulesOfCMakeUpInPkgConfigToo() throws {
        #expect(try planned([need(.cmake("X11_XCB"))]).packages.contains { $0.name == "libx11-xcb-dev" })
        #expect(try planned([need(.cmake("LibExpat"))]).packages.contains { $0.name == "libexpat1-dev" })
    }

    @Test func collectsAllPlacesUnderTheFirstReason() throws {
        let plan = try planned([
            need(.package("libpq-dev"), "", "z.yml", 3), need(.package("libpq-dev"), "psycopg2 is built", "a.lock", 9),
            need(.pkgConfig("libpq"), "another reason", "b.txt", 1),
        ])
        let decision = try #require(plan.packages.first { $0.name == "libpq-dev" })
        #expect(decision.evidence.map(\.description) == ["a.lock:9", "b.txt:1", "z.yml:3"])
        #expect(decision.comment == "psycopg2 is built (a.lock:9, b.txt:1 and 1 more)")
    }

    @Test func addsTheToolchainsAndWhatRunnersHave() throws {
        let plan = try planned([python(.range, ">=3.8")])
        #expect(
            plan.spec.packages.map(\.value) == [
                "ca-certificates", "curl", "git", "less", "media-types", "netbase", "procps", "python3", "python3-venv",
                "tzdata",
            ])
        #expect(plan.packages.first { $0.name == "python3" }?.comment == "python 3.13")
    }

    @Test func prefersAPackageThatIsThereAnyway() throws {
        let contents = try sampleCatalog.contents(of: "trixie")
        let candidates = contents.packages(for: .program("awk"))
        let wanted = try #require(candidates.last)
        let findings = [need(.package(wanted)), need(.program("awk"))]
        let names = try planned(findings).packages.map(\.name)
        #expect(candidates.filter(names.contains) == [wanted])
    }

    @Test(arguments: [
        (PackageDecision(name: "a", reason: "", phase: .build, evidence: []), ""),
        (PackageDecision(name: "a", reason: "why", phase: .build, evidence: []), "why"),
        (PackageDecision(name: "a", reason: "", phase: .build, evidence: [Evidence("f")]), "f"),
        (
            PackageDecision(
                name: "a", reason: "why", phase: .build, evidence: [Evidence("f"), Evidence("g", line: 2)]),
            "why (f, g:2)"
        ),
    ])
    func writesTheComment(decision: PackageDecision, comment: String) {
        #expect(decision.comment == comment)
    }
}
