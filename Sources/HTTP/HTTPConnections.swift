//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import AsyncHTTPClient
import NIOCore
public import NIOHTTP1
import NIOSSL
import SystemPackage

/// The HTTP clients, one for each way that requests take: directly, or by one of the proxies.
public struct HTTPConnections: Sendable {
    private let direct: HTTPClient
    private let viaProxy: [String: Route]
    private let configuration: HTTPConfiguration
    /// Why no protected server can be reached.
    private let certificateFailure: HTTPError?

    /// A way to a server by a proxy.
    private enum Route: Sendable {
        /// The proxy opens a tunnel (CONNECT, or SOCKS).
        case tunnel(HTTPClient)
        /// The proxy makes the request itself: RFC 9112, section 3.2.2. Many refuse tunnels to plain HTTP servers.
        case forward(HTTPClient, Proxy)
        case invalid(HTTPError)
    }

    /// The clients for this configuration; whatever is wrong with it, the first request throws.
    public init(_ configuration: HTTPConfiguration) {
        self.configuration = configuration
        var authorities: [NIOSSLCertificate] = []
        var certificateFailure: HTTPError?
        do throws(HTTPError) { authorities = try readCertificates(configuration.certificateAuthorities) } catch {
            certificateFailure = error
        }
        self.certificateFailure = certificateFailure
        let client = { (change: (inout HTTPClient.Configuration) -> Void) in
            Self.client(configuration, authorities, change: change)
        }
        direct = client { _ in }
        var viaProxy: [String: Route] = [:]
        for (scheme, text) in [("http", configuration.proxies.http), ("https", configuration.proxies.https)] {
            guard let text else { continue }
            do throws(HTTPError) {
                let proxy = try Proxy(text)
                switch (scheme, proxy.kind) {
                case ("http", .http):
                    viaProxy[scheme] = .forward(
                        client { $0.http1_1ConnectionDebugInitializer = addForwarding }, proxy)
                case (_, .http):
                    let authorization = proxy.credentials.map {
                        HTTPClient.Authorization.basic(username: $0.user, password: $0.password)
                    }
                    viaProxy[scheme] = .tunnel(
                        client {
                            $0.proxy = .server(host: proxy.host, port: proxy.port, authorization: authorization)
                        })
                case (_, .socks):
                    viaProxy[scheme] = .tunnel(
                        client { $0.proxy = .socksServer(host: proxy.host, port: proxy.port) })
                }
            } catch {
                viaProxy[scheme] = .invalid(error)
            }
        }
        self.viaProxy = viaProxy
    }

    /// Sends a request for `address` and waits for the response, whose body is still to come. Credentials of the
    /// address are sent with it.
    public func execute(
        _ method: HTTPMethod, _ address: WebAddress, headers: HTTPHeaders, body: HTTPClientRequest.Body? = nil
    ) async throws(HTTPError) -> HTTPClientResponse {
        do {
            return try await send(method, address, headers, body)
        } catch {
            throw HTTPError(error, url: address.url)
        }
    }

    private func send(
        _ method: HTTPMethod, _ address: WebAddress, _ headers: HTTPHeaders, _ body: HTTPClientRequest.Body?
    ) async throws -> HTTPClientResponse {
        if let certificateFailure, address.scheme == "https" { throw certificateFailure }
        var request = HTTPClientRequest(url: address.url)
        request.method = method
        request.body = body
        request.headers = headers
        request.headers.replaceOrAdd(name: "User-Agent", value: configuration.userAgent)
        if let credentials = address.credentials {
            request.headers.replaceOrAdd(name: "Authorization", value: credentials.basic)
        }
        let route = configuration.proxies.proxy(for: address) == nil ? nil : viaProxy[address.scheme]
        switch route {
        case nil:
            return try await direct.execute(request, deadline: .distantFuture)
        case .tunnel(let client):
            return try await client.execute(request, deadline: .distantFuture)
        case .forward(let client, let proxy):
            request.url = "http://\(proxy.host):\(proxy.port)\(address.target)"
            request.headers.replaceOrAdd(name: "Host", value: address.authority)
            if let credentials = proxy.credentials {
                request.headers.replaceOrAdd(name: "Proxy-Authorization", value: credentials.basic)
            }
            return try await client.execute(request, deadline: .distantFuture)
        case .invalid(let error):
            throw error
        }
    }

    /// Sends a request and follows redirections, never from https to http; headers that hold secrets go to the first
    /// server alone. With a method other than GET and HEAD, only the redirections are followed that keep it.
    ///
    /// - Returns: the response, and the address that it comes from.
    public func follow(
        _ method: HTTPMethod, _ address: WebAddress, headers: HTTPHeaders, body: HTTPClientRequest.Body? = nil
    ) async throws(HTTPError) -> (response: HTTPClientResponse, address: WebAddress) {
        let followed: Set<UInt> = [.GET, .HEAD].contains(method) ? [301, 302, 303, 307, 308] : [307, 308]
        var current = address
        var headers = headers
        for _ in 0...max(configuration.maximumRedirects, 0) {
            let response = try await execute(method, current, headers: headers, body: body)
            guard followed.contains(response.status.code) else { return (response, current) }
            await drain(response.body)
            let next = try redirection(from: current, response.headers)
            if next.origin != current.origin {
                for name in ["Authorization", "Cookie"] { headers.remove(name: name) }
            }
            current = next
        }
        throw .redirect(url: address.url, reason: "it redirects more than \(configuration.maximumRedirects) times")
    }

    /// Reads a short body to its end, so that the connection can be used again.
    public func drain(_ body: HTTPClientResponse.Body) async {
        var size = 0
        do {
            for try await piece in body {
                size += piece.readableBytes
                if size > 64 << 10 { return }
            }
        } catch {
            // The connection is gone; the next request opens another.
        }
    }

    /// Ends all connections.
    public func shutdown() async throws {
        for client in clients { try await client.shutdown() }
    }

    /// Ends all connections some time soon.
    public func shutdownLater() {
        for client in clients { client.shutdown { _ in } }
    }

    private var clients: [HTTPClient] {
        [direct]
            + viaProxy.values.compactMap { route in
                switch route {
                case .tunnel(let client), .forward(let client, _): client
                case .invalid: nil
                }
            }
    }

    private static func client(
        _ configuration: HTTPConfiguration, _ authorities: [NIOSSLCertificate],
        change: (inout HTTPClient.Configuration) -> Void
    ) -> HTTPClient {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.additionalTrustRoots = authorities.isEmpty ? [] : [.certificates(authorities)]
        var settings = HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow)
        settings.timeout = .init(
            connect: TimeAmount(configuration.connectTimeout), read: TimeAmount(configuration.readTimeout),
            write: TimeAmount(configuration.readTimeout))
        // One stream of HTTP/2 is slower than one connection of HTTP/1.1: its window is 64 KiB.
        settings.httpVersion = .http1Only
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(configuration.connectionsPerHost, 1)
        // Otherwise it would try until the deadline, of which there is none.
        settings.connectionPool.retryConnectionEstablishment = false
        change(&settings)
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    }
}

/// Where a response redirects to: RFC 9110, section 10.2.2.
private func redirection(from address: WebAddress, _ headers: HTTPHeaders) throws(HTTPError) -> WebAddress {
    guard let location = headers.first(name: "Location"), let next = address.redirected(to: location) else {
        throw .redirect(url: address.url, reason: "it redirects to what is no http or https URL")
    }
    if address.scheme == "https" && next.scheme != "https" {
        throw .redirect(url: address.url, reason: "it redirects to the unprotected `\(next.url)`")
    }
    return next
}

/// The certificates in files of the PEM form.
private func readCertificates(_ files: [FilePath]) throws(HTTPError) -> [NIOSSLCertificate] {
    var certificates: [NIOSSLCertificate] = []
    for path in files {
        do {
            // NIOSSL's own error does not tell a file that cannot be read from one that holds something else.
            try FileDescriptor.open(path, .readOnly, options: .closeOnExec).close()
            certificates += try NIOSSLCertificate.fromPEMFile(path.string)
        } catch let error as Errno {
            throw .certificates(path: path, reason: describe(error))
        } catch {
            throw .certificates(path: path, reason: "it holds no certificates in PEM form")
        }
    }
    return certificates
}

/// Makes the requests on a connection to a proxy name the server that they are for.
private func addForwarding(to channel: any Channel) -> EventLoopFuture<Void> {
    channel.eventLoop.submit {
        let pipeline = channel.pipeline.syncOperations
        let encoder = try pipeline.handler(type: HTTPRequestEncoder.self)
        try pipeline.addHandler(AbsoluteTargetHandler(), position: .after(encoder))
    }
}

/// Turns a request's target into the absolute form, with the host of its `Host` header.
private final class AbsoluteTargetHandler: ChannelOutboundHandler {
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), let host = head.headers.first(name: "Host") else {
            return context.write(data, promise: promise)
        }
        head.uri = "http://\(host)\(head.uri)"
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
