//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Detectors
import FoundationEssentials
import Testing

/// The repositories in `Fixtures/repositories` for the detectors of continuous integration, containers, lists and
/// languages, each with its findings beside it.
///
/// `FITOUT_RECORD=1` writes the golden files anew, and then fails.
@Suite struct RepositoriesTests {
    /// What the names of the cases begin with.
    static let subjects = [
        "ci", "lists", "docker", "versions", "go", "rust", "node", "bun", "ruby", "perl", "java", "php",
        "services", "devcontainer", "platforms", "tasks",
        "gradle", "kotlin", "scala", "clojure", "bazel", "dotnet", "swift",
        "ada", "ansible", "cobol", "common-lisp", "crystal", "d", "dart", "deno", "eleventy", "elixir", "elm",
        "emacs-lisp", "erlang", "fortran", "git", "gleam", "haskell", "haxe", "helm", "hugo", "jekyll", "julia", "lua",
        "mdbook", "mkdocs", "nim", "notebooks", "ocaml", "odin", "packer", "pascal", "pre-commit", "prolog",
        "protobuf", "purescript", "r", "racket", "rescript", "scheme", "shell", "solidity", "static-site", "tcl",
        "terraform", "v", "vim", "zig", "zola",
    ]

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/repositories").path

    static var names: [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return entries.filter { name in
            !name.contains(".") && subjects.contains { name.hasPrefix("\($0)-") }
        }.sorted()
    }

    /// The detectors of Python, C and the shares of languages have cases of their own.
    static var detectors: [any Detector] {
        builtInDetectors.filter { !["python", "c", "languages"].contains($0.name) }
    }

    @Test(arguments: subjects)
    func hasRepositories(of subject: String) {
        #expect(Self.names.contains { $0.hasPrefix("\(subject)-") })
    }

    @Test(arguments: names)
    func findsWhatTheGoldenFileSays(name: String) throws {
        let root = "\(Self.folder)/\(name)"
        let found = detect(in: Repository(try Checkout(root: root)), using: Self.detectors)
        let lines = found.findings.map { text(of: $0) } + found.warnings.map { "warning \($0)" }
        let actual = lines.joined(separator: "\n") + "\n"
        let golden = "\(root).findings.txt"
        if ProcessInfo.processInfo.environment["FITOUT_RECORD"] == "1" {
            try Data(actual.utf8).write(to: URL(filePath: golden))
            Issue.record("recorded \(golden)")
        }
        let expected = String(decoding: try Data(contentsOf: URL(filePath: golden)), as: UTF8.self)
        #expect(actual == expected)
    }

    /// Every description that ships with the tool is tried on a repository.
    @Test func showsEveryDescription() throws {
        var silent = Set(builtInDetectors.filter { $0 is DeclaredDetector }.map(\.name))
        for name in Self.names where !silent.isEmpty {
            let repository = Repository(try Checkout(root: "\(Self.folder)/\(name)"))
            for detector in builtInDetectors where silent.contains(detector.name) {
                if !detector.findings(in: repository).isEmpty { silent.remove(detector.name) }
            }
        }
        #expect(silent.isEmpty)
    }

    /// A description that embedded.c does not list would be silent.
    @Test func embedsEveryDescription() throws {
        let folder = URL(filePath: Self.folder).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Detectors/Data/Declarative").path
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }
        let shipped = builtInDetectors.filter { $0 is DeclaredDetector }.map { "\($0.name).yaml" }
        #expect(names.sorted() == shipped)
    }
}
