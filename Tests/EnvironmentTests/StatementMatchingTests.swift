//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Testing
import Versions

@testable import Environment

struct StatementMatchingTests {
    @Test(arguments: [
        ("python", StatementKind.pin, "3.11.4", "3.11.2", Match.meets),
        ("python", .pin, "3.11.4", "3.12.1", .misses),
        ("python", .pin, "3", "3.12.1", .meets),
        ("python", .pin, "  3.11 ", "3.11.2", .meets),
        ("python", .pin, "python-3.11.4", "3.11.2", .meets),
        ("python", .pin, "cpython@3.11.4", "3.11.2", .meets),
        ("python", .pin, "3.1", "3.11.2", .misses),
        ("python", .pin, "pypy3.11", "3.11.2", .silent),
        ("python", .pin, "system", "3.11.2", .silent),
        ("python", .pin, "", "3.11.2", .silent),
        ("python", .hint, "3.13-dev", "3.13.5", .meets),
        ("python", .hint, "3.9", "3.13.5", .misses),
        ("python", .range, ">=3.8", "3.13.5", .meets),
        ("python", .range, ">=3.8,<3.12", "3.13.5", .misses),
        ("python", .range, "~=3.8", "3.13.5", .meets),
        ("python", .range, "three or so", "3.13.5", .silent),
        ("python", .range, "==99999999999999999999999999", "3.13.5", .silent),
        ("python", .lock, "3.11.9", "3.11.2", .meets),
        ("java", .pin, "17.0.2", "17.0.19", .meets),
        ("java", .pin, "temurin-17.0.2", "21.0.13", .misses),
        ("node", .pin, "v20.1.0", "20.19.2", .meets),
        ("node", .pin, "20", "18.20.4", .misses),
        ("go", .pin, "go1.22.3", "1.22.1", .meets),
        ("ruby", .pin, "ruby-3.1.2", "3.1.0", .meets),
        ("gcc", .hint, "12.1", "12.2.0", .meets),
    ])
    func comparesAVersionWithAStatement(
        tool: String, kind: StatementKind, constraint: String, version: String, expected: Match
    ) {
        let finding = ToolchainFinding(
            tool: tool, kind: kind, constraint: constraint, dialect: .pep440, evidence: Evidence("f"))
        #expect(finding.match(version) == expected)
    }

    @Test(arguments: [
        ("3.11", [3, 11]), ("v20.1.0", [20, 1, 0]), ("go1.22", [1, 22]), ("3.12.0rc1", [3, 12, 0]),
        ("3.12-dev", [3, 12]),
    ])
    func readsTheNumbersOfAPlainVersion(text: String, numbers: [Int]) {
        #expect(releaseNumbers(text) == numbers)
    }

    @Test(arguments: [
        "", ".", "3.", ">=3", "^3.1", "3.x", "3.*", "lts", "lts/iron", "jruby-9", "3.11 || 3.12",
        "99999999999999999999", "½",
    ])
    func readsNoNumbersFromAnythingElse(text: String) {
        #expect(releaseNumbers(text) == nil)
    }
}
