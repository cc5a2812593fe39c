//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import Testing

@testable import HTTP

@Suite struct ProxySettingsTests {
    @Test(arguments: [
        ("", "http://example.org/", true), ("*", "http://example.org/", false),
        ("example.org", "http://example.org/", false), ("example.org", "http://EXAMPLE.org/", false),
        ("example.org", "http://deb.example.org/", false), (".example.org", "http://deb.example.org/", false),
        ("*.example.org", "http://deb.example.org/", false), ("example.org", "http://badexample.org/", true),
        ("example.org:80", "http://example.org/", false), ("example.org:8080", "http://example.org/", true),
        ("a,example.org b", "http://example.org/", false), ("10.0.0.0/8", "http://10.1.2.3/", false),
        ("10.0.0.0/8", "http://11.1.2.3/", true), ("0.0.0.0/0", "http://11.1.2.3/", false),
        ("10.0.0.0/33", "http://10.1.2.3/", true), ("10.1.2.3", "http://10.1.2.3/", false),
        ("[::1]", "http://[::1]/", false), ("::1", "http://[::1]/", false), ("[::1]:81", "http://[::1]/", true),
        ("localhost", "http://example.org/", true), (".", "http://example.org/", true),
    ])
    func decidesWhoIsReachedThroughTheProxy(exceptions: String, url: String, isProxied: Bool) throws {
        let configuration = HTTPConfiguration(environment: ["http_proxy": "http://p:1", "no_proxy": exceptions])
        let address = try #require(WebAddress(url))
        #expect((configuration.proxies.proxy(for: address) != nil) == isProxied)
    }

    @Test func readsTheEnvironment() {
        let configuration = HTTPConfiguration(environment: [
            "http_proxy": "http://lower:1", "HTTP_PROXY": "http://upper:1", "HTTPS_PROXY": "http://secure:1",
            "all_proxy": "socks5://all:1", "NO_PROXY": "a, b", "SSL_CERT_FILE": "/ca.pem", "CURL_CA_BUNDLE": "/ca.pem",
            "REQUESTS_CA_BUNDLE": "",
        ])
        #expect(configuration.proxies.http == "http://lower:1")
        #expect(configuration.proxies.https == "http://secure:1")
        #expect(configuration.proxies.exceptions == ["a", "b"])
        #expect(configuration.certificateAuthorities == ["/ca.pem"])
        let all = HTTPConfiguration(environment: ["ALL_PROXY": "socks5h://all"]).proxies
        #expect(all.http == "socks5h://all" && all.https == "socks5h://all")
        #expect(HTTPConfiguration(environment: [:]).proxies == ProxySettings())
    }

    @Test func readsAProxy() throws {
        let proxy = try Proxy("http://a%3ab:c%20d@[::1]:3128/")
        #expect(proxy.host == "[::1]" && proxy.port == 3128 && proxy.kind == .http)
        #expect(proxy.credentials == Credentials(user: "a:b", password: "c d"))
        #expect(try Proxy("socks5://proxy").port == 1080)
        #expect(throws: HTTPError.invalidProxy("https://proxy")) { try Proxy("https://me:secret@proxy") }
    }

    @Test(arguments: [
        ("http://example.org", "http://example.org/"), ("HTTP://Example.ORG:80/A?b#c", "http://example.org/A?b"),
        ("https://example.org:8443?x", "https://example.org:8443/?x"), ("http://a:b@h/p@q", "http://h/p@q"),
        ("http://h/%7e+a%3ab~", "http://h/%7e+a%3ab~"),
    ])
    func readsAnAddress(text: String, url: String) {
        #expect(WebAddress(text)?.url == url)
    }

    @Test(arguments: [
        "", "example.org", "http:///x", "ftp://h/", "http://h:0/", "http://h:x/", "http://h/a b", "http://h/a\nb",
    ])
    func refusesWhatIsNoAddress(text: String) {
        #expect(WebAddress(text) == nil)
    }

    @Test func leadsNoSecretToAnotherOrigin() throws {
        let address = try #require(WebAddress("https://me:secret@example.org/a/b"))
        #expect(address.redirected(to: "c")?.credentials == address.credentials)
        #expect(address.redirected(to: "//other.example/c")?.url == "https://other.example/c")
        #expect(address.redirected(to: "//other.example/c")?.credentials == nil)
        #expect(address.redirected(to: "http://example.org/c")?.credentials == nil)
    }
}
