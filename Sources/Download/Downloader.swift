//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Concurrency
import HTTP
public import Store
import Synchronization
public import SystemPackage

/// Downloads files into a store.
///
/// ``shutdown()`` ends its connections; a downloader that is let go without it ends them by itself some time later.
public final class Downloader: Sendable {
    let store: Store
    let configuration: DownloadConfiguration
    let connections: HTTPConnections
    private let progress: (@Sendable (DownloadProgress) -> Void)?
    private let isShutDown = Mutex(false)

    /// A downloader into `store`. `progress` is called often, from any thread.
    public init(
        store: Store, configuration: DownloadConfiguration, progress: (@Sendable (DownloadProgress) -> Void)? = nil
    ) {
        self.store = store
        self.configuration = configuration
        self.progress = progress
        var http = configuration.http
        http.connectionsPerHost = configuration.parallelism
        connections = HTTPConnections(http)
    }

    /// How many files are downloaded at a time.
    public var parallelism: Int { configuration.parallelism }

    deinit {
        if !isShutDown.withLock({ $0 }) { connections.shutdownLater() }
    }

    /// The blob of the request's digest: from the store, or else downloaded from the first mirror that has it,
    /// verified, and put into the store.
    ///
    /// A download that breaks off goes on where it stopped, in this process or a later one. At no time is more of it
    /// in memory than a few pieces.
    ///
    /// - Throws: ``DownloadError`` when every mirror failed, the store did, or the task was cancelled.
    public func blob(_ request: DownloadRequest) async throws(DownloadError) -> FilePath {
        guard let digest = request.digest else { throw .noDigest(label: request.label) }
        let path = store.blobPath(digest)
        if store.contains(digest) {
            report(request, request.size ?? 0, .cached)
            return path
        }
        do throws(DownloadError) {
            try await download(request, digest)
        } catch {
            report(request, 0, .failed)
            throw error
        }
        return path
    }

    /// The blobs of all requests, in their order, several of them downloaded at once.
    ///
    /// - Throws: the first ``DownloadError``; the other downloads are cancelled, and can be resumed later.
    public func blobs(_ requests: [DownloadRequest]) async throws(DownloadError) -> [FilePath] {
        do {
            return try await concurrentMap(requests, limit: configuration.parallelism) { try await self.blob($0) }
        } catch let error as DownloadError {
            throw error
        } catch {
            throw .cancelled
        }
    }

    /// Ends all connections. Nothing can be downloaded afterwards.
    ///
    /// - Throws: ``DownloadError`` if a connection could not be ended in order.
    public func shutdown() async throws(DownloadError) {
        let wasShutDown = isShutDown.withLock { flag in
            defer { flag = true }
            return flag
        }
        if wasShutDown { return }
        do { try await connections.shutdown() } catch {
            throw .unreachable(url: "", reason: "the connections could not be closed: \(error)")
        }
    }

    func report(_ request: DownloadRequest, _ received: Int64, _ state: DownloadProgress.State) {
        progress?(
            DownloadProgress(
                label: request.label, receivedBytes: received, expectedBytes: request.size, state: state))
    }
}
