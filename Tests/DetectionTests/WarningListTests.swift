//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Detection

struct WarningListTests {
    private func warning(_ line: Int, of path: String = "a") -> DetectionWarning {
        DetectionWarning(evidence: Evidence(path, line: line), problem: "p\(line)")
    }

    @Test func sortsByFileAndLineAndKeepsEachOnce() {
        var list = WarningList()
        for item in [warning(2, of: "b"), warning(10), warning(2), warning(2, of: "b")] { list.insert(item) }
        #expect(list.sorted.map { "\($0.evidence)" } == ["a:2", "a:10", "b:2"])
    }

    @Test(arguments: [20, 21, 500]) func keepsTheFirstTwentyOfAFileInAnyOrder(count: Int) {
        let warnings = (1...count).map { warning($0) }
        var expected = warnings.prefix(20).map { "\($0)" }
        if count > 20 { expected.append("a: has more problems like these") }
        for order in [warnings, warnings.reversed(), warnings.shuffled()] {
            var list = WarningList()
            for item in order { list.insert(item) }
            #expect(list.sorted.map { "\($0)" } == expected)
        }
    }

    @Test(arguments: [1, 7, 20, 30]) func isTheSameHoweverItIsPutTogether(size: Int) {
        let warnings = (1...30).map { warning($0 % 25, of: $0 % 4 == 0 ? "b" : "a") }
        var whole = WarningList()
        for item in warnings { whole.insert(item) }
        var parts = WarningList()
        for start in stride(from: 0, to: warnings.count, by: size) {
            var part = WarningList()
            for item in warnings.dropFirst(start).prefix(size) { part.insert(item) }
            parts.formUnion(part)
        }
        #expect(parts.sorted == whole.sorted)
    }
}
