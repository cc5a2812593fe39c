//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Download
import HTTP
import NIOHTTP1
import SystemPackage
import TestSupport
import Testing

@Suite struct RouteTests {
    private let test: DownloadCase

    init() throws { test = try DownloadCase() }

    private func document(
        _ url: String, environment: [String: String] = [:], headers: [(String, String)] = []
    ) async throws -> [UInt8] {
        try await test.downloading(environment: environment, change: { $0.retries.attempts = 1 }) {
            try await $0.document(url, maximumSize: 1000, headers: headers)
        }
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func followsRedirections(status: Int) async throws {
        let server = try await TestServer { asked in
            switch asked.target {
            case "/a/b": .status(.init(statusCode: status), ["Location": "../c?d"])
            case "/c?d": .status(.init(statusCode: status), ["Location": "http://\(asked["Host"] ?? "")/e"])
            default: Answer(body: [1])
            }
        }
        #expect(try await document(server.url + "/a/b") == [1])
        #expect(server.asked.map(\.target) == ["/a/b", "/c?d", "/e"])
    }

    @Test func followsNoCircle() async throws {
        let server = try await TestServer { _ in .status(.found, ["Location": "/again"]) }
        await #expect(
            throws: DownloadError.redirect(url: server.url + "/", reason: "it redirects more than 10 times")
        ) { try await document(server.url + "/") }
        #expect(server.asked.count == 11)
    }

    @Test(arguments: ["ftp://example.org/", "file:///etc/passwd", "http://"])
    func followsToWebServersOnly(location: String) async throws {
        let server = try await TestServer { _ in .status(.found, ["Location": location]) }
        let error = await #expect(throws: DownloadError.self) { try await document(server.url) }
        guard case .redirect = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func keepsSecretsFromOtherServers() async throws {
        let other = try await TestServer { _ in Answer(body: [1]) }
        let server = try await TestServer { _ in .status(.found, ["Location": other.url + "/x"]) }
        let headers = [("Authorization", "Bearer secret"), ("Accept", "text/html")]
        #expect(try await document(server.url + "/", headers: headers) == [1])
        #expect(server.asked.first?["Authorization"] == "Bearer secret")
        #expect(other.asked.first?["Authorization"] == nil)
        #expect(other.asked.first?["Accept"] == "text/html")
    }

    @Test func sendsTheCredentialsOfAURL() async throws {
        let server = try await TestServer { _ in Answer(body: [1]) }
        #expect(try await document("http://me:p%40ss@127.0.0.1:\(server.port)/x") == [1])
        #expect(server.asked.first?["Authorization"] == "Basic bWU6cEBzcw==")
        #expect(server.asked.first?.target == "/x")
    }

    @Test func asksTheProxyForPlainServers() async throws {
        let proxy = try await TestServer { _ in Answer(body: [7]) }
        let environment = ["http_proxy": "http://me:secret@127.0.0.1:\(proxy.port)"]
        #expect(try await document("http://deb.example.org/a?b", environment: environment) == [7])
        #expect(try await document("http://deb.example.org:8080/", environment: environment) == [7])
        #expect(proxy.asked.map(\.target) == ["http://deb.example.org/a?b", "http://deb.example.org:8080/"])
        #expect(proxy.asked.map { $0["Host"] } == ["deb.example.org", "deb.example.org:8080"])
        #expect(proxy.asked.allSatisfy { $0["Proxy-Authorization"] == "Basic bWU6c2VjcmV0" })
    }

    @Test func asksTheProxyForATunnelToProtectedServers() async throws {
        let proxy = try await TestServer { _ in .status(.proxyAuthenticationRequired) }
        await #expect(throws: DownloadError.status(url: "https://pypi.example.org/simple/", 407)) {
            try await document(
                "https://pypi.example.org/simple/", environment: ["HTTPS_PROXY": "127.0.0.1:\(proxy.port)"])
        }
        #expect(proxy.asked.map { "\($0.method) \($0.target)" } == ["CONNECT pypi.example.org:443"])
    }

    @Test func goesRoundTheProxyWhereItIsTold() async throws {
        let proxy = try await TestServer { _ in Answer(body: [7]) }
        let server = try await TestServer { _ in Answer(body: [1]) }
        let environment = ["http_proxy": "http://127.0.0.1:\(proxy.port)", "no_proxy": "example.org, 127.0.0.0/8"]
        #expect(try await document(server.url, environment: environment) == [1])
        #expect(proxy.asked.isEmpty)
    }

    @Test(arguments: ["https://proxy.example:3128", "ftp://proxy", "http://", "http://proxy:99999"])
    func refusesWhatIsNoProxy(text: String) async throws {
        await #expect(throws: DownloadError.invalidProxy(text)) {
            try await document("http://example.org/", environment: ["http_proxy": text])
        }
    }

    @Test func aForgottenDownloaderEndsByItself() async throws {
        let server = try await TestServer { _ in Answer(body: [1]) }
        let configuration = DownloadConfiguration(environment: ["https_proxy": "http://127.0.0.1:1"])
        let document = try await Downloader(store: test.store, configuration: configuration)
            .document(server.url, maximumSize: 1)
        #expect(document == [1])
    }

    @Test func namesAFileOfCertificatesThatIsNotThere() async throws {
        let error = await #expect(throws: DownloadError.self) {
            try await document("https://127.0.0.1:1/", environment: ["SSL_CERT_FILE": "/absent.pem"])
        }
        #expect(error == .certificates(path: "/absent.pem", reason: "no such file or directory"))
    }
}
