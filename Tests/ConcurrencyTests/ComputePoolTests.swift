//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Concurrency
import Synchronization
import Testing

@Suite struct ComputePoolTests {
    private struct Refused: Error {}

    @Test(arguments: [1, 3])
    func runsNoMoreThanTheLimitAtOnce(limit: Int) async throws {
        let pool = ComputePool(limit: limit)
        let counts = Mutex((running: 0, most: 0))
        let numbers = try await concurrentMap(0..<50, limit: 50) { number in
            try await pool.run {
                counts.withLock {
                    $0.running += 1
                    $0.most = max($0.most, $0.running)
                }
                counts.withLock { $0.running -= 1 }
                return number
            }
        }
        #expect(numbers == Array(0..<50))
        #expect((1...limit).contains(counts.withLock { $0.most }))
    }

    @Test func handsOnWhatTheWorkThrows() async {
        await #expect(throws: Refused.self) { try await ComputePool(limit: 1).run { throw Refused() } }
    }

    @Test func beginsNothingForACancelledTask() async {
        let pool = ComputePool(limit: 1)
        let begun = Mutex(false)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            try await pool.run { begun.withLock { $0 = true } }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(begun.withLock { !$0 })
    }
}
