//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A user's name and password.
public struct Credentials: Sendable, Hashable {
    /// The user's name.
    public var user: String
    /// The password.
    public var password: String

    /// The credentials of a user.
    public init(user: String, password: String) {
        self.user = user
        self.password = password
    }

    /// The value of an `Authorization` header: RFC 7617.
    public var basic: String { "Basic " + Data("\(user):\(password)".utf8).base64EncodedString() }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible {
    /// The user alone: what is printed must not give a password away.
    public var description: String { "\(user):…" }
    /// The user alone.
    public var debugDescription: String { description }
}

/// A URL taken apart (RFC 3986), as far as a client needs it.
public struct WebAddress: Sendable, Hashable {
    /// `http` or `https`, in lower case.
    public var scheme: String
    /// The user and password that stand before the host.
    public var credentials: Credentials?
    /// Lower case; an IPv6 address stands in brackets.
    public var host: String
    /// The port, the scheme's own where none is named.
    public var port: Int
    /// Path and query as they are sent; starts with a slash.
    public var target: String

    private var isDefaultPort: Bool

    /// The parts of an `http:` or `https:` URL.
    public init?(_ text: String) {
        self.init(text, knowsPort: { ["http": 80, "https": 443][$0] })
    }

    /// The parts of a URL of a scheme whose default port `knowsPort` knows.
    init?(_ text: String, knowsPort: (String) -> Int?) {
        guard let colon = text.firstRange(of: "://") else { return nil }
        scheme = text[..<colon.lowerBound].lowercased()
        guard let defaultPort = knowsPort(scheme) else { return nil }
        // White space and control characters would end up in the request's head.
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else { return nil }
        let rest = text[colon.upperBound...].prefix { $0 != "#" }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        target = rest[end...].hasPrefix("/") ? String(rest[end...]) : "/" + rest[end...]
        var authority = rest[..<end]
        if let at = authority.lastIndex(of: "@") {
            let user = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            credentials = Credentials(
                user: percentDecoded(user.first ?? ""), password: percentDecoded(user.dropFirst().first ?? ""))
            authority = authority[authority.index(after: at)...]
        }
        let hostEnd = authority.lastIndex(of: "]").map { authority.index(after: $0) }
        if let portColon = authority[(hostEnd ?? authority.startIndex)...].firstIndex(of: ":") {
            let digits = authority[authority.index(after: portColon)...]
            guard let number = digits.isEmpty ? defaultPort : Int(digits), (1...65535).contains(number) else {
                return nil
            }
            port = number
            host = authority[..<portColon].lowercased()
        } else {
            port = defaultPort
            host = authority.lowercased()
        }
        isDefaultPort = port == defaultPort
        if host.isEmpty { return nil }
    }

    /// The host, and the port where it is not the scheme's own: the value of a `Host` header.
    var authority: String { isDefaultPort ? host : "\(host):\(port)" }

    /// Scheme, host and port: who gets what is meant for this address alone.
    public var origin: String { "\(scheme)://\(authority)" }

    /// The URL without credentials, as it is requested and as messages show it.
    public var url: String { origin + target }

    /// Where a redirection from here to `location` leads; nil if that is no such URL.
    public func redirected(to location: String) -> WebAddress? {
        guard let base = URL(string: url), let resolved = URL(string: location, relativeTo: base) else { return nil }
        var next = WebAddress(resolved.absoluteString)
        if next?.origin == origin && next?.credentials == nil { next?.credentials = credentials }
        return next
    }

    /// A URL for messages, which must not give a password away.
    public static func withoutCredentials(_ text: String) -> String {
        let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        let end = text[start...].firstIndex { "/?#".contains($0) } ?? text.endIndex
        guard let at = text[start..<end].lastIndex(of: "@") else { return text }
        return String(text[..<start] + text[text.index(after: at)...])
    }
}

/// Text of a URL with `%2F` and the like replaced by the bytes that they stand for.
public func percentDecoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
        let digits = rest.prefix(2)
        if byte == UInt8(ascii: "%"), digits.count == 2, let digits = String(digits),
            let value = UInt8(digits, radix: 16)
        {
            bytes.append(value)
            rest = rest.dropFirst(2)
        } else {
            bytes.append(byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
