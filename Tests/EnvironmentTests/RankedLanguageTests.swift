//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Environment
import Testing

@Suite struct RankedLanguageTests {
    private func declared(_ name: String, _ path: String) -> Finding {
        .language(LanguageFinding(name, evidence: Evidence(path)))
    }

    private func written(_ name: String, _ bytes: Int64) -> Finding {
        .source(SourceFinding(name, bytes: bytes, evidence: Evidence("src/a.\(name)")))
    }

    private func ranked(_ findings: Finding...) throws -> [String] {
        try planned(findings).languages.map { "\($0.name) \(Int(($0.share * 100).rounded()))" }
    }

    @Test func putsTheLargerOfTwoDeclaredLanguagesFirst() throws {
        let names = try ranked(
            declared("go", "go.mod"), declared("python", "pyproject.toml"), written("go", 10), written("python", 90))
        #expect(names == ["python 90", "go 10"])
    }

    @Test func putsTheNearestManifestBeforeShares() throws {
        let names = try ranked(
            declared("node", "web/package.json"), declared("python", "pyproject.toml"), written("javascript", 90),
            written("python", 10))
        #expect(names == ["python 10", "javascript 90"])
    }

    @Test func putsAManifestWithHardlyAnySourcesBehindTheMainLanguage() throws {
        let names = try ranked(
            declared("node", "package.json"), declared("shell", "test/run.bats"), declared("python", "mkdocs.py"),
            written("shell", 980), written("python", 20))
        #expect(names == ["shell 98", "python 2", "javascript 0"])
    }

    @Test func keepsTheOrderWhereNoLanguageIsTheMainOne() throws {
        let names = try ranked(
            declared("node", "package.json"), written("go", 40), written("rust", 40), written("ruby", 20))
        #expect(names == ["javascript 0", "go 40", "rust 40", "ruby 20"])
    }

    @Test func takesNodeForTheLanguageThatIsWritten() throws {
        #expect(
            try ranked(declared("node", "package.json"), written("javascript", 1), written("typescript", 3))
                == ["typescript 75", "javascript 25"])
        #expect(try ranked(declared("node", "package.json")) == ["javascript 0"])
    }

    @Test func leavesOutTracesAndMarkup() throws {
        let names = try ranked(
            declared("python", "setup.py"), written("python", 990), written("shell", 10), written("html", 5_000))
        #expect(names == ["python 99"])
    }

    @Test func namesMarkupWhereThereIsNothingElse() throws {
        #expect(try ranked(written("html", 10)) == ["html 0"])
    }
}
