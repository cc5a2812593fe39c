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

    @Test func shipsDescriptionsWithoutMistakes() throws {
        #expect(builtInDescriptions.problems.isEmpty)
        #expect(builtInDescriptions.detectors.count >= 40)
        // As a user's own, with every pattern compiled.
        for name in DataFile.names(below: "Declarative/") {
            _ = try DeclaredDetector(DataFile.bytes(name), path: name)
        }
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

    @Test func readsConditionsAndParts() throws {
        let description = """
            rules:
              - files: [app.x, /app.yaml, other.yaml]
                when: '^kind: (?:a|b)$'
                unless: '^off'
                without: /none
                format: yaml
                language: x
                package-manager: { name: xm, version: { key: xm }, lockfile: [x.lock, y.lock] }
                members: { workspace: x, key: parts, manifest: '*.x' }
                tasks: { build: 'x {file} -o {stem}' }
                commands: { key: commands, run: 'x run {name}' }
                ports: { key: port }
                suggests: { key: needs, map: { pg: postgres, '1.2': one } }
                libraries: [{ names: z, for: run }, { key: needs, map: { pg: [pq, ssl] } }]
                toolchains: { tool: x, kind: range, prefix: '>=', pattern: '\\bv\\.(\\d+)', map: { '1': '2' } }
            """
        let file = """
            kind: b
            xm: 2.1
            parts: ['./p/*', q, ../r]
            commands: { go: '', 'a b': '' }
            port: 8080
            needs: { pg: '', 1.2.3: '', no: '' }
            text: v.1 v.3

            """
        let files = [
            "app.x": file, "y.lock": "", "p/one/a.x": "", "q/b.x": "", "r/c.x": "", "d/other.yaml": "kind: c\n",
            "app.yaml": "kind: a\noff: 1\n",
        ]
        #expect(
            try lines(description, files: files) == [
                "language x @ app.x:1", "toolchain x range `2` generic @ app.x:7",
                "package manager xm 2.1 [] y.lock @ app.x:2", "member one [p/one] of x @ app.x:3",
                "member q [q] of x @ app.x:3", "system library(\"z\") run () @ app.x:1",
                "system library(\"pq\") build () @ app.x:6", "system library(\"ssl\") build () @ app.x:6",
                "task build inferred: x app.x -o app @ app.x:1", "task go declared: x run go @ app.x:4",
                "task a b declared: x run 'a b' @ app.x:4", "port 8080 @ app.x:5",
                "service postgres - - suggested @ app.x:6", "service one - - suggested @ app.x:6",
            ])
    }

    @Test func keepsNamesThatAShellReadsOutOfCommands() throws {
        let description = "rules:\n  - files: '*.x'\n    tasks: { build: 'x {file}' }\n"
        #expect(try lines(description, files: ["$(a).x": ""]).isEmpty)
    }

    @Test(arguments: [
        ("linkSystemLibrary2?\\(", "linkSystemLibrary"), ("a|b", ""), ("(?i)abc", ""), ("[abc]+xyz*", "xy"),
        ("a{2}bc", "bc"),
        ("^\\.zig\\s+(x)", ".zig"), ("x\\u0041bc", ""), ("(?:ab)c", "c"),
    ])
    func findsWhatEveryMatchHolds(pattern: String, literal: String) throws {
        let pattern = try #require(LinePattern(pattern, needsGroup: false))
        #expect(String(decoding: pattern.literal, as: UTF8.self) == literal)
    }

    @Test func tellsItsSources() throws {
        let description = """
            detector: 1
            name: x
            summary: y
            rules:
              - { files: [.x-version, .y], toolchains: { tool: x, kind: pin, first-line: true } }
              - { files: x.toml, language: x, toolchains: { tool: x, kind: range, key: x }, tasks: { test: x } }
            """
        #expect(
            try DeclaredDetector(Array(description.utf8), path: "x").sources == [
                DetectorSource(".x-version", "version of x", kind: .pin),
                DetectorSource(".y", "version of x", kind: .pin),
                DetectorSource("x.toml", "version of x", kind: .range),
                DetectorSource("x.toml", "language x, tasks test"),
            ])
    }

    @Test(arguments: [
        ("rules:\n  - files: x\n    when: '('", "6:11"), ("rules:\n  - files: x\n    format: ini", "6:13"),
        ("rules:\n  - files: x\n    members: { key: a }", "6:14"),
        ("rules:\n  - files: x\n    commands: { key: a }", "6:15"),
        ("rules:\n  - files: x\n    package-manager: { lockfile: a }", "6:22"),
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
