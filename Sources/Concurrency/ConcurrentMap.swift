//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Applies an asynchronous `transform` to every item, with at most `limit` of them under way at a time.
///
/// For work that waits (downloads, processes). For work that computes, see ``parallelMap(_:limit:_:)``.
///
/// - Parameter limit: how many transforms may run at once; values below one count as one.
/// - Returns: the results in the order of `items`.
/// - Throws: the first error that any transform throws, after the others were cancelled and have ended; or
///   `CancellationError` when the surrounding task is cancelled before every item was begun.
public func concurrentMap<Items: Collection, Output: Sendable>(
    _ items: Items,
    limit: Int,
    _ transform: @escaping @Sendable (Items.Element) async throws -> Output
) async throws -> [Output] where Items.Element: Sendable {
    var outputs = [Output?](repeating: nil, count: items.count)
    try await withThrowingTaskGroup(of: (Int, Output).self) { group in
        var running = 0
        for (index, item) in items.enumerated() {
            if running == max(limit, 1), let (finished, output) = try await group.next() {
                outputs[finished] = output
                running -= 1
            }
            try Task.checkCancellation()
            group.addTask { (index, try await transform(item)) }
            running += 1
        }
        for try await (finished, output) in group { outputs[finished] = output }
    }
    return outputs.compactMap(\.self)
}
