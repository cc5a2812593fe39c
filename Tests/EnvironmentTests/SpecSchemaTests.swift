//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Environment
import TestSupport
import Testing

/// `docs/fitout.schema.json` says what the reader says.
@Suite(.enabled(if: SchemaCheck.isPossible, "python3 with jsonschema and yaml is missing"))
struct SpecSchemaTests {
    private let check = SchemaCheck(schema: "fitout.schema.json")

    private func reads(_ text: String) -> Bool {
        (try? EnvironmentSpec(yaml: Array(text.utf8))) != nil
    }

    @Test func acceptsWhatIsWritten() throws {
        let smallest = EnvironmentSpec(base: BaseSystem(distribution: "debian", suite: "trixie"))
        #expect(try check.problems(in: [SpecRenderingTests.complete.rendered(), smallest.rendered()]) == ["", ""])
    }

    @Test func acceptsWhatIsRead() throws {
        let lines = [
            "platforms: linux/arm64", "toolchains: {python: 3.11, node: }", "packages:",
            "services: {postgres: 16, redis: }",
            "dependencies: [{manager: uv, directory: ./a/, project: , lockfile: , exclude-newer: 2024-02-29}]",
            "environment: {A: 1, B: , C: x}",
        ]
        let texts = lines.map { "fitout: 1\nbase: debian:trixie\n\($0)\n" }
        for (text, problems) in zip(texts, try check.problems(in: texts)) {
            #expect(problems == "", "\(text)")
            #expect(reads(text), "\(text)")
        }
    }

    @Test func refusesWhatIsNotRead() throws {
        let lines = [
            "package: [git]", "packages: git", "packages: [{git: 1}]", "packages: ['']", "platforms: []",
            "platforms: [linux/mips]", "platforms: [linux/amd64, linux/amd64]", "toolchains: [python]",
            "toolchains: {python: '>=3.11'}", "environment: {A=B: c}", "environment: {A: [b]}", "tasks: {test: }",
            "tasks: {test: ' '}", "services: [postgres]", "dependencies: {manager: uv}",
            "dependencies: [{project: true}]",
            "dependencies: [{manager: npm}]", "dependencies: [{manager: uv, group: [dev]}]",
            "dependencies: [{manager: uv, project: 1}]", "dependencies: [{manager: uv, extras: test}]",
            "dependencies: [{manager: uv, directory: ../a}]", "dependencies: [{manager: uv, lockfile: /uv.lock}]",
            "dependencies: [{manager: uv, requirements-files: [a/../b.txt]}]",
            "dependencies: [{manager: uv, exclude-newer: yesterday}]",
        ]
        let others = [
            "fitout: 2\nbase: debian:trixie", "base: debian:trixie", "fitout: 1", "fitout: 1\nbase: fedora:40",
        ]
        let texts = others + lines.map { "fitout: 1\nbase: debian:trixie\n\($0)\n" }
        for (text, problems) in zip(texts, try check.problems(in: texts)) {
            #expect(problems != "", "\(text)")
            #expect(!reads(text), "\(text)")
        }
    }
}
