//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import SystemPackage

/// How servers are reached.
public struct HTTPConfiguration: Sendable, Hashable {
    /// The proxies, and who is reached without them.
    public var proxies = ProxySettings()
    /// Files with certificate authorities (PEM) to trust besides the system's own.
    public var certificateAuthorities: [FilePath] = []
    /// What the requests call this program.
    public var userAgent = "fitout"
    /// How many connections to one server there are at once.
    public var connectionsPerHost = 8
    /// How long to wait for a connection.
    public var connectTimeout: Duration = .seconds(15)
    /// How long to wait for the next byte, and for a server to take one.
    public var readTimeout: Duration = .seconds(60)
    /// How many redirections are followed.
    public var maximumRedirects = 10

    /// What programs on this system are told by these environment variables: `http_proxy`, `https_proxy`, `all_proxy`
    /// and `no_proxy`, in lower case or else in upper case; `SSL_CERT_FILE`, `CURL_CA_BUNDLE` and `REQUESTS_CA_BUNDLE`.
    public init(environment: [String: String]) {
        func value(_ name: String) -> String? {
            let text = environment[name] ?? environment[name.uppercased()] ?? ""
            return text.isEmpty ? nil : text
        }
        proxies.http = value("http_proxy") ?? value("all_proxy")
        proxies.https = value("https_proxy") ?? value("all_proxy")
        proxies.exceptions = ProxySettings.exceptions(value("no_proxy") ?? "")
        var files: [FilePath] = []
        for name in ["SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"] {
            if let path = environment[name], !path.isEmpty, !files.contains(FilePath(path)) {
                files.append(FilePath(path))
            }
        }
        certificateAuthorities = files
    }
}
