//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A number that several tasks add to.
final class Counter: Sendable {
    private let value: Atomic<Int64>

    init(from start: Int64) { value = Atomic(start) }

    /// The sum with `count`.
    func add(_ count: Int) -> Int64 {
        value.add(Int64(count), ordering: .relaxed).newValue
    }
}
