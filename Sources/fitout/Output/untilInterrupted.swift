//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Builder
@preconcurrency import Dispatch
import Glibc

/// Runs `work`, which is cancelled when the user or the system asks the program to end (SIGINT, SIGTERM), so that it can
/// leave everything whole.
///
/// - Throws: `BuilderError.cancelled` after such a signal, whatever `work` makes of being cancelled; else its error.
func untilInterrupted<Result: Sendable>(
    _ work: @escaping () async throws -> Result
) async throws -> Result {
    let signals = AsyncStream<Int32> { continuation in
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(number) }
            source.activate()
            return source
        }
        continuation.onTermination = { _ in sources.forEach { $0.cancel() } }
    }
    return try await withThrowingTaskGroup(of: Result?.self) { group in
        nonisolated(unsafe) let work = work
        group.addTask { try await work() }
        group.addTask {
            for await _ in signals { return nil }
            return nil
        }
        defer { group.cancelAll() }
        var isInterrupted = false
        do {
            while let outcome = try await group.next() {
                if let outcome { return outcome }
                isInterrupted = true
                group.cancelAll()
            }
        } catch {
            if !isInterrupted { throw error }
        }
        throw BuilderError.cancelled
    }
}
