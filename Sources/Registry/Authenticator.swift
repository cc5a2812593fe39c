//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import HTTP
import NIOHTTP1

/// What requests to one repository are authenticated with: docker's token authentication specification, and RFC 7617.
///
/// Credentials are looked for only when the registry asks for them.
actor Authenticator {
    /// The repository.
    private let reference: ImageReference
    /// Whether secrets may go to the registry.
    private let isProtected: Bool
    private let source: CredentialSource
    private let connections: HTTPConnections
    private let uptime: @Sendable () -> Duration
    private let report: @Sendable (RegistryEvent) -> Void

    private var challenge: Challenge?
    private var tokens: [Set<String>: AccessToken] = [:]
    private var finding: (credential: RegistryCredential?, notes: [String])?

    init(
        for reference: ImageReference, isProtected: Bool, _ configuration: RegistryConfiguration,
        _ connections: HTTPConnections, report: @escaping @Sendable (RegistryEvent) -> Void
    ) {
        self.reference = reference
        self.isProtected = isProtected
        source = configuration.credentials
        uptime = configuration.uptime
        self.connections = connections
        self.report = report
    }

    /// Whether there are credentials, and what stood in the way of finding some.
    var circumstances: (hasCredentials: Bool, notes: [String]) {
        (finding?.credential != nil, finding?.notes ?? [])
    }

    /// The value of the `Authorization` header for a request that needs these scopes; nil as long as the registry has
    /// not asked for any, and where there is nothing to show.
    func authorization(for scopes: Set<String>) async throws(RegistryFailure) -> String? {
        guard let challenge else { return nil }
        let credential = try await credential()
        if case .registryToken(let token) = credential { return "Bearer \(token)" }
        guard challenge.scheme == "bearer" else {
            guard case .password(let credentials) = credential else { return nil }
            return credentials.basic
        }
        let now = uptime()
        // Any token will do that has these scopes among others.
        if let (_, token) = tokens.first(where: { $0.key.isSuperset(of: scopes) && $0.value.isUsable(at: now) }) {
            return "Bearer \(token.value)"
        }
        let response = try await token(scopes, credential, challenge)
        if let identityToken = response.identityToken, case .identityToken = credential {
            finding?.credential = .identityToken(identityToken)
        }
        tokens[scopes] = AccessToken(value: response.value, expiry: uptime() + response.lifetime)
        return "Bearer \(response.value)"
    }

    /// Takes in the challenges of a response of status 401.
    ///
    /// - Parameter refused: what the request was authenticated with.
    /// - Returns: the scopes that the registry wants a token to have, where another attempt is of use.
    func learn(_ values: [String], refused: String?) -> Set<String>? {
        let challenges = Challenge.all(in: values)
        guard
            let new = challenges.first(where: { $0.scheme == "bearer" && $0.parameters["realm"] != nil })
                ?? challenges.first(where: { $0.scheme == "basic" })
        else { return nil }
        challenge = new
        let scopes = Set((new.parameters["scope"] ?? "").split(separator: " ").map(String.init))
        guard let refused else { return scopes }
        // Another token may be taken where this one has expired; a password does not change.
        tokens = tokens.filter { "Bearer \($0.value.value)" != refused }
        return new.scheme == "bearer" ? scopes : nil
    }

    private func credential() async throws(RegistryFailure) -> RegistryCredential? {
        if finding == nil {
            let found = await source.credential(for: reference)
            // Others may have asked meanwhile.
            if finding == nil {
                finding = found
                for note in found.notes { report(.note(note)) }
            }
        }
        guard let credential = finding?.credential else { return nil }
        guard isProtected else { throw RegistryFailure(.unprotected(registry: reference.registry)) }
        return credential
    }

    /// Asks the token server, without credentials if there are none.
    private func token(
        _ scopes: Set<String>, _ credential: RegistryCredential?, _ challenge: Challenge
    ) async throws(RegistryFailure) -> TokenResponse {
        let realm = challenge.parameters["realm"] ?? ""
        guard var address = WebAddress(realm) else {
            throw RegistryFailure(
                .malformed(what: "the challenge of \(reference.registry)", reason: "its realm is no http or https URL"))
        }
        guard credential == nil || address.isProtected else {
            throw RegistryFailure(.unprotected(registry: address.origin))
        }
        var fields: [(String, String)] = []
        if let service = challenge.parameters["service"] { fields.append(("service", service)) }
        let response: HTTPClientAnswer
        if case .identityToken(let identityToken) = credential {
            fields += [
                ("scope", scopes.sorted().joined(separator: " ")), ("client_id", "fitout"),
                ("grant_type", "refresh_token"), ("refresh_token", identityToken),
            ]
            let headers: HTTPHeaders = ["Content-Type": "application/x-www-form-urlencoded"]
            response = try await answer(.POST, address, headers, body: formEncoded(fields))
        } else {
            fields += scopes.sorted().map { ("scope", $0) }
            var headers: HTTPHeaders = [:]
            if case .password(let credentials) = credential {
                fields.append(("account", credentials.user))
                headers.add(name: "Authorization", value: credentials.basic)
            }
            address.target += (address.target.contains("?") ? "&" : "?") + formEncoded(fields)
            response = try await answer(.GET, address, headers, body: nil)
        }
        let action = "get a token for `\(reference.name)` from \(address.origin)"
        guard response.status == .ok else {
            if [.unauthorized, .forbidden, .badRequest].contains(response.status) {
                throw RegistryFailure(
                    .unauthorized(
                        action: action, registry: reference.registry, hasCredentials: credential != nil,
                        notes: finding?.notes ?? []))
            }
            throw RegistryFailure(action, response.status, response.headers, body: response.body)
        }
        guard let token = TokenResponse(response.body) else {
            throw RegistryFailure(.malformed(what: "the answer of \(address.origin)", reason: "it holds no token"))
        }
        return token
    }

    private func answer(
        _ method: HTTPMethod, _ address: WebAddress, _ headers: HTTPHeaders, body: String?
    ) async throws(RegistryFailure) -> HTTPClientAnswer {
        do throws(HTTPError) {
            let (response, from) = try await connections.follow(
                method, address, headers: headers, body: body.map { .bytes(Array($0.utf8)) })
            return HTTPClientAnswer(
                status: response.status, headers: response.headers,
                body: try await connections.read(response, from: from, limit: 1 << 20))
        } catch {
            throw RegistryFailure(error)
        }
    }
}

/// A response with its body.
private struct HTTPClientAnswer {
    let status: HTTPResponseStatus
    let headers: HTTPHeaders
    let body: [UInt8]
}
