//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import NIOHTTP1

/// How often, and after which pauses, something that failed is tried again.
public struct RetryPolicy: Sendable, Hashable {
    /// How often it is tried in all.
    public var attempts = 4
    /// The pause before the second attempt; it doubles with every further one.
    public var firstPause: Duration = .milliseconds(500)
    /// The longest pause, also where a server asks for a longer one.
    public var longestPause: Duration = .seconds(30)

    /// Four attempts within a few seconds.
    public init() {}

    /// How long to wait before an attempt, the second being the first that there is a wait for.
    ///
    /// - Parameter asked: what the server asks for.
    public func pause(before attempt: Int, asked: Duration?) -> Duration {
        let doubled = firstPause * Double(1 << min(max(attempt - 2, 0), 16))
        // Not all at the same moment, when a server turned many away at once.
        let spread = doubled * Double.random(in: 0.75...1.25)
        return min(max(spread, asked ?? .zero), longestPause)
    }
}

/// Whether a status (RFC 9110, section 15) is one that may be another in a while.
public func isTransient(_ status: HTTPResponseStatus) -> Bool {
    switch status.code {
    case 408, 425, 429, 500...599: true
    default: false
    }
}

/// The pause that a server asks for (RFC 9110, section 10.2.3).
///
/// Only the form in seconds is read; a date stands for no certain time where clocks differ.
public func retryPause(_ headers: HTTPHeaders) -> Duration? {
    headers.first(name: "Retry-After").flatMap { Int64($0) }.map { .seconds(max(0, min($0, 86400))) }
}
