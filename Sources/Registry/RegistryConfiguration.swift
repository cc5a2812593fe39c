//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import HTTP
public import Store

/// How registries are talked to.
public struct RegistryConfiguration: Sendable {
    /// How servers are reached.
    public var http: HTTPConfiguration
    /// How often a request is tried. An attempt that brought an upload on does not count.
    public var retries = RetryPolicy()
    /// Where credentials are looked for.
    public var credentials: CredentialSource
    /// Use http for registries that are not on this host, too. No credentials are sent to them.
    public var allowsPlainHTTP = false
    /// How many blobs are on their way at once.
    public var parallelism = 4
    /// The size in bytes of the pieces in which a blob is sent after sending it whole has failed.
    public var chunkSize: Int64 = 32 << 20
    /// The time since some moment, by which tokens expire.
    public var uptime: @Sendable () -> Duration

    /// What programs on this system are told by environment variables, see `HTTPConfiguration` and
    /// ``CredentialSource``.
    public init(environment: [String: String]) {
        http = HTTPConfiguration(environment: environment)
        // A registry checks a large blob before it answers.
        http.readTimeout = .seconds(300)
        retries.attempts = 5
        credentials = CredentialSource(environment: environment)
        let start = ContinuousClock.now
        uptime = { start.duration(to: .now) }
    }
}

/// How far a push or pull is.
public enum RegistryEvent: Sendable, Hashable {
    /// What a blob is doing.
    public enum BlobState: Sendable, Hashable {
        /// So many of its bytes are through.
        case moving(Int64)
        /// It broke off for this reason and is tried again.
        case retrying(reason: String)
        /// The registry has it in the repository already.
        case exists
        /// The registry has it in this repository too now, without being sent it.
        case mounted(from: String)
        /// It is whole at its destination.
        case finished
    }

    /// A blob of so many bytes.
    case blob(ImageReference, Digest, size: Int64, BlobState)
    /// Something that the user should know.
    case note(String)
}
