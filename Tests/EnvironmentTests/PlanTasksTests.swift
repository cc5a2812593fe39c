//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Testing

@testable import Environment

struct PlanTasksTests {
    private func install(_ command: String, _ path: String, _ standing: TaskFinding.Standing = .inferred) -> Finding {
        .task(TaskFinding("install", command: command, standing: standing, evidence: Evidence(path)))
    }

    private func language(_ name: String, _ path: String, bytes: Int64) -> [Finding] {
        [
            .language(LanguageFinding(name, evidence: Evidence(path))),
            .source(SourceFinding(name == "node" ? "javascript" : name, bytes: bytes, evidence: Evidence(path))),
        ]
    }

    private func manager(_ name: String, _ lockfile: String?, _ directory: String = "") -> Finding {
        .packageManager(
            PackageManagerFinding(
                name, lockfile: lockfile, directory: directory, evidence: Evidence(lockfile ?? "package.json")))
    }

    @Test func joinsInstallsOfSeveralLanguages() throws {
        let plan = try planned(
            language("node", "package.json", bytes: 10) + language("ruby", "Gemfile", bytes: 90)
                + [install("npm ci", "package.json"), install("bundle install", "Gemfile")])
        #expect(plan.spec.task("install") == "bundle install && npm ci")
        #expect(plan.spec.tasks.map(\.comment) == ["Gemfile, package.json"])
        #expect(plan.rejectedTasks.isEmpty)
    }

    @Test func leavesToolsOfAnotherLanguageOut() throws {
        let both = [install("go mod download", "go.mod"), install("npm install", "package.json")]
        let languages = language("go", "go.mod", bytes: 1_000) + language("node", "package.json", bytes: 1)
        #expect(try planned(languages + both).spec.task("install") == "go mod download")
        let locked = languages + both + [manager("npm", "package-lock.json")]
        #expect(try planned(locked).spec.task("install") == "go mod download && npm install")
    }

    @Test func takesADeclaredScriptForAll() throws {
        let findings = [
            install("bundle install", "Gemfile"), install("npm ci", "package.json"),
            install("make install", "Makefile", .declared),
        ]
        #expect(try planned(findings).spec.task("install") == "make install")
    }

    @Test func keepsOneInstallOfALanguage() throws {
        let findings = [
            install("yarn install", "yarn.lock"), install("npm ci", "package-lock.json"),
            manager("yarn", "yarn.lock"), manager("npm", "package-lock.json"), manager("npm", "web/x.json", "web"),
        ]
        let plan = try planned(findings)
        #expect(plan.spec.task("install") == "yarn install")
        #expect(
            plan.conflicts.map(\.description) == [
                "package manager: yarn.lock was locked with yarn,"
                    + " but package-lock.json was locked with npm; yarn was chosen"
            ])
    }
}
