//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Testing

@testable import Environment

struct PlanDependenciesTests {
    private let project = part(.project(backend: nil, isNative: false))

    @Test func takesRuntimeAndTestPartsOnly() throws {
        let plan = try planned([
            project, part(.extra("test"), .test), part(.extra("docs"), .documentation), part(.group("lint"), .lint),
            part(.group("dev"), .development), part(.requirement("cython"), .build),
            part(.requirementsFile("requirements.txt")), part(.constraintsFile("constraints.txt")),
            part(.requirement("pytest"), .test),
        ])
        let step = try #require(plan.spec.dependencies.first)
        #expect(plan.spec.dependencies.count == 1)
        #expect(step.directory == ".")
        #expect(step.installsProject == Annotated(true, comment: "pyproject.toml:1"))
        #expect(step.extras.map(\.value) == ["test"])
        #expect(step.groups.isEmpty)
        #expect(step.requirementsFiles.map(\.value) == ["requirements.txt"])
        #expect(step.constraintsFiles.map(\.value) == ["constraints.txt"])
        #expect(step.requirements.map(\.value) == ["pytest"])
        #expect(
            plan.rejectedDependencies.map(\.reason) == [
                "builds documentation only", "checks style only", "what the tests need is named apart",
                "the build backend fetches it itself",
            ])
    }

    @Test func bringsPythonWhereOnlyAStepNeedsIt() throws {
        let language = Finding.language(LanguageFinding("c", evidence: Evidence("Makefile")))
        let plan = try planned([language, part(.requirement("gcovr"), .test)])
        #expect(plan.toolchains.map(\.tool) == ["python"])
        #expect(plan.spec.packages.map(\.value).contains("python3"))
        #expect(try planned([language, part(.group("docs"), .documentation)]).toolchains.isEmpty)
    }

    @Test func takesDevelopmentPartsWhereNothingIsNamedForTests() throws {
        let step = try #require(
            try planned([
                project, part(.group("dev"), .development), part(.lockfile("uv.lock"), .test),
            ]).spec.dependencies.first)
        #expect(step.groups.map(\.value) == ["dev"])
    }

    @Test func namesEachPartOnce() throws {
        let step = try #require(
            try planned([project, part(.extra("test"), .test, line: 3), part(.extra("test"), .test, line: 9)])
                .spec.dependencies.first)
        #expect(step.extras == [Annotated("test", comment: "pyproject.toml:3")])
    }

    @Test func takesTheFirstLockfile() throws {
        let plan = try planned([project, part(.lockfile("uv.lock")), part(.lockfile("poetry.lock"))])
        #expect(plan.spec.dependencies.map(\.lockfile.value) == ["uv.lock"])
        #expect(plan.rejectedDependencies.map(\.reason) == ["uv.lock was found first"])
    }

    @Test func takesTheProjectNearestToTheRoot() throws {
        let findings = [
            part(.project(backend: nil, isNative: false), in: "b"),
            part(.project(backend: nil, isNative: false), in: "a"),
            part(.project(backend: nil, isNative: false), in: "a/c"),
        ]
        let plan = try planned(findings)
        #expect(plan.spec.dependencies.map(\.directory) == ["a"])
        #expect(
            plan.rejectedDependencies.map(\.reason) == ["belongs to the project in b", "belongs to the project in a/c"])
        #expect(try planned([project] + findings).spec.dependencies.map(\.directory) == ["."])
    }

    @Test func takesNoFolderForAProjectThatHasNothingToInstall() throws {
        let plan = try planned([
            part(.requirementsFile("lint.txt"), .lint), part(.project(backend: nil, isNative: false), in: "src"),
        ])
        #expect(plan.spec.dependencies.map(\.directory) == ["src"])
        #expect(plan.rejectedDependencies.map(\.reason) == ["belongs to the project in the root"])
        let styleOnly = try planned([part(.requirementsFile("lint.txt"), .lint)])
        #expect(styleOnly.spec.dependencies.isEmpty)
        #expect(styleOnly.rejectedDependencies.map(\.reason) == ["checks style only"])
    }

    @Test func recordsPartsForWhichThereIsNoInstaller() throws {
        let plan = try planned([part(.project(backend: nil, isNative: false), manager: "npm")])
        #expect(plan.spec.dependencies.isEmpty)
        #expect(plan.rejectedDependencies.map(\.reason) == ["no step installs with npm"])
    }

    @Test(arguments: [
        // The catalog is of 2026-06-01.
        ("2026-01-01", "3.13", ""), ("2025-06-01", "3.13", ""), ("2025-05-31", "3.11", "2025-05-31"),
        ("2023-08-01", "3.11", "2023-08-01"),
        ("2023-01-01", "3.11", "2023-01-01"), ("2022-10-24", "3.11", "2022-10-24"),
        // 270 days after the release of 3.11, so that there are packages which know it.
        ("2022-10-23", "3.11", "2023-07-21"), ("2015-01-01", "3.11", "2023-07-21"), ("soon", "3.11", ""),
    ])
    func limitsPackagesToTheDaysOfTheProject(day: String, version: String, limit: String) throws {
        let plan = try planned([
            project, python(.range, "==\(version).*"),
            .date(DateFinding(day: day, evidence: Evidence("CHANGES", line: 4))),
        ])
        let step = try #require(plan.spec.dependencies.first)
        #expect(plan.toolchains.map(\.requirement) == [version])
        #expect(step.excludeNewer.value == limit)
        #expect(step.excludeNewer.comment.contains(day) == !limit.isEmpty)
    }

    @Test func setsNoLimitWithoutADay() throws {
        #expect(try planned([project]).spec.dependencies.map(\.excludeNewer) == [Annotated("")])
    }
}
