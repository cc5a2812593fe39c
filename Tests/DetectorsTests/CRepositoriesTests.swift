//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Detectors
import FoundationEssentials
import Testing

/// The repositories in `Fixtures/repositories` whose names begin with `c-`, each with its findings beside it.
///
/// `FITOUT_RECORD=1` writes the golden files anew, and then fails.
@Suite struct CRepositoriesTests {
    static var names: [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: RepositoriesTests.folder)) ?? []
        return entries.filter { $0.hasPrefix("c-") && !$0.contains(".") }.sorted()
    }

    @Test func hasRepositories() {
        #expect(Self.names.count >= 6)
    }

    @Test(arguments: names)
    func findsWhatTheGoldenFileSays(name: String) throws {
        let root = "\(RepositoriesTests.folder)/\(name)"
        let found = detect(in: Repository(try Checkout(root: root)), using: [CDetector()])
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
}
