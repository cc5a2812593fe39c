//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Detectors
import FoundationEssentials
import Testing

/// The repositories in `Fixtures/repositories` whose names begin with `python-`, each with its findings beside it.
///
/// `FITOUT_RECORD=1` writes the golden files anew, and then fails.
@Suite struct PythonRepositoriesTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/repositories").path

    static var names: [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return entries.filter { $0.hasPrefix("python-") && !$0.contains(".") }.sorted()
    }

    @Test func hasRepositories() {
        #expect(Self.names.count >= 16)
    }

    @Test(arguments: names)
    func findsWhatTheGoldenFileSays(name: String) throws {
        let root = "\(Self.folder)/\(name)"
        let found = detect(in: Repository(try Checkout(root: root)), using: [PythonDetector()])
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

    @Test func readsTheSameTwice() throws {
        let root = "\(Self.folder)/python-pep621"
        let first = detect(in: Repository(try Checkout(root: root)), using: [PythonDetector()]).findings
        let second = detect(in: Repository(try Checkout(root: root)), using: [PythonDetector()]).findings
        #expect(first == second)
    }
}
