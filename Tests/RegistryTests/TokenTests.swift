//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import Registry
import Store
import Synchronization
import TestSupport
import Testing

/// How a push proves who pushes.
@Suite struct TokenTests {
    private let test: RegistryCase
    private let basic = "Basic bWU6c2VjcmV0"

    init() throws { test = try RegistryCase() }

    private func registry(_ tokens: TokenServer) async throws -> FakeRegistry {
        var behaviour = FakeRegistry.Behaviour()
        behaviour.intercept = { tokens.answer($0) }
        return try await FakeRegistry(behaviour)
    }

    private func login(_ registry: FakeRegistry) throws -> [String: String] {
        try test.credentials(#"{"auths": {"\#(registry.host)": {"auth": "bWU6c2VjcmV0"}}}"#)
    }

    private func tokenRequests(_ registry: FakeRegistry) -> [Asked] { registry.asked.filter { $0.path == "/token" } }

    @Test func getsATokenForPullingAndPushing() async throws {
        let registry = try await registry(TokenServer(credentials: basic))
        try await test.push(to: registry, environment: login(registry))
        let asked = tokenRequests(registry)
        #expect(asked.allSatisfy { $0.query.contains("scope=repository:me/app:pull,push") })
        #expect(asked.first?.query.hasPrefix("service=the%20registry&") == true)
        #expect(asked.count == 1)
        #expect(registry.stored.manifests["me/app 1"] != nil)
    }

    @Test func asksForBothScopesToMount() async throws {
        let registry = try await registry(TokenServer(credentials: basic))
        let environment = try login(registry)
        try await test.push(to: registry, environment: environment)
        let result = try await test.push(to: registry, "me/other:1", environment: environment)
        #expect(result.blobs.map(\.outcome) == Array(repeating: .mounted(from: "me/app"), count: 3))
        let both = "scope=repository:me/app:pull&scope=repository:me/other:pull,push"
        #expect(tokenRequests(registry).contains { $0.query.contains(both) })
    }

    @Test func uploadsWhatItMayNotReadElsewhere() async throws {
        let open = try await FakeRegistry()
        try await test.push(to: open)
        // Whoever may not read the other repository is asked for credentials when mounting, however good the token.
        var behaviour = FakeRegistry.Behaviour()
        let tokens = TokenServer(credentials: basic)
        behaviour.intercept = { asked in
            if asked.query.contains("from=") {
                return problem(
                    .unauthorized, "DENIED",
                    ["WWW-Authenticate": "Bearer realm=\"http://\(asked["Host"] ?? "")/token\""])
            }
            return tokens.answer(asked)
        }
        let registry = try await FakeRegistry(behaviour)
        let environment = try login(registry)
        try await test.push(to: registry, environment: environment)
        let result = try await test.push(to: registry, "me/other:1", environment: environment)
        #expect(result.blobs.map(\.outcome) == [.uploaded, .uploaded, .uploaded])
    }

    @Test func getsAnotherTokenBeforeOneExpires() async throws {
        let registry = try await registry(TokenServer(lifetime: 100))
        let time = Mutex(0)
        // A minute passes whenever somebody looks at the clock.
        try await test.push(to: registry) { configuration in
            configuration.parallelism = 1
            configuration.uptime = {
                .seconds(
                    time.withLock { time in
                        time += 60
                        return time
                    })
            }
        }
        #expect(tokenRequests(registry).count > 3)
        // Only the first request of all was made without a token, and no token was refused.
        #expect(registry.asked.filter { $0["Authorization"] == nil && $0.path != "/token" }.count == 1)
    }

    @Test func getsAnotherTokenInTheMiddle() async throws {
        var behaviour = FakeRegistry.Behaviour()
        let tokens = TokenServer(credentials: basic)
        let once = Counter(1)
        behaviour.intercept = { asked in
            if asked.method == "PUT", asked["Content-Length"] == "300000", once.takeOne() { tokens.expireAll() }
            return tokens.answer(asked)
        }
        let registry = try await FakeRegistry(behaviour)
        try await test.push(to: registry, environment: login(registry)) { $0.parallelism = 1 }
        #expect(registry.stored.blobs["me/app"]?.count == 3)
        #expect(test.retries.isEmpty)
    }

    @Test func showsAnIdentityToken() async throws {
        let registry = try await registry(TokenServer(credentials: "hidden"))
        let environment = try test.credentials(#"{"auths": {"\#(registry.host)": {"identitytoken": "hidden"}}}"#)
        try await test.push(to: registry, environment: environment)
        #expect(tokenRequests(registry).allSatisfy { $0.method == "POST" && $0.query.isEmpty })
        #expect(registry.stored.manifests["me/app 1"] != nil)
    }

    @Test func tellsThatCredentialsAreWanted() async throws {
        let registry = try await registry(TokenServer(credentials: basic))
        let error = await #expect(throws: RegistryError.self) { try await test.push(to: registry) }
        #expect(error?.description.contains("\(registry.host) wants credentials") == true)
        #expect(error?.description.contains("docker login \(registry.host)") == true)
    }

    @Test func tellsThatCredentialsDoNotSuffice() async throws {
        let registry = try await registry(TokenServer(refused: ["repository:me/app:pull,push"]))
        let error = await #expect(throws: RegistryError.self) {
            try await test.push(to: registry, environment: login(registry))
        }
        #expect(error?.description.contains("do not allow it") == true)
        #expect(error?.description.contains("c2VjcmV0") == false && error?.description.contains("secret") == false)
    }

    @Test func tellsWhatTheRegistryDenies() async throws {
        var behaviour = FakeRegistry.Behaviour()
        behaviour.intercept = { $0.method == "POST" ? problem(.forbidden, "DENIED") : nil }
        let registry = try await FakeRegistry(behaviour)
        let error = await #expect(throws: RegistryError.self) { try await test.push(to: registry) }
        #expect(error?.description.contains("what DENIED means") == true)
        #expect(error?.description.contains("podman login \(registry.host)") == true)
        #expect(registry.log.filter { $0.hasPrefix("POST") }.count <= 3)
    }

    @Test func showsAPassword() async throws {
        var behaviour = FakeRegistry.Behaviour()
        let basic = basic
        behaviour.intercept = { asked in
            asked["Authorization"] == basic ? nil : .status(.unauthorized, ["WWW-Authenticate": "Basic realm=\"x\""])
        }
        let registry = try await FakeRegistry(behaviour)
        try await test.push(to: registry, environment: login(registry))
        #expect(registry.stored.manifests["me/app 1"] != nil)
    }

    @Test func tellsWhatIsWrongWithAHelper() async throws {
        let registry = try await registry(TokenServer(credentials: basic))
        let environment = try test.credentials(#"{"credsStore": "absent"}"#)
        let error = await #expect(throws: RegistryError.self) {
            try await test.push(to: registry, environment: environment)
        }
        #expect(error?.description.contains("`docker-credential-absent` is not on PATH") == true)
        #expect(test.notes.count == 1)
    }

    /// A proxy stands for the other host: it is asked for whatever is asked of that.
    private func proxied(
        _ behaviour: FakeRegistry.Behaviour, _ auths: String
    ) async throws -> (registry: FakeRegistry, environment: [String: String]) {
        let registry = try await FakeRegistry(behaviour)
        var environment = try test.credentials(#"{"auths": {\#(auths)}}"#)
        environment["http_proxy"] = "http://\(registry.host)"
        return (registry, environment)
    }

    private func push(_ name: String, _ environment: [String: String]) async throws {
        let content = try PushContent([test.image()], in: test.store)
        _ = try await test.talking(environment: environment, change: { $0.allowsPlainHTTP = true }) {
            try await $0.push(content, to: ImageReference(name), remembering: test.store)
        }
    }

    @Test func sendsNoCredentialsOverAnUnprotectedConnection() async throws {
        var behaviour = FakeRegistry.Behaviour()
        behaviour.intercept = { asked in
            asked["Authorization"] == nil ? .status(.unauthorized, ["WWW-Authenticate": "Basic realm=\"x\""]) : nil
        }
        let (registry, environment) = try await proxied(behaviour, #""registry.test": {"auth": "bWU6c2VjcmV0"}"#)
        await #expect(throws: RegistryError.unprotected(registry: "registry.test")) {
            try await push("registry.test/me/app:1", environment)
        }
        #expect(!registry.asked.isEmpty && registry.asked.allSatisfy { $0["Authorization"] == nil })
    }

    @Test func pushesOverAnUnprotectedConnectionWithoutCredentials() async throws {
        let (registry, environment) = try await proxied(.init(), #""registry.test": {"auth": "bWU6c2VjcmV0"}"#)
        try await push("registry.test/me/app:1", environment)
        #expect(registry.stored.manifests["me/app 1"] != nil)
        #expect(registry.asked.allSatisfy { $0.target.hasPrefix("http://registry.test/v2/") })
    }

    @Test func sendsNoCredentialsToAnUnprotectedTokenServer() async throws {
        var behaviour = FakeRegistry.Behaviour()
        behaviour.intercept = { _ in
            .status(.unauthorized, ["WWW-Authenticate": "Bearer realm=\"http://tokens.test/token\""])
        }
        let registry = try await FakeRegistry(behaviour)
        var environment = try login(registry)
        environment["http_proxy"] = "http://\(registry.host)"
        environment["no_proxy"] = "127.0.0.1"
        await #expect(throws: RegistryError.unprotected(registry: "http://tokens.test")) {
            try await test.push(to: registry, environment: environment)
        }
        #expect(registry.asked.allSatisfy { !$0.target.contains("/token") })
    }
}
