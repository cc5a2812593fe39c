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
}
