//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Timing

/// Runs computing work that comes in over time, on threads of its own and at most `limit` at a time, in the order of
/// coming in.
///
/// For a list that is known at the start, see ``parallelMap(_:limit:_:)``.
public final class ComputePool: Sendable {
    private struct Job {
        let number: Int
        let run: @Sendable () -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var running = 0
        var jobCount = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    /// A pool without threads yet.
    ///
    /// - Parameter limit: how many threads to use; by default one for each core that this process may run on.
    public init(limit: Int = availableCores()) {
        self.limit = max(limit, 1)
    }

    /// Runs `work` on one of the pool's threads.
    ///
    /// - Throws: what `work` throws, `CancellationError` if the task is cancelled before its turn, or
    ///   ``ParallelMapError``.
    public func run<Output: Sendable>(_ work: @escaping @Sendable () throws -> Output) async throws -> Output {
        let isCancelled = Flag(), inSpan = keepingSpan()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isAdded = add {
                    if isCancelled.isSet { return continuation.resume(throwing: CancellationError()) }
                    inSpan { continuation.resume(with: Result(catching: work)) }
                }
                if !isAdded { continuation.resume(throwing: ParallelMapError.noThread) }
            }
        } onCancel: {
            isCancelled.set()
        }
    }

    /// False, with the job taken back, if there is no thread to run it and the system gives none.
    private func add(_ job: @escaping @Sendable () -> Void) -> Bool {
        let (number, needsThread) = state.withLock { state in
            state.jobCount += 1
            state.waiting.append(Job(number: state.jobCount, run: job))
            guard state.running < limit else { return (state.jobCount, false) }
            state.running += 1
            return (state.jobCount, true)
        }
        if !needsThread || startThread({ self.work() }) { return true }
        return state.withLock { state in
            state.running -= 1
            guard state.running == 0, let index = state.waiting.firstIndex(where: { $0.number == number }) else {
                return true
            }
            state.waiting.remove(at: index)
            return false
        }
    }

    private func work() {
        while let job = takeNext() { job.run() }
    }

    private func takeNext() -> Job? {
        state.withLock { state in
            if state.waiting.isEmpty {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }
}

/// Something that is set once, by any thread.
private final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() {
        value.store(true, ordering: .relaxed)
    }
}
