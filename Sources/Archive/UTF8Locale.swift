//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The locale in which libarchive must work.
///
/// libarchive 3.6 converts names through the locale of the thread: in the C locale it writes a different header for a
/// name that is not ASCII, or dereferences null. `setlocale` would change the whole process, `uselocale` does not.
enum UTF8Locale {
    nonisolated(unsafe) private static let locale: locale_t? = newlocale(1 << LC_CTYPE, "C.UTF-8", nil)

    /// Throws when the system has no such locale (glibc before 2.35 without the `C.UTF-8` files).
    static func require() throws(ArchiveError) {
        if locale == nil { throw .unsupported(reason: "the locale `C.UTF-8` is missing") }
    }

    /// Runs `body` with this thread's character type set to UTF-8.
    static func run<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let previous = uselocale(locale)
        defer { uselocale(previous) }
        return try body()
    }
}
