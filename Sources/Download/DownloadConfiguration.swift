//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import HTTP

/// How downloads are made.
public struct DownloadConfiguration: Sendable, Hashable {
    /// Use what the store has, and `file:` URLs, and nothing else.
    public var offline = false
    /// How many downloads run at once.
    public var parallelism = 8
    /// How often a mirror is tried before the next one. An attempt that brought the download on does not count.
    public var retries = RetryPolicy()
    /// How servers are reached; connections are as many as `parallelism`.
    public var http: HTTPConfiguration

    /// What programs on this system are told by environment variables, see ``HTTPConfiguration``.
    public init(environment: [String: String]) {
        http = HTTPConfiguration(environment: environment)
    }
}
