//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Foundation
import SystemPackage
import TestSupport
import Testing

/// What `fitout init` says of the repositories in `Fixtures/repositories`.
@Suite struct DetectionTests {
    private static let folder = Trial.repository.appending("Fixtures/repositories").string

    private static var names: [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return entries.filter { !$0.contains(".") }.sorted()
    }

    private func read(_ trial: Trial, _ name: String) throws -> String {
        try String(contentsOfFile: trial.project.appending(name).string, encoding: .utf8)
    }

    private func json(of name: String) async throws -> String {
        let result = try await start(
            Trial.program.string, ["init", "-C", "\(Self.folder)/\(name)", "--dry-run", "--format", "json"])
        try #require(result.status == 0, "\(name): \(result.errors)")
        return result.output
    }

    @Test(.enabled(if: SchemaCheck.isPossible, "python3 with jsonschema and yaml is missing"))
    func printsJSONAfterItsSchema() async throws {
        var documents: [String] = []
        for name in Self.names { documents.append(try await json(of: name)) }
        let problems = try SchemaCheck(schema: "detection.schema.json").problems(in: documents)
        for (name, problem) in zip(Self.names, problems) { #expect(problem == "", "\(name)") }
    }

    @Test(arguments: ["python-tox", "rust-workspace", "docker-compose"])
    func printsTheSameTwice(name: String) async throws {
        #expect(try await json(of: name) == json(of: name))
    }

    @Test func showsWhatAnExistingSpecLacksAndAddsItOnDemand() async throws {
        let trial = try await Trial("greeting")
        #expect(try await trial.fitout(["init"]).status == 0)
        let whole = try read(trial, "fitout.yaml")
        let edited =
            whole.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("  - git ") }.joined(separator: "\n") + "# mine\n"
        try trial.write(edited, to: "fitout.yaml")

        let shown = try await trial.fitout(["init"])
        #expect(shown.status == 0)
        #expect(shown.output.split(separator: "\n").contains { $0.hasPrefix("+  - git ") })
        #expect(try read(trial, "fitout.yaml") == edited)

        #expect(try await trial.fitout(["init", "--update"]).status == 0)
        #expect(try read(trial, "fitout.yaml") == whole + "# mine\n")
        #expect(try await trial.fitout(["init", "--force"]).status == 0)
        #expect(try read(trial, "fitout.yaml") == whole)
        #expect(try await trial.fitout(["init", "--force", "--update"]).status == 2)
    }

    @Test func testsDetectorsAgainstTheirCases() async throws {
        let trial = try await Trial("greeting")
        _ = try await start("mkdir", ["-p", trial.path("cases/first")])
        _ = try await start("sh", ["-c", "echo 20.1 > \(trial.path("cases/first/.crystal-version"))"])
        let test = ["detectors", "test", "--detector", "crystal", trial.path("cases")]
        #expect(try await trial.fitout(test).status == 1)
        #expect(try await trial.fitout(test + ["--record"]).status == 0)
        #expect(try await trial.fitout(test).output == "passed    first")
        _ = try await start("sh", ["-c", "echo 21 > \(trial.path("cases/first/.crystal-version"))"])
        let failed = try await trial.fitout(test)
        #expect(failed.status == 1)
        #expect(failed.output.contains("+toolchain crystal pin `21`"))
        #expect(try await trial.fitout(["detectors", "show", "crystal"]).output.contains(".crystal-version  pin"))
        #expect(try await trial.fitout(["detectors", "show", "nonesuch"]).status == 2)
    }
}
