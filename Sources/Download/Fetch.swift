//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import SystemPackage

/// What to do after an attempt that failed.
enum FetchFailure: Error {
    /// Try again, after this pause if the server asks for one.
    case again(DownloadError, after: Duration?)
    /// Throw away what there is and try again.
    case anew(DownloadError)
    /// Try the next mirror.
    case next(DownloadError)
    /// Give up.
    case final(DownloadError)

    var error: DownloadError {
        switch self {
        case .again(let error, _), .anew(let error), .next(let error), .final(let error): error
        }
    }

    /// The failure that an error of the HTTP client amounts to.
    init(_ error: any Error, url: String) {
        switch error {
        case let error as FetchFailure: self = error
        case let error as DownloadError: self = .final(error)
        case _ where Task.isCancelled || error is CancellationError: self = .final(.cancelled)
        case let error as HTTPClientError where error == .proxyAuthenticationRequired:
            self = .next(.status(url: url, 407))
        case let error as HTTPClientError where error == .invalidURL || error == .emptyHost:
            self = .next(.invalidURL(url))
        case let error as NIOSSLError:
            // A certificate that is not trusted now will not be trusted in a second.
            self = .next(.unreachable(url: url, reason: "the TLS handshake ended with \(error)"))
        default: self = .again(.unreachable(url: url, reason: describe(error)), after: nil)
        }
    }

    /// The failure that an HTTP status amounts to.
    init(status: HTTPResponseStatus, headers: HTTPHeaders, url: String) {
        let error = DownloadError.status(url: url, Int(status.code))
        switch status.code {
        case 408, 425, 429, 500...599:
            // Only the form in seconds; a date stands for no certain time where clocks differ.
            let seconds = headers.first(name: "Retry-After").flatMap { Int64($0) }
            self = .again(error, after: seconds.map { .seconds(max(0, min($0, 86400))) })
        default:
            self = .next(error)
        }
    }
}

extension HTTPRoutes {
    /// Asks for `address` and follows redirections, never from https to http; headers that hold secrets go to the
    /// first server alone.
    func follow(
        _ address: WebAddress, headers: HTTPHeaders, maximumRedirects: Int
    ) async throws(FetchFailure) -> HTTPClientResponse {
        var current = address
        var headers = headers
        for _ in 0...max(maximumRedirects, 0) {
            let response: HTTPClientResponse
            do { response = try await get(current, headers: headers) } catch {
                throw FetchFailure(error, url: current.url)
            }
            guard [301, 302, 303, 307, 308].contains(response.status.code) else { return response }
            await drain(response.body)
            guard let location = response.headers.first(name: "Location"), let next = current.redirected(to: location)
            else { throw .next(.redirect(url: current.url, reason: "it redirects to what is no http or https URL")) }
            if current.scheme == "https" && next.scheme != "https" {
                throw .next(.redirect(url: current.url, reason: "it redirects to the unprotected `\(next.url)`"))
            }
            if next.origin != current.origin {
                for name in ["Authorization", "Cookie"] { headers.remove(name: name) }
            }
            current = next
        }
        throw .next(.redirect(url: address.url, reason: "it redirects more than \(maximumRedirects) times"))
    }

    /// Reads a short body to its end, so that the connection can be used again.
    func drain(_ body: HTTPClientResponse.Body) async {
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
}

/// What an error of the HTTP client means.
func describe(_ error: any Error) -> String {
    switch error {
    case let error as HTTPClientError:
        switch error {
        case .readTimeout, .deadlineExceeded: return "the server sent nothing for too long"
        case .connectTimeout: return "the server could not be reached in time"
        case .remoteConnectionClosed: return "the server closed the connection"
        default: return error.shortDescription.lowercased()
        }
    case let error as NIOConnectionError:
        if error.dnsAError != nil && error.connectionErrors.isEmpty { return "the host `\(error.host)` is not known" }
        if let failure = error.connectionErrors.last { return describe(failure.error) }
        return "no connection to `\(error.host)`"
    case let error as IOError: return describe(Errno(rawValue: error.errnoCode))
    case let error as Errno: return error.description.lowercased()
    case is HTTPParserError: return "the answer broke off or is not HTTP"
    case is ChannelError: return "the connection broke off"
    default: return String(describing: error)
    }
}
