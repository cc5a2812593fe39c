//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What a script may still do before it counts as one that does not end: a hostile one takes neither for ever nor all
/// memory. It is shared by the shell and by the commands that run for it.
final class ShellEffort {
    private let limit: Int
    private var left: Int
    /// How many commands are running within each other.
    var depth = 0

    /// Effort of so many bytes that a script takes in hand, steps of matching included. The busiest scripts of Debian, such
    /// as the one of `locales`, need a quarter of the default.
    init(limit: Int = 256 << 20) {
        self.limit = limit
        left = limit
    }

    /// Whether the script has done too much; results are then without meaning.
    var isExhausted: Bool { left <= 0 }

    /// Starts anew for another script.
    func reset() { left = limit }

    /// Counts work on so many bytes; false when that is too much.
    @discardableResult
    func spend(_ count: Int) -> Bool {
        left = count < left ? left - count : 0
        return left > 0
    }

    /// Makes everything that follows too much.
    func exhaust() { left = 0 }
}
