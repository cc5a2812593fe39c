//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Synchronization
import Timing

/// Applies a synchronous, computing `transform` to every item on threads of its own, at most `limit` at a time.
///
/// The threads are not those of the concurrency runtime, whose number is that of the cores: compression that ran there
/// would keep every download waiting for a thread to go on.
///
/// - Parameter limit: how many threads to use; by default one for each core that this process may run on.
/// - Returns: the results in the order of `items`.
/// - Throws: the first error that any transform throws; no item is begun after it. `CancellationError` when the
///   surrounding task is cancelled before every item was begun.
public func parallelMap<Items: Collection, Output: Sendable>(
    _ items: Items,
    limit: Int = availableCores(),
    _ transform: @escaping @Sendable (Items.Element) throws -> Output
) async throws -> [Output] where Items.Element: Sendable {
    guard !items.isEmpty else { return [] }
    let work = ParallelWork(Array(items), transform)
    let outputs = try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            work.start(threads: min(max(limit, 1), items.count)) { continuation.resume(with: $0) }
        }
    } onCancel: {
        work.stop(CancellationError())
    }
    return outputs
}

/// The number of cores that this process may run on: those of its affinity mask, not all of the machine's.
public func availableCores() -> Int {
    max(1, ProcessInfo.processInfo.activeProcessorCount)
}

/// The items of one ``parallelMap(_:limit:_:)``, handed out to its threads one by one.
private final class ParallelWork<Item: Sendable, Output: Sendable>: Sendable {
    private struct State {
        var next = 0
        var threads = 0
        var outputs: [Output?]
        var failure: (any Error)?
        var completion: (@Sendable (sending Result<[Output], any Error>) -> Void)?
    }

    private let items: [Item]
    private let transform: @Sendable (Item) throws -> Output
    private let state: Mutex<State>

    init(_ items: [Item], _ transform: @escaping @Sendable (Item) throws -> Output) {
        self.items = items
        self.transform = transform
        state = Mutex(State(outputs: Array(repeating: nil, count: items.count)))
    }

    /// Starts the threads; the last one to end calls `completion`.
    func start(threads: Int, completion: @escaping @Sendable (sending Result<[Output], any Error>) -> Void) {
        // The starting thread counts as one until all are there, so that none of them can be the last too early.
        state.withLock {
            $0.completion = completion
            $0.threads = 1
        }
        let inSpan = keepingSpan()
        for _ in 0..<threads {
            state.withLock { $0.threads += 1 }
            guard startThread({ inSpan { self.work() } }) else {
                // Without a single thread nothing would ever be done; with some, the others do the work.
                state.withLock { state in
                    state.threads -= 1
                    if state.threads == 1 && state.next == 0 { state.failure = ParallelMapError.noThread }
                }
                break
            }
        }
        leave()
    }

    /// Lets no further item begin.
    func stop(_ error: any Error) {
        state.withLock { state in
            if state.failure == nil && state.next < items.count { state.failure = error }
        }
    }

    private func work() {
        while let index = takeNext() {
            do {
                let output = try transform(items[index])
                state.withLock { $0.outputs[index] = output }
            } catch {
                state.withLock { $0.failure = $0.failure ?? error }
            }
        }
        leave()
    }

    private func takeNext() -> Int? {
        state.withLock { state in
            guard state.failure == nil, state.next < items.count else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    private func leave() {
        let finish: (@Sendable () -> Void)? = state.withLock { state in
            state.threads -= 1
            guard state.threads == 0, let completion = state.completion else { return nil }
            state.completion = nil
            if let failure = state.failure { return { completion(.failure(failure)) } }
            let outputs = state.outputs.compactMap(\.self)
            return { completion(.success(outputs)) }
        }
        finish?()
    }
}

/// What can go wrong in ``parallelMap(_:limit:_:)`` itself.
public enum ParallelMapError: Error, Equatable, CustomStringConvertible {
    /// The system gave no thread at all.
    case noThread

    /// The message for the person at the terminal.
    public var description: String { "cannot start a thread: the system's limit on processes is reached" }
}

/// Runs `body` on a new detached thread; false if the system gives none.
func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    let context = Unmanaged.passRetained(Body(body))
    var thread = pthread_t()
    let code = pthread_create(
        &thread, nil,
        { context in
            if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
            return nil
        }, context.toOpaque())
    guard code == 0 else {
        context.release()
        return false
    }
    pthread_detach(thread)
    return true
}
