//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Store

/// One file to download: where it may be and what it must be.
public struct DownloadRequest: Sendable, Hashable {
    /// The mirrors, in the order in which they are tried: `http:`, `https:` or `file:` URLs.
    public var urls: [String]
    /// The digest of the content.
    public var digest: Digest?
    /// The number of bytes, if it is known.
    public var size: Int64?
    /// What progress and messages call it.
    public var label: String

    /// A request for the content of this digest and size at any of these URLs.
    public init(urls: [String], digest: Digest?, size: Int64?, label: String) {
        self.urls = urls
        self.digest = digest
        self.size = size
        self.label = label
    }
}

/// How far one download is.
public struct DownloadProgress: Sendable, Hashable {
    /// What a download is doing.
    public enum State: Sendable, Hashable {
        /// The store had it already.
        case cached
        /// Bytes are coming in.
        case receiving
        /// It broke off for this reason and is tried again, at the same or the next mirror.
        case retrying(reason: String)
        /// It is whole, verified and in the store.
        case finished
        /// It is given up.
        case failed
    }

    /// The request's label.
    public var label: String
    /// How many bytes there are, those of earlier attempts included.
    public var receivedBytes: Int64
    /// How many there will be, if that is known.
    public var expectedBytes: Int64?
    /// What the download is doing.
    public var state: State

    /// The progress of the download of this label.
    public init(label: String, receivedBytes: Int64, expectedBytes: Int64?, state: State) {
        self.label = label
        self.receivedBytes = receivedBytes
        self.expectedBytes = expectedBytes
        self.state = state
    }
}
