//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import HTTP
import NIOHTTP1
import OCI
import Registry
import Store
import Synchronization
import TestSupport
import Testing

/// What a push makes of registries and networks that fail.
@Suite struct PushFaultTests {
    private let test: RegistryCase

    init() throws { test = try RegistryCase() }

    /// Lets the first `count` of what satisfies `condition` through.
    private func first(
        _ count: Int = 1, where condition: @escaping @Sendable (Asked) -> Bool
    ) -> @Sendable (Asked) -> Bool {
        let left = Counter(count)
        return { asked in condition(asked) && left.takeOne() }
    }

    private func isLargePut(_ asked: Asked) -> Bool {
        asked.method == "PUT" && asked["Content-Length"] == "300000"
    }

    private func largeBlob(_ registry: FakeRegistry) -> Int? {
        registry.stored.blobs["me/app"]?.values.map(\.count).max()
    }

    @Test func goesOnWhereAnUploadBrokeOff() async throws {
        var behaviour = FakeRegistry.Behaviour()
        let isFirst = first(where: isLargePut)
        behaviour.breakOff = { isFirst($0) ? 100_000 : nil }
        let registry = try await FakeRegistry(behaviour)
        try await test.push(to: registry)
        #expect(largeBlob(registry) == 300_000)
        let rest = registry.asked.filter { $0.method == "PATCH" }
        #expect(rest.map(\.body.count) == [200_000])
        #expect(rest.first?["Content-Range"] == "100000-299999")
        #expect(test.retries.count == 1)
    }

    @Test func beginsAnewWhereTheRegistryForgot() async throws {
        var behaviour = FakeRegistry.Behaviour()
        let isFirst = first(where: isLargePut)
        behaviour.breakOff = { isFirst($0) ? 100_000 : nil }
        behaviour.tellsProgress = false
        let registry = try await FakeRegistry(behaviour)
        try await test.push(to: registry)
        #expect(largeBlob(registry) == 300_000)
        #expect(registry.asked.filter { $0.method == "PATCH" }.isEmpty)
    }

    @Test func sendsPiecesWhereTheWholeBreaksOffAgainAndAgain() async throws {
        var behaviour = FakeRegistry.Behaviour()
        behaviour.breakOff = { ($0["Content-Length"].flatMap { Int($0) } ?? 0) > 64_000 ? 50_000 : nil }
        behaviour.keepsPartialRequests = false
        let registry = try await FakeRegistry(behaviour)
        try await test.push(to: registry) { $0.chunkSize = 60_000 }
        #expect(largeBlob(registry) == 300_000)
        #expect(registry.asked.filter { $0.method == "PATCH" }.map(\.body.count) == Array(repeating: 60_000, count: 5))
    }

    @Test func sendsPiecesWhereTheWholeIsTooLarge() async throws {
        var behaviour = FakeRegistry.Behaviour()
        behaviour.intercept = {
            ($0["Content-Length"].flatMap { Int($0) } ?? 0) > 64_000 ? .status(.payloadTooLarge) : nil
        }
        let registry = try await FakeRegistry(behaviour)
        try await test.push(to: registry) { $0.chunkSize = 60_000 }
        #expect(largeBlob(registry) == 300_000)
    }

    @Test func sendsSmallerPiecesWherePiecesAreTooLarge() async throws {
        var behaviour = FakeRegistry.Behaviour()
        behaviour.intercept = {
            ($0["Content-Length"].flatMap { Int($0) } ?? 0) > 1 << 20 ? .status(.payloadTooLarge) : nil
        }
        let registry = try await FakeRegistry(behaviour)
        try await test.push(test.image([2_200_000]), to: registry) { $0.chunkSize = 2 << 20 }
        #expect(largeBlob(registry) == 2_200_000)
        #expect(
            registry.asked.filter { $0.method == "PATCH" }.map(\.body.count).suffix(3) == [1 << 20, 1 << 20, 102_848])
    }

    @Test func givesUpWhereNothingIsSmallEnough() async throws {
        var behaviour = FakeRegistry.Behaviour()
        behaviour.intercept = { ["PUT", "PATCH"].contains($0.method) ? .status(.payloadTooLarge) : nil }
        let registry = try await FakeRegistry(behaviour)
        let error = await #expect(throws: RegistryError.self) { try await test.push(to: registry) }
        guard case .status(_, 413, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func sendsTheWholeWherePiecesAreRefused() async throws {
        var behaviour = FakeRegistry.Behaviour()
        let isFirst = first(2, where: isLargePut)
        behaviour.breakOff = { isFirst($0) ? 100_000 : nil }
        behaviour.keepsPartialRequests = false
        behaviour.takesChunks = false
        let registry = try await FakeRegistry(behaviour)
        try await test.push(to: registry) { $0.chunkSize = 60_000 }
        #expect(largeBlob(registry) == 300_000)
    }

    @Test(arguments: [500, 502, 503, 429])
    func triesAgainWhereFinishingFails(status: Int) async throws {
        var behaviour = FakeRegistry.Behaviour()
        let isFirst = first(where: isLargePut)
        behaviour.intercept = { isFirst($0) ? .status(.init(statusCode: status), ["Retry-After": "1"]) : nil }
        let registry = try await FakeRegistry(behaviour)
        try await test.push(to: registry)
        #expect(largeBlob(registry) == 300_000)
        #expect(test.retries.count == 1)
    }

    @Test func sendsNothingAgainWhereOnlyTheAnswerWasLost() async throws {
        var behaviour = FakeRegistry.Behaviour()
        let isFirst = first(where: isLargePut)
        behaviour.change = { asked, answer in isFirst(asked) ? .status(.badGateway) : answer }
        let registry = try await FakeRegistry(behaviour)
        try await test.push(to: registry)
        #expect(registry.asked.filter(isLargePut).count == 1)
    }

    @Test func waitsAsLongAsTheRegistryAsks() async throws {
        var behaviour = FakeRegistry.Behaviour()
        let isFirst = first { $0.method == "HEAD" }
        behaviour.intercept = { isFirst($0) ? .status(.tooManyRequests, ["Retry-After": "1"]) : nil }
        let registry = try await FakeRegistry(behaviour)
        let start = ContinuousClock.now
        try await test.push(to: registry) { $0.retries.longestPause = .milliseconds(1100) }
        #expect(ContinuousClock.now - start >= .seconds(1))
    }

    @Test func opensAnotherSessionWhereOneIsLost() async throws {
        var behaviour = FakeRegistry.Behaviour()
        let isFirst = first(where: isLargePut)
        behaviour.intercept = { isFirst($0) ? problem(.notFound, "BLOB_UPLOAD_UNKNOWN") : nil }
        let registry = try await FakeRegistry(behaviour)
        try await test.push(to: registry)
        #expect(largeBlob(registry) == 300_000)
        #expect(registry.log.filter { $0 == "POST /v2/me/app/blobs/uploads/" }.count == 4)
    }

    @Test func givesUpAtLast() async throws {
        var behaviour = FakeRegistry.Behaviour()
        behaviour.intercept = { $0.method == "PUT" ? problem(.internalServerError, "UNKNOWN") : nil }
        let registry = try await FakeRegistry(behaviour)
        let error = await #expect(throws: RegistryError.self) { try await test.push(to: registry) }
        guard case .status(_, 500, let problems) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(problems == [RegistryProblem(code: "UNKNOWN", message: "what UNKNOWN means")])
    }

    @Test(arguments: ["blobs", "manifests"])
    func refusesAnotherDigestThanItsOwn(kind: String) async throws {
        var behaviour = FakeRegistry.Behaviour()
        let other = "sha256:" + String(repeating: "0", count: 64)
        behaviour.change = { asked, answer in
            guard asked.method == "PUT", asked.path.contains("/\(kind)/") else { return answer }
            return .status(.created, ["Docker-Content-Digest": other])
        }
        let registry = try await FakeRegistry(behaviour)
        let error = await #expect(throws: RegistryError.self) { try await test.push(to: registry) }
        guard case .wrongDigest(_, _, other) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func givesNoCredentialsToAnotherHost() async throws {
        let registry = try await FakeRegistry()
        let storage = registry.host.replacing("127.0.0.1", with: "localhost")
        var behaviour = FakeRegistry.Behaviour()
        behaviour.intercept = { asked in
            asked["Authorization"] == nil ? .status(.unauthorized, ["WWW-Authenticate": "Basic realm=x"]) : nil
        }
        behaviour.change = { asked, answer in
            guard let place = answer.headers.first(name: "Location"), asked.method == "POST" else { return answer }
            return .status(answer.status, ["Location": "http://\(storage)\(place)&signature=hidden"])
        }
        let front = try await FakeRegistry(behaviour)
        // Sessions of both have the same numbers; the second has them open already.
        _ = try await test.push(test.image([70, 80]), to: registry, "x/y")
        let environment = try test.credentials(#"{"auths": {"\#(front.host)": {"auth": "bWU6c2VjcmV0"}}}"#)
        let error = await #expect(throws: RegistryError.self) {
            try await test.push(to: front, environment: environment) { $0.retries.attempts = 1 }
        }
        let puts = registry.asked.filter { $0.query.contains("signature=hidden") }
        #expect(!puts.isEmpty && puts.allSatisfy { $0["Authorization"] == nil })
        #expect(front.asked.contains { $0["Authorization"] == "Basic bWU6c2VjcmV0" })
        #expect(error?.description.contains("hidden") == false)
    }

    @Test func followsNoCircle() async throws {
        var behaviour = FakeRegistry.Behaviour()
        behaviour.intercept = { $0.method == "POST" ? .status(.temporaryRedirect, ["Location": $0.target]) : nil }
        let registry = try await FakeRegistry(behaviour)
        let error = await #expect(throws: RegistryError.self) { try await test.push(to: registry) }
        guard case .http(.redirect(_, _)) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func refusesAnUploadToNowhere() async throws {
        var behaviour = FakeRegistry.Behaviour()
        behaviour.change = { $0.method == "POST" ? .status(.accepted) : $1 }
        let registry = try await FakeRegistry(behaviour)
        await #expect(throws: RegistryError.self) { try await test.push(to: registry) }
        #expect(registry.stored.manifests.isEmpty)
    }
}

/// A number that is counted down to zero.
final class Counter: Sendable {
    private let value: Mutex<Int>

    init(_ count: Int) { value = Mutex(count) }

    /// False when there is nothing left.
    func takeOne() -> Bool {
        value.withLock { value in
            guard value > 0 else { return false }
            value -= 1
            return true
        }
    }
}
