//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Concurrency
import Synchronization
import Testing

@Suite struct ParallelMapTests {
    private struct Refused: Error {}

    @Test(arguments: [-1, 1, 2, 64])
    func keepsTheOrderOfTheItems(limit: Int) async throws {
        let outputs = try await parallelMap(0..<1000, limit: limit) { $0 * 2 }
        #expect(outputs == (0..<1000).map { $0 * 2 })
    }

    @Test func runsOnAsManyThreadsAsAsked() async throws {
        // Synchronous closures that wait for each other: fewer than three threads would never end.
        let arrived = Atomic(0)
        _ = try await parallelMap(0..<3, limit: 3) { _ in
            arrived.add(1, ordering: .relaxed)
            while arrived.load(ordering: .relaxed) < 3 {}
        }
    }

    @Test func leavesTheConcurrencyRuntimeItsThreads() async throws {
        // More computing closures than cores, all waiting for an ordinary task, which must get its turn.
        let released = Atomic(false)
        async let release: Void = {
            await Task.yield()
            released.store(true, ordering: .relaxed)
        }()
        _ = try await parallelMap(0..<(availableCores() * 2), limit: availableCores() * 2) { _ in
            while !released.load(ordering: .relaxed) {}
        }
        await release
    }

    @Test func beginsNothingAfterAFailure() async throws {
        let begun = Atomic(0)
        await #expect(throws: Refused.self) {
            try await parallelMap(0..<1000, limit: 1) { item in
                begun.add(1, ordering: .relaxed)
                if item == 3 { throw Refused() }
            }
        }
        #expect(begun.load(ordering: .relaxed) == 4)
    }

    @Test func stopsWhenItsTaskIsCancelled() async throws {
        let begun = Atomic(0)
        let released = Atomic(false)
        let task = Task {
            try await parallelMap(0..<1000, limit: 1) { _ in
                begun.add(1, ordering: .relaxed)
                while !released.load(ordering: .relaxed) {}
            }
        }
        while begun.load(ordering: .relaxed) == 0 { await Task.yield() }
        task.cancel()
        released.store(true, ordering: .relaxed)
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        #expect(begun.load(ordering: .relaxed) == 1)
    }

    @Test func knowsOfAtLeastOneCore() {
        #expect(availableCores() >= 1)
    }
}
