//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Store
public import SystemPackage

/// Why something could not be downloaded. URLs in it have no credentials.
public enum DownloadError: Error, Equatable, CustomStringConvertible {
    /// A blob was asked for without its digest.
    case noDigest(label: String)
    /// A blob was asked for that is nowhere.
    case noURL(label: String)
    /// This is no URL that can be downloaded from.
    case invalidURL(String)
    /// This is no proxy that can be used.
    case invalidProxy(String)
    /// This file of certificate authorities cannot be used.
    case certificates(path: FilePath, reason: String)
    /// It is not in the store, and the network may not be used.
    case offline(String)
    /// The server answered with this status.
    case status(url: String, Int)
    /// The server could not be reached or did not deliver.
    case unreachable(url: String, reason: String)
    /// The server redirects to where one must not or cannot follow.
    case redirect(url: String, reason: String)
    /// What the server has is of another size.
    case wrongSize(url: String, expected: Int64, actual: Int64)
    /// What the server has is something else.
    case wrongDigest(url: String, expected: Digest, actual: Digest)
    /// A document is larger than it may be.
    case tooLarge(url: String, maximum: Int)
    /// Every mirror failed, each for its own reason.
    case everyMirror(label: String, [DownloadError])
    /// The store failed.
    case store(StoreError)
    /// The task was cancelled.
    case cancelled

    /// Whether the servers say that there is no such file.
    public var isNotFound: Bool {
        switch self {
        case .status(_, 404), .status(_, 410): true
        case .everyMirror(_, let errors): errors.allSatisfy(\.isNotFound)
        default: false
        }
    }

    /// The message for the person at the terminal.
    public var description: String {
        switch self {
        case .noDigest(let label): "cannot download `\(label)`: its digest is not known"
        case .noURL(let label): "cannot download `\(label)`: no URL is known"
        case .invalidURL(let url): "cannot download `\(url)`: it is no http, https or file URL"
        case .invalidProxy(let proxy):
            "cannot use the proxy `\(proxy)`: it is no URL such as `http://proxy.example:3128` or `socks5://…`"
        case .certificates(let path, let reason): "cannot read certificate authorities from `\(path)`: \(reason)"
        case .offline(let what):
            """
            cannot download `\(what)`: it is not in the store, and the network is switched off

            hint: run the command once without `--offline`
            """
        case .status, .unreachable, .redirect, .wrongSize, .wrongDigest, .tooLarge:
            "cannot download `\(url)`: \(reason)"
        case .everyMirror(let label, let errors):
            "cannot download `\(label)` from any mirror:"
                + errors.map { "\n  `\($0.url)`: \($0.reason)" }.joined()
        case .store(let error): error.description
        case .cancelled: "the download was cancelled"
        }
    }

    var url: String {
        switch self {
        case .status(let url, _), .unreachable(let url, _), .redirect(let url, _), .wrongSize(let url, _, _),
            .wrongDigest(let url, _, _), .tooLarge(let url, _), .invalidURL(let url), .invalidProxy(let url),
            .offline(let url):
            url
        case .noDigest(let label), .noURL(let label), .everyMirror(let label, _): label
        case .store, .cancelled, .certificates: ""
        }
    }

    /// The cause alone.
    var reason: String {
        switch self {
        case .status(_, 407): "the proxy wants credentials (status 407)"
        case .status(let url, 404): url.hasPrefix("file:") ? "no such file" : "no such file on the server (status 404)"
        case .status(_, let status): "the server answered with status \(status)"
        case .unreachable(_, let reason), .redirect(_, let reason): reason
        case .wrongSize(_, let expected, let actual): "expected \(expected) bytes, got \(actual)"
        case .wrongDigest(_, let expected, let actual): "expected `\(expected)`, got `\(actual)`"
        case .tooLarge(_, let maximum): "it has more than \(maximum) bytes"
        default: description
        }
    }
}
