//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
public import SystemPackage

/// Why a server could not be asked. URLs in it have no credentials.
public enum HTTPError: Error, Equatable, CustomStringConvertible {
    /// This is no URL of a server.
    case invalidURL(String)
    /// This is no proxy that can be used.
    case invalidProxy(String)
    /// This file of certificate authorities cannot be used.
    case certificates(path: FilePath, reason: String)
    /// The proxy wants credentials.
    case proxyAuthentication(url: String)
    /// The server redirects to where one must not or cannot follow.
    case redirect(url: String, reason: String)
    /// The server could not be reached or did not deliver; `isLasting` tells that another attempt is of no use.
    case unreachable(url: String, reason: String, isLasting: Bool)
    /// The task was cancelled.
    case cancelled

    /// What an error of the HTTP client amounts to.
    public init(_ error: any Error, url: String) {
        switch error {
        case let error as HTTPError: self = error
        case _ where Task.isCancelled || error is CancellationError: self = .cancelled
        case let error as HTTPClientError where error == .proxyAuthenticationRequired:
            self = .proxyAuthentication(url: url)
        case let error as HTTPClientError where error == .invalidURL || error == .emptyHost: self = .invalidURL(url)
        case let error as NIOSSLError:
            // A certificate that is not trusted now will not be trusted in a second.
            let isCertificate = "\(error)".contains("CERTIFICATE_VERIFY_FAILED")
            let reason =
                isCertificate
                ? "its certificate is not trusted (`SSL_CERT_FILE` names further authorities)"
                : "the TLS handshake ended with \(error)"
            self = .unreachable(url: url, reason: reason, isLasting: true)
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            self = .unreachable(url: url, reason: "its certificate is for another host", isLasting: true)
        default: self = .unreachable(url: url, reason: describe(error), isLasting: false)
        }
    }

    /// The message for the person at the terminal.
    public var description: String {
        switch self {
        case .invalidURL(let url): "`\(url)` is no http or https URL"
        case .invalidProxy(let proxy):
            "cannot use the proxy `\(proxy)`: it is no URL such as `http://proxy.example:3128` or `socks5://…`"
        case .certificates(let path, let reason): "cannot read certificate authorities from `\(path)`: \(reason)"
        case .proxyAuthentication(let url): "cannot reach `\(url)`: the proxy wants credentials (status 407)"
        case .redirect(let url, let reason), .unreachable(let url, let reason, _): "cannot reach `\(url)`: \(reason)"
        case .cancelled: "the request was cancelled"
        }
    }
}

/// What an error of the HTTP client means.
func describe(_ error: any Error) -> String {
    switch error {
    case let error as HTTPClientError:
        switch error {
        case .readTimeout, .deadlineExceeded: return "the server sent nothing for too long"
        case .writeTimeout: return "the server took nothing for too long"
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
