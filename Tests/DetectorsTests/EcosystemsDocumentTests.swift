//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Detectors
import FoundationEssentials
import Testing

/// `docs/ecosystems.md` names every detector. `FITOUT_RECORD=1` writes its table anew, and then fails.
@Suite struct EcosystemsDocumentTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/ecosystems.md")
    private static let head = "| detector | reads |\n|---|---|\n"

    @Test func namesEveryDetector() throws {
        let rows = builtInDetectors.map { "| `\($0.name)` | \(escaped($0.summary)) |\n" }.joined()
        let text = String(decoding: try Data(contentsOf: Self.file), as: UTF8.self)
        let introduction = try #require(text.firstRange(of: Self.head)).lowerBound
        let expected = text[..<introduction] + Self.head + rows
        if ProcessInfo.processInfo.environment["FITOUT_RECORD"] == "1" {
            try Data(expected.utf8).write(to: Self.file)
            Issue.record("recorded \(Self.file.path)")
        }
        #expect(text == String(expected))
    }

    private func escaped(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("*", with: "\\*").replacing("_", with: "\\_")
    }

    @Test func givesEachDetectorANameOfItsOwn() {
        let names = builtInDetectors.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: builtInDetectors.map(\.name))
    func explainsItsFiles(name: String) throws {
        let detector = try #require(builtInDetectors.first { $0.name == name })
        #expect(!detector.sources.isEmpty && !detector.summary.isEmpty)
    }
}
