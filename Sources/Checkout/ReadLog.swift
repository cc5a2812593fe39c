//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Which files of a checkout have been read. Copies of the checkout share it.
final class ReadLog: Sendable {
    private let indices = Mutex<Set<Int>>([])

    func record(_ index: Int) {
        indices.withLock { _ = $0.insert(index) }
    }

    var recorded: [Int] { indices.withLock { $0.sorted() } }
}
