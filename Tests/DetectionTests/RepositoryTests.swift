//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Testing

struct RepositoryTests {
    private func repository(_ files: [String: String]) -> Repository { Repository(Checkout(files: files)) }

    @Test func findsFilesNearestToTheRootFirst() {
        let repository = repository([
            "b/setup.py": "", "setup.py": "", "a/x/setup.py": "", "a/setup.py": "", "a/setup.py.in": "",
            "setup.cfg": "",
        ])
        #expect(
            repository.files(named: "setup.py").map(\.path) == ["setup.py", "a/setup.py", "b/setup.py", "a/x/setup.py"])
        #expect(repository.files(withExtension: "py").count == 4)
        #expect(repository.files(withExtension: "in").map(\.path) == ["a/setup.py.in"])
        #expect(repository.files(in: "").map(\.name) == ["setup.cfg", "setup.py"])
        #expect(repository.files(in: "a").map(\.name) == ["setup.py", "setup.py.in"])
        #expect(repository.files(named: "nothing").isEmpty)
    }

    @Test func takesADotInFrontForAName() {
        let repository = repository([".gitlab": "", ".a.yml": ""])
        #expect(repository.files(withExtension: "gitlab").isEmpty)
        #expect(repository.files(withExtension: "yml").map(\.path) == [".a.yml"])
    }

    @Test(arguments: [
        ("pyproject.toml", false), ("src/app/setup.py", false), ("tests/setup.py", true), ("a/Tests/b/setup.py", true),
        ("docs/requirements.txt", true), ("vendor/x/package.json", true), ("tests", false), ("latest/setup.py", false),
    ])
    func tellsTheProjectFromItsSamples(path: String, isSecondary: Bool) {
        #expect(repository([:]).isSecondary(path) == isSecondary)
    }

    @Test func readsTextWithoutAByteOrderMark() {
        let repository = repository(["a": "\u{FEFF}x\r\ny\n\nz", "empty": ""])
        #expect(repository.text("a") == "x\r\ny\n\nz")
        #expect(repository.lines("a") == ["x", "y", "", "z"])
        #expect(repository.lines("empty") == [""])
        #expect(repository.lines("missing") == [])
    }

    @Test(arguments: [
        ("a\nb\n", ["a", "b", ""]), ("a\r\nb\r\r\nc", ["a", "b\r", "c"]), ("a\rb", ["a", "b"]),
        ("a\u{C}b\u{2028}c\u{85}d\ne", ["a\u{C}b\u{2028}c\u{85}d", "e"]),
    ])
    func countsLinesAsEditorsDo(text: String, lines: [String]) {
        #expect(repository(["f": text]).lines("f") == lines)
    }

    @Test func remembersWhatWasRead() {
        let repository = repository(["a": "1", "b": "2", "c": "3"])
        _ = repository.text("b")
        _ = repository.bytes("a")
        _ = repository.bytes("missing")
        #expect(repository.contains("c"))
        #expect(repository.filesRead == ["a", "b"])
        #expect(repository.warnings.isEmpty)
    }

    @Test func warnsOnceOfAFileThatCannotBeParsed() {
        let repository = repository([
            "a.toml": "[a]\nb = \n", "a.yaml": "a: 1\nb: [\n", "a.json": "{\n  \"a\": 1,\n  oops\n}",
        ])
        for _ in 1...2 {
            #expect(repository.toml("a.toml") == nil)
            #expect(repository.yaml("a.yaml") == nil)
            #expect(repository.json("a.json") == nil)
        }
        #expect(repository.warnings.map { "\($0.evidence)" } == ["a.json:3", "a.toml:2", "a.yaml:3"])
        #expect(repository.warnings.allSatisfy { "\($0)".contains("\($0.evidence): ") && !$0.problem.isEmpty })
    }

    @Test func readsCommentsInJSONAndAllDocumentsOfYAML() {
        let repository = repository(["a.json": "// c\n{\"a\": [1,],}", "a.yaml": "a: 1\n---\nb: 2\n"])
        #expect(repository.json("a.json") != nil)
        #expect(repository.yamlDocuments("a.yaml").count == 2)
        #expect(repository.warnings.isEmpty)
    }
}
