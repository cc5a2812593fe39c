//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Fuzzing
import Glibc
import TestSupport
import Testing

/// Each parser on its corpus and on damaged forms of it: nothing ends the program, takes long or breaks a promise.
///
/// The input at hand stands in `/tmp/fitout-fuzzing/<parser>`: after a trap, that is the one to blame.
@Suite struct FuzzingTests {
    /// How many damaged inputs there are for each parser, fewer where one takes longer.
    private func rounds(for target: FuzzTarget) -> Int {
        target.name.hasPrefix("detect-") || target.name == "script" || target.name == "deb" ? 400 : 2000
    }

    @Test(arguments: FuzzTarget.all)
    func holdsOnItsCorpus(target: FuzzTarget) throws {
        let notes = try Notes(target.name)
        #expect(!target.corpus.isEmpty)
        for input in target.corpus { try notes.check(target, input) }
    }

    @Test(arguments: FuzzTarget.all)
    func holdsOnDamagedInput(target: FuzzTarget) throws {
        let corpus = target.corpus.filter { $0.count <= 1 << 16 }
        try #require(!corpus.isEmpty)
        let notes = try Notes("\(target.name)-damaged")
        var damage = Damage(seed: 1, words: target.words)
        for _ in 0..<rounds(for: target) {
            let (first, second) = (
                corpus[damage.number(below: corpus.count)], corpus[damage.number(below: corpus.count)]
            )
            try notes.check(target, damage.applied(to: first, mixing: second))
        }
    }
}

/// Runs checks, keeping the input at hand in a file and an eye on the processor time.
private struct Notes {
    let path: String

    init(_ name: String) throws {
        mkdir("/tmp/fitout-fuzzing", 0o777)
        path = "/tmp/fitout-fuzzing/\(name)-\(getpid())"
    }

    func check(_ target: FuzzTarget, _ input: [UInt8]) throws {
        guard let file = fopen(path, "we") else { return }
        fwrite(input, 1, input.count, file)
        fclose(file)
        let start = processorTime()
        do { try target.check(input) } catch {
            Issue.record("\(target): \(error), for the input in \(path)")
            throw error
        }
        let seconds = processorTime() - start
        #expect(seconds < 20, "\(target) takes \(seconds) seconds for the input in \(path)")
        if seconds < 20 { unlink(path) }
    }

    private func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
