//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Standard error, whose last line may be one that is rewritten.
struct LiveLine {
    private var isOpen = false

    /// Writes a line that stays.
    mutating func print(_ text: String) {
        clear()
        write(printable(text) + "\n", to: STDERR_FILENO)
    }

    /// Writes a line in the place of the one that was rewritten before.
    mutating func rewrite(_ text: String) {
        write("\r\u{1B}[K\(printable(text))", to: STDERR_FILENO)
        isOpen = true
    }

    /// Removes the line that is being rewritten.
    mutating func clear() {
        if isOpen { write("\r\u{1B}[K", to: STDERR_FILENO) }
        isOpen = false
    }
}
