//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import HTTP
import NIOHTTP1

/// A request to a registry.
struct RegistryRequest: Sendable {
    var method = HTTPMethod.GET
    /// The registry's own address, or one that it named.
    var address: WebAddress
    var headers: HTTPHeaders = [:]
    var body: HTTPClientRequest.Body?
    /// The scopes that it needs, for example `repository:me/app:pull`.
    var scopes: Set<String>
    /// What it does, for messages: `find the blob sha256:…`.
    var action: String
}

/// What a registry answered; the body is still to come.
struct RegistryResponse: Sendable {
    let response: HTTPClientResponse
    /// Where it came from, after redirections.
    let address: WebAddress

    var status: HTTPResponseStatus { response.status }
    func header(_ name: String) -> String? { response.headers.first(name: name) }
}

extension RegistryClient {
    /// Sends a request, authenticated if the registry asks for it.
    ///
    /// Only the registry itself is shown credentials: an address that it names, for an upload or by redirecting, on
    /// another host gets none.
    ///
    /// - Returns: any response but one of status 401 or 403.
    func send(
        _ request: RegistryRequest, to reference: ImageReference
    ) async throws(RegistryFailure) -> RegistryResponse {
        let origin = try root(of: reference).origin
        let authenticator = authenticator(for: reference)
        var scopes = request.scopes
        var refusals = 0
        while true {
            var headers = request.headers
            var authorization: String?
            if request.address.origin == origin {
                authorization = try await authenticator.authorization(for: scopes)
            }
            if let authorization { headers.replaceOrAdd(name: "Authorization", value: authorization) }
            let answer: RegistryResponse
            do throws(HTTPError) {
                let (response, address) = try await connections.follow(
                    request.method, request.address, headers: headers, body: request.body)
                answer = RegistryResponse(response: response, address: address)
            } catch {
                throw RegistryFailure(error)
            }
            guard [.unauthorized, .forbidden].contains(answer.status), answer.address.origin == origin else {
                return answer
            }
            let failure = await failure(request.action, answer)
            if answer.status == .forbidden { throw await refusal(request, reference, failure.problems) }
            let challenges = answer.response.headers["WWW-Authenticate"]
            refusals += 1
            // Once to learn what is wanted, and once for a token that has expired meanwhile.
            guard let wanted = await authenticator.learn(challenges, refused: authorization),
                refusals <= (authorization == nil ? 1 : 2)
            else { throw await refusal(request, reference, failure.problems) }
            scopes.formUnion(wanted.filter { scope in !scopes.contains { isCovered(scope, by: $0) } })
        }
    }

    private func refusal(
        _ request: RegistryRequest, _ reference: ImageReference, _ problems: [RegistryProblem]
    ) async -> RegistryFailure {
        let (hasCredentials, notes) = await authenticator(for: reference).circumstances
        return RegistryFailure(
            .unauthorized(
                action: request.action, registry: reference.registry, hasCredentials: hasCredentials,
                notes: problems.map(\.message) + notes))
    }

    /// The failure that a response amounts to; reads its body.
    func failure(_ action: String, _ answer: RegistryResponse) async -> RegistryFailure {
        // Without a body, the status tells enough.
        let body = (try? await connections.read(answer.response, from: answer.address, limit: 64 << 10)) ?? []
        return RegistryFailure(action, answer.status, answer.response.headers, body: body)
    }
}

/// Whether a scope (`type:name:actions`) allows nothing that `other` does not.
func isCovered(_ scope: String, by other: String) -> Bool {
    guard let end = scope.lastIndex(of: ":"), other.hasPrefix(scope[...end]) else { return scope == other }
    let actions = other[scope[...end].endIndex...].split(separator: ",")
    return scope[end...].dropFirst().split(separator: ",").allSatisfy { actions.contains($0) }
}

extension ImageReference {
    /// The scope of reading the repository.
    var pullScope: String { "repository:\(repository):pull" }
    /// The scope of writing to the repository.
    var pushScope: String { "repository:\(repository):pull,push" }
}
