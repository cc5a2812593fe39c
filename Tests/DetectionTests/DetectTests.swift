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

    /// Reads files of its own share, and one that all read.
    private struct Share: Detector {
        let number: Int
        var name: String { "share \(number)" }
        var summary: String { "some files" }

        func findings(in repository: Repository) -> [Finding] {
            let shared = repository.json("shared.json")
            let files = repository.files(withExtension: "txt").filter {
                Int($0.name.dropLast(4)).map { $0 % 40 } == number
            }
            for file in files { repository.warn(Evidence(file.path, line: number), "\(shared == nil)") }
            return files.map { .language(LanguageFinding(name, evidence: Evidence($0.path))) }
        }
    }

    @Test func findsTheSameHoweverDetectorsTakeTurns() {
        var files = Dictionary(uniqueKeysWithValues: (0..<400).map { ("\($0).txt", "x") })
        files["shared.json"] = "{"
        let detectors = (0..<40).map { Share(number: $0) }
        let first = detect(in: Repository(Checkout(files: files)), using: detectors)
        #expect(first.findings.count == 400 && first.warnings.count == 401 && first.filesRead == ["shared.json"])
        for _ in 0..<20 {
            let again = detect(in: Repository(Checkout(files: files)), using: detectors)
            #expect(again.findings == first.findings && again.warnings == first.warnings)
        }
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
