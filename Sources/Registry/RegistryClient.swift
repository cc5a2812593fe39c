//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import HTTP
import NIOCore
import NIOHTTP1
import Store
import Synchronization

/// Pushes images to and pulls them from registries (OCI distribution specification).
///
/// ``shutdown()`` ends its connections; a client that is let go without it ends them by itself some time later.
public final class RegistryClient: Sendable {
    let configuration: RegistryConfiguration
    let connections: HTTPConnections
    let report: @Sendable (RegistryEvent) -> Void
    private let authenticators = Mutex<[String: Authenticator]>([:])
    private let isShutDown = Mutex(false)

    /// A client. `report` is called often, from any thread.
    public init(
        configuration: RegistryConfiguration, report: @escaping @Sendable (RegistryEvent) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.report = report
        var http = configuration.http
        http.connectionsPerHost = max(http.connectionsPerHost, configuration.parallelism)
        connections = HTTPConnections(http)
    }

    deinit {
        if !isShutDown.withLock({ $0 }) { connections.shutdownLater() }
    }

    /// Ends all connections. Nothing can be pushed or pulled afterwards.
    public func shutdown() async {
        let wasShutDown = isShutDown.withLock { flag in
            defer { flag = true }
            return flag
        }
        // What could not be closed in order is closed at the program's end.
        if !wasShutDown { try? await connections.shutdown() }
    }

    func authenticator(for reference: ImageReference) -> Authenticator {
        authenticators.withLock { authenticators in
            if let known = authenticators[reference.name] { return known }
            let new = Authenticator(
                for: reference, isProtected: endpoint(of: reference)?.isProtected ?? false, configuration, connections,
                report: report)
            authenticators[reference.name] = new
            return new
        }
    }

    /// The root of the registry's interface. Protected, but for registries on this host, and others where the user
    /// allows it.
    private func endpoint(of reference: ImageReference) -> WebAddress? {
        let host = reference.registry == ImageReference.dockerHub ? "registry-1.docker.io" : reference.registry
        guard var address = WebAddress("https://\(host)/") else { return nil }
        if address.isLoopback || configuration.allowsPlainHTTP, let plain = WebAddress("http://\(host)/") {
            address = plain
        }
        return address
    }

    /// The address of `/v2/`, which tells whether there is a registry.
    func root(of reference: ImageReference) throws(RegistryFailure) -> WebAddress {
        guard var address = endpoint(of: reference) else {
            throw RegistryFailure(.http(.invalidURL("https://\(reference.registry)/")))
        }
        address.target = "/v2/"
        return address
    }

    /// The address of something in a repository, for example of `blobs/sha256:…`.
    func address(of path: String, in reference: ImageReference) throws(RegistryFailure) -> WebAddress {
        var address = try root(of: reference)
        address.target += "\(reference.repository)/\(path)"
        return address
    }

    /// Runs `attempt` until it succeeds, fails for good, or was tried often enough.
    func retrying<Result: Sendable>(
        _ retried: (RegistryFailure) -> Void = { _ in }, _ attempt: () async throws(RegistryFailure) -> Result
    ) async throws(RegistryError) -> Result {
        var number = 1
        while true {
            do throws(RegistryFailure) {
                return try await attempt()
            } catch {
                number += 1
                guard error.isTransient, number <= configuration.retries.attempts else { throw error.error }
                retried(error)
                try await pause(before: number, after: error)
            }
        }
    }

    func pause(before attempt: Int, after failure: RegistryFailure) async throws(RegistryError) {
        do {
            try await Task.sleep(for: configuration.retries.pause(before: attempt, asked: failure.pause))
        } catch {
            throw .cancelled
        }
    }
}

extension WebAddress {
    /// Whether it is this host: nobody else can listen.
    var isLoopback: Bool {
        if host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false).compactMap { UInt8($0) }
        return parts.count == 4 && parts[0] == 127 && host.split(separator: ".").count == 4
    }

    /// Whether secrets may be sent there.
    var isProtected: Bool { scheme == "https" || isLoopback }
}

extension HTTPConnections {
    /// The body of a response.
    ///
    /// - Throws: `HTTPError`, also for a body of more than `limit` bytes.
    func read(_ response: HTTPClientResponse, from address: WebAddress, limit: Int) async throws(HTTPError) -> [UInt8] {
        let tooLarge = HTTPError.unreachable(
            url: address.url, reason: "its answer has more than \(limit) bytes", isLasting: true)
        if let length = response.headers.first(name: "Content-Length").flatMap({ Int($0) }), length > limit {
            throw tooLarge
        }
        var bytes: [UInt8] = []
        do {
            for try await piece in response.body {
                guard bytes.count + piece.readableBytes <= limit else { throw tooLarge }
                bytes.append(contentsOf: piece.readableBytesView)
            }
        } catch {
            throw HTTPError(error, url: address.url)
        }
        return bytes
    }
}
