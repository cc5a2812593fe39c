//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Lock
import Testing
import Toolchains

/// What `fitout.lock` looks like. `FITOUT_RECORD=1` writes `Fixtures/locks` anew, and then fails.
struct LockfileTests {
    @Test func writesWhatTheGoldenFileHolds() throws {
        let text = try completeLock().rendered()
        let golden = lockFixtures.appending(path: "complete.lock")
        if ProcessInfo.processInfo.environment["FITOUT_RECORD"] == "1" {
            try FileManager.default.createDirectory(at: lockFixtures, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: golden)
            Issue.record("recorded \(golden.path)")
        }
        #expect(try Data(contentsOf: golden) == Data(text.utf8))
    }

    @Test func readsBackWhatItWrites() throws {
        let lock = try completeLock()
        let read = try Lockfile(json: Array(lock.rendered().utf8))
        #expect(read == lock)
        #expect(read.rendered() == lock.rendered())
    }

    @Test func writesAnEmptyLock() throws {
        let lock = Lockfile(
            spec: try digest("0"), base: "debian:sid", sourceDateEpoch: 0, archives: [], platforms: [], inputs: [])
        #expect(try Lockfile(json: Array(lock.rendered().utf8)) == lock)
        #expect(
            lock.rendered() == """
                {
                  "version": 1,
                  "spec": "sha256:\(String(repeating: "0", count: 64))",
                  "base": "debian:sid",
                  "sourceDateEpoch": 0,
                  "archives": [],
                  "platforms": {
                  },
                  "inputs": []
                }

                """)
    }

    @Test(arguments: [
        "a,\n,\nb", "\"", "\\", "\u{0}\u{1F}", "é😀", "\u{2028}", "a\tb", "],", "",
    ])
    func keepsStrangeTexts(text: String) throws {
        var lock = try completeLock()
        lock.base = text
        lock.archives[0].date = text
        lock.platforms[0].packages[0].version = text
        lock.platforms[0].steps[0].python.distributions[0].name = text
        lock.platforms[0].steps[0].python.distributions[0].version = text
        lock.inputs[0].path = "x" + text.replacing("\u{0}", with: "")
        let read = try Lockfile(json: Array(lock.rendered().utf8))
        #expect(read == lock)
    }

    @Test func putsOnePackageOnALine() throws {
        let lines = try completeLock().rendered().split(separator: "\n")
        #expect(lines.filter { $0.contains("\"tzdata\"") }.count == 1)
        #expect(lines.filter { $0.contains("sha256:") }.count == 1 + 3 + 2 + 4 + 2)
    }
}
