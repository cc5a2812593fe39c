//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Checks documents against a JSON Schema with Python's `jsonschema`.
public struct SchemaCheck: Sendable {
    private let schema: String

    /// A check against the schema of this name in `docs`.
    public init(schema: String) { self.schema = schema }

    /// Whether there is a Python with the modules; says what is missing where there is none.
    public static let isPossible: Bool = {
        let output = try? run(["-c", "import jsonschema, yaml"], "", discardingErrors: true)
        if output == nil { print("SKIPPED: schemas are not checked: python3 with jsonschema and yaml is missing") }
        return output != nil
    }()

    /// What the schema has against each document (YAML, which includes JSON); empty where it is valid.
    ///
    /// One process for all of them, because Python takes longer to start than to check.
    public func problems(in documents: [String]) throws -> [String] {
        let script = """
            import json, jsonschema, sys, yaml
            class Loader(yaml.SafeLoader): pass
            # A date is a text in YAML 1.2.
            Loader.yaml_implicit_resolvers = {
                key: [(tag, regexp) for tag, regexp in pairs if tag != "tag:yaml.org,2002:timestamp"]
                for key, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()}
            schema = json.load(open(sys.argv[1], encoding="utf-8"))
            checker = jsonschema.Draft202012Validator(schema)
            checker.check_schema(schema)
            def problems(text): return "\\n".join(e.message for e in checker.iter_errors(yaml.load(text, Loader)))
            sys.stdout.write("\\0".join(map(problems, sys.stdin.buffer.read().decode().split("\\0"))))
            """
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/\(schema)").path
        let output = try Self.run(["-c", script, path], documents.joined(separator: "\0"))
        return output.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
    }

    private struct Failure: Error {}

    private static func run(_ arguments: [String], _ input: String, discardingErrors: Bool = false) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "schema-\(UUID().uuidString)")
        try Data(input.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        process.standardInput = try FileHandle(forReadingFrom: file)
        if discardingErrors { process.standardError = FileHandle.nullDevice }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        if process.terminationStatus != 0 { throw Failure() }
        return String(decoding: data, as: UTF8.self)
    }
}
