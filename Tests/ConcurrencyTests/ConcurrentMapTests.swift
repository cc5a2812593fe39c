//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Concurrency
import Synchronization
import Testing

@Suite struct ConcurrentMapTests {
    private struct Refused: Error, Equatable { var item: Int }

    @Test(arguments: [0, 1, 3, 100])
    func keepsTheOrderOfTheItems(limit: Int) async throws {
        let outputs = try await concurrentMap(0..<20, limit: limit) { item in
            for _ in 0..<(20 - item) { await Task.yield() }
            return item * item
        }
        #expect(outputs == (0..<20).map { $0 * $0 })
    }

    @Test func runsNoMoreThanTheLimitAtOnce() async throws {
        let counts = Mutex((running: 0, most: 0))
        _ = try await concurrentMap(0..<50, limit: 4) { _ in
            counts.withLock {
                $0.running += 1
                $0.most = max($0.most, $0.running)
            }
            for _ in 0..<10 { await Task.yield() }
            counts.withLock { $0.running -= 1 }
        }
        #expect((1...4).contains(counts.withLock { $0.most }))
    }

    @Test func runsItemsAtTheSameTime() async throws {
        // Each waits for the other: one after the other would never end.
        let arrived = Mutex(0)
        _ = try await concurrentMap(0..<2, limit: 2) { _ in
            arrived.withLock { $0 += 1 }
            while arrived.withLock({ $0 }) < 2 { await Task.yield() }
        }
    }

    @Test func firstFailureCancelsTheOthers() async throws {
        let cancelled = Mutex(0)
        let error = await #expect(throws: Refused.self) {
            try await concurrentMap(0..<100, limit: 3) { item in
                if item == 1 { throw Refused(item: item) }
                while !Task.isCancelled { await Task.yield() }
                cancelled.withLock { $0 += 1 }
            }
        }
        #expect(error == Refused(item: 1))
        #expect(cancelled.withLock { $0 } <= 3)
    }

    @Test func beginsNothingInACancelledTask() async throws {
        let begun = Mutex(0)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await concurrentMap(0..<5, limit: 1) { _ in begun.withLock { $0 += 1 } }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        #expect(begun.withLock { $0 } == 0)
    }

    @Test func nothingGivesNothing() async throws {
        #expect(try await concurrentMap([Int](), limit: 2) { $0 }.isEmpty)
        #expect(try await parallelMap([Int]()) { $0 }.isEmpty)
    }
}
