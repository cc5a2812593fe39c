//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Testing

@testable import Detectors

@Suite struct DeclaredDetectorTests {
    private func lines(_ description: String, files: [String: String]) throws -> [String] {
        let detector = try DeclaredDetector(
            Array("detector: 1\nname: x\nsummary: y\n\(description)".utf8), path: "x.yaml")
        return detector.findings(in: Repository(Checkout(files: files))).map { text(of: $0) }
    }

    @Test func shipsDescriptionsWithoutMistakes() {
        #expect(builtInDescriptions.problems.isEmpty)
        #expect(!builtInDescriptions.detectors.isEmpty)
    }

    @Test func readsValuesOfAllKinds() throws {
        let description = """
            rules:
              - files: app.toml
                language: foo
                toolchains:
                  - { tool: foo, kind: range, prefix: '>=', key: build.foo }
                  - { tool: bar, kind: pin, key: [a.b, c] }
                packages: [liba-dev]
                programs: { key: tools, for: test }
                tasks: { test: foo test }
              - files: '*.foo'
                toolchains: { tool: foo, kind: hint, line: '@version' }
                modules: { pattern: '^use (\\w+);' }
                language: foo
              - files: .foo-version
                toolchains: { tool: foo, kind: pin, first-line: [foo-, v] }
              - files: conf/x.json
                services: { postgres: { key: db.version }, redis: ~ }
                variables: { MODE: test }
            """
        let files = [
            "app.toml": "tools = ['make', 'm4']\n[build]\nfoo = '1.2'\n['a.b']\nc = 3\n",
            "src/a.foo": "  @version 2.1\nuse One;\n",
            "test/b.foo": "@version 9\n", ".foo-version": "# comment\n\nfoo-1.3.1\n",
            "conf/x.json": "{\"db\": {\"version\": 16}}",
        ]
        #expect(
            try lines(description, files: files) == [
                "language foo @ app.toml", "toolchain foo range `>=1.2` generic @ app.toml:3",
                "toolchain bar pin `3` generic @ app.toml:5", "system package(\"liba-dev\") build () @ app.toml",
                "system program(\"make\") test () @ app.toml:1", "system program(\"m4\") test () @ app.toml:1",
                "task test inferred: foo test @ app.toml", "language foo @ src/a.foo",
                "toolchain foo hint `2.1` generic @ src/a.foo:1",
                "system module(language: \"foo\", name: \"One\") build () @ src/a.foo:2",
                "toolchain foo pin `1.3.1` generic @ .foo-version:3", "variable MODE=test @ conf/x.json",
                "service postgres 16 - @ conf/x.json:1", "service redis - - @ conf/x.json",
            ])
    }

    @Test func asksForAFileBeside() throws {
        let description = "rules:\n  - files: a.txt\n    beside: ['*.rb']\n    language: x\n"
        #expect(try lines(description, files: ["a.txt": "", "b.py": ""]).isEmpty)
        #expect(try lines(description, files: ["d/a.txt": "", "d/b.rb": ""]) == ["language x @ d/a.txt"])
    }

    @Test(arguments: [
        ("rules: []", "4:8"), ("rules:\n  - file: x", "5:5"), ("rules:\n  - language: x", "5:5"),
        ("rules:\n  - files: x\n    toolchains: { tool: t, kind: wish }", "6:34"),
        ("rules:\n  - files: x\n    toolchains: { tool: t, dialect: d }", "6:37"),
        ("rules:\n  - files: x\n    toolchains: { tool: t, pattern: '(' }", "6:37"),
        ("rules:\n  - files: x\n    toolchains: { tool: t, pattern: 'no group' }", "6:37"),
        ("rules:\n  - files: x\n    programs: { for: test }", "6:15"), ("rules:\n  - files: x\n    modules: y", "6:14"),
        ("rules: [", "5:1"),
    ])
    func namesThePlaceOfAMistake(description: String, place: String) {
        do {
            _ = try lines(description, files: [:])
            Issue.record("no error")
        } catch {
            #expect("\(error)".hasPrefix("x.yaml:\(place): "), "\(error)")
        }
    }
}
