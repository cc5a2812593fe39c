//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Testing

@testable import Environment

struct PlanTests {
    private func task(_ name: String, _ command: String, _ standing: TaskFinding.Standing) -> Finding {
        .task(TaskFinding(name, command: command, standing: standing, evidence: Evidence("Makefile", line: 3)))
    }

    @Test func takesTheStrongestCommandOfEachName() throws {
        let plan = try planned([
            task("test", "pytest", .inferred), task("test", "tox", .declared), task("test", "make check", .declared),
            task("build", "make", .used),
        ])
        #expect(plan.spec.tasks.map(\.value.command) == ["make", "tox"])
        #expect(plan.spec.tasks.map(\.comment) == ["Makefile:3", "Makefile:3"])
        #expect(plan.rejectedTasks.map(\.command) == ["pytest", "make check"])
    }

    @Test func takesTheCommandOfTheWholeBeforeThatOfAPart() throws {
        func test(_ command: String, _ standing: TaskFinding.Standing, _ path: String) -> Finding {
            .task(TaskFinding("test", command: command, standing: standing, evidence: Evidence(path)))
        }
        let part = test("cd 'my web' && npm test", .declared, "my web/package.json")
        let whole = test("pytest", .inferred, "conftest.py")
        let elsewhere = test("cd tests && pytest ../app", .declared, "tox.ini")
        #expect(try planned([part, whole]).spec.task("test") == "pytest")
        #expect(try planned([part, whole, elsewhere]).spec.task("test") == "cd tests && pytest ../app")
        #expect(try planned([part]).spec.task("test") == "cd 'my web' && npm test")
    }

    @Test func takesVariablesWithValues() throws {
        func variable(_ name: String, _ value: String?, _ line: Int = 1) -> Finding {
            .variable(VariableFinding(name, value: value, evidence: Evidence("tox.ini", line: line)))
        }
        let plan = try planned([
            variable("TOKEN", nil), variable("MODE", nil), variable("MODE", "test", 2), variable("MODE", "other", 3),
            variable("A=B", "c"), variable("ZERO", "a\u{0}"), variable("", "c"),
        ])
        #expect(
            plan.spec.environment == [
                Annotated(EnvironmentVariable(name: "MODE", value: "test"), comment: "tox.ini:2")
            ])
    }

    @Test func takesAServiceOnceWithItsVersion() throws {
        func service(_ name: String, _ version: String?, _ line: Int) -> Finding {
            .service(ServiceFinding(name, version: version, evidence: Evidence("compose.yaml", line: line)))
        }
        let plan = try planned([
            service("postgres", nil, 1), service("redis", nil, 2), service("postgres", "16", 3),
            service("postgres", "15", 4),
        ])
        #expect(
            plan.spec.services == [
                Annotated(Service(name: "postgres", version: "16"), comment: "compose.yaml:3"),
                Annotated(Service(name: "redis", version: ""), comment: "compose.yaml:2"),
            ])
    }

    @Test func makesASpecThatReadsBack() throws {
        let plan = try planned(
            tested("3.11") + [
                part(.project(backend: nil, isNative: true)), part(.extra("test"), .test),
                task("test", "pytest -q", .used),
                .date(DateFinding(day: "2022-05-05", evidence: Evidence("CHANGES\u{1B}", line: 1))),
                .system(SystemFinding(.package("libpq-dev"), evidence: Evidence("odd\u{7}name #\n.txt"))),
            ])
        #expect(try EnvironmentSpec(yaml: Array(plan.spec.rendered().utf8)) == plan.spec.withoutComments)
    }

    @Test func saysWhyTheDefaultWasTaken() throws {
        let plan = try planned([])
        #expect(plan.suiteReason == "the default; nothing in the repository speaks against it")
        #expect(plan.spec.base.comment == plan.suiteReason)
    }

    @Test func saysWhatTheDefaultLacks() throws {
        let plan = try planned([python(.range, "<3.12", "setup.cfg", 4)])
        #expect(plan.suiteReason == "has python 3.11, which is <3.12 (setup.cfg:4); trixie has 3.13")
    }
}
