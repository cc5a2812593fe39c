//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Testing

struct DetectTests {
    /// Reports a language for each file of an extension, and warns of empty ones.
    private struct ByExtension: Detector {
        let name: String
        let ext: String
        var summary: String { "files that end with .\(ext)" }

        func findings(in repository: Repository) -> [Finding] {
            repository.files(withExtension: ext).map { file in
                if repository.text(file.path)?.isEmpty != false { repository.warn(Evidence(file.path), "is empty") }
                return .language(LanguageFinding(name, evidence: Evidence(file.path)))
            }
        }
    }

    @Test func keepsTheOrderOfTheDetectorsAndEachFindingOnce() {
        let checkout = Checkout(files: ["a.py": "x", "b.py": "", "c.rb": "x"])
        let python = ByExtension(name: "python", ext: "py")
        let found = detect(in: Repository(checkout), using: [ByExtension(name: "ruby", ext: "rb"), python, python])
        let languages = found.findings.map { finding in
            if case .language(let value) = finding { "\(value.name) \(value.evidence)" } else { "" }
        }
        #expect(languages == ["ruby c.rb", "python a.py", "python b.py"])
        #expect(found.filesRead == ["a.py", "b.py", "c.rb"])
        #expect(found.warnings.map(\.description) == ["b.py: is empty"])
    }

    @Test func findsNothingWithoutDetectors() {
        let found = detect(in: Repository(Checkout(files: ["a.py": "x"])), using: [])
        #expect(found.findings.isEmpty && found.filesRead.isEmpty && found.warnings.isEmpty)
    }

    @Test(arguments: [
        (Evidence("a", line: 2), Evidence("a", line: 10), true), (Evidence("a"), Evidence("a", line: 1), true),
        (Evidence("b", line: 1), Evidence("a", line: 2), false),
        (Evidence("a", line: 1), Evidence("a", line: 1), false),
    ])
    func ordersEvidenceByPathThenLine(lhs: Evidence, rhs: Evidence, isLess: Bool) {
        #expect((lhs < rhs) == isLess)
    }

    @Test func writesEvidenceAsCompilersDo() {
        #expect(Evidence("a/b.toml", line: 12).description == "a/b.toml:12")
        #expect(Evidence("uv.lock").description == "uv.lock")
    }

    @Test func ordersPhasesAndStandings() {
        #expect(SystemFinding.Phase.allCases.sorted() == [.build, .run, .test])
        #expect([TaskFinding.Standing.declared, .inferred, .used].sorted() == [.inferred, .used, .declared])
    }
}
