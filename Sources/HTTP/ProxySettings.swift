//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The proxies, and who is reached without them, as the variables `http_proxy`, `https_proxy` and `no_proxy` say it.
public struct ProxySettings: Sendable, Hashable {
    /// The proxy for `http:` URLs: `[http://][user:password@]host[:port]` or `socks5://host[:port]`.
    public var http: String?
    /// The proxy for `https:` URLs.
    public var https: String?
    /// Who is reached without a proxy: `*` (everybody), `example.org` and `.example.org` (that domain and all below),
    /// `10.0.0.0/8` (those IPv4 addresses), each also with `:port`.
    public var exceptions: [String] = []

    /// No proxy at all.
    public init() {}

    /// The items of a variable such as `no_proxy`, which stand between commas or white space.
    static func exceptions(_ text: String) -> [String] {
        text.split { $0 == "," || $0.isWhitespace }.map(String.init)
    }

    /// The URL of the proxy to use for `address`, if any.
    func proxy(for address: WebAddress) -> String? {
        if exceptions.contains(where: { Self.matches($0, address) }) { return nil }
        return address.scheme == "https" ? https : http
    }

    private static func matches(_ exception: String, _ address: WebAddress) -> Bool {
        if exception == "*" { return true }
        var rule = exception.lowercased()
        if let (host, port) = splitPort(rule) {
            guard port == address.port else { return false }
            rule = host
        }
        if rule.hasPrefix("*") { rule.removeFirst() }
        if rule.hasPrefix(".") { rule.removeFirst() }
        if rule.isEmpty { return false }
        if let slash = rule.firstIndex(of: "/") {
            guard let network = ipv4(rule[..<slash]), let length = UInt32(rule[rule.index(after: slash)...]),
                length <= 32, let host = ipv4(address.host[...])
            else { return false }
            // A shift by 32 gives zero here: every address is in a network of length 0.
            return (network ^ host) >> (32 - length) == 0
        }
        if address.host == "[\(rule)]" { return true }
        return address.host == rule || address.host.hasSuffix("." + rule)
    }

    /// The host and the port of `host:port`; nil if there is no port. More than one colon is an IPv6 address.
    private static func splitPort(_ rule: String) -> (String, Int)? {
        if rule.hasPrefix("["), let end = rule.lastIndex(of: "]") {
            let rest = rule[rule.index(after: end)...]
            guard rest.hasPrefix(":"), let port = Int(rest.dropFirst()) else { return nil }
            return (String(rule[...end]), port)
        }
        let parts = rule.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let port = Int(parts[1]) else { return nil }
        return (String(parts[0]), port)
    }

    private static func ipv4(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard let byte = UInt8(part) else { return nil }
            address = address << 8 | UInt32(byte)
        }
        return address
    }
}

/// A proxy that requests can be sent to.
struct Proxy: Sendable, Hashable {
    enum Kind { case http, socks }

    var kind: Kind
    var host: String
    var port: Int
    var credentials: Credentials?

    /// Throws `invalidProxy` for what is no URL of a proxy, or a kind of proxy that is not supported.
    init(_ text: String) throws(HTTPError) {
        guard let address = WebAddress(text.contains("://") ? text : "http://" + text, knowsPort: { Self.ports[$0] })
        else { throw .invalidProxy(WebAddress.withoutCredentials(text)) }
        kind = address.scheme == "http" ? .http : .socks
        host = address.host
        port = address.port
        credentials = address.credentials
    }

    private static let ports = ["http": 80, "socks5": 1080, "socks5h": 1080]
}
