//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import Synchronization
import TestSupport

/// A token server at `/token` of the same host as a registry, which takes its tokens only.
final class TokenServer: Sendable {
    private struct State {
        var count = 0
        /// The tokens that are good, and the scopes of each.
        var tokens: [String: Set<String>] = [:]
    }

    private let state = Mutex(State())
    /// What the answer says besides the token.
    let lifetime: Int?
    /// The credentials that it takes, as the value of an `Authorization` header; nil for any.
    let credentials: String?
    /// Scopes that it gives to nobody.
    let refused: Set<String>

    init(lifetime: Int? = 300, credentials: String? = nil, refused: Set<String> = []) {
        (self.lifetime, self.credentials, self.refused) = (lifetime, credentials, refused)
    }

    /// Makes all tokens given so far bad.
    func expireAll() { state.withLock { $0.tokens = [:] } }

    /// The answer to a request for a token, or to one without a good token; nil for the registry to answer.
    func answer(_ asked: Asked) -> Answer? {
        if asked.path == "/token" { return token(asked) }
        let given = asked["Authorization"].map { $0.dropFirst("Bearer ".count) } ?? ""
        let scopes = state.withLock { $0.tokens[String(given)] }
        let parts = asked.path.split(separator: "/")
        let repository = parts.dropFirst().prefix { $0 != "blobs" && $0 != "manifests" }.joined(separator: "/")
        let action = ["GET", "HEAD"].contains(asked.method) ? "pull" : "push"
        let isAllowed =
            asked.path == "/v2/" && scopes != nil
            || scopes?.contains { scope in
                scope.hasPrefix("repository:\(repository):") && scope.contains(action)
            } == true
        if isAllowed { return nil }
        let scope = "repository:\(repository):\(action == "pull" ? "pull" : "pull,push")"
        let challenge = #"Bearer realm="http://\#(asked["Host"] ?? "")/token",service="the registry",scope="\#(scope)""#
        return problem(.unauthorized, "UNAUTHORIZED", ["WWW-Authenticate": challenge])
    }

    private func token(_ asked: Asked) -> Answer {
        var scopes: [String]
        if asked.method == "POST" {
            let form = String(decoding: asked.body, as: UTF8.self)
            guard field("refresh_token", of: form) == credentials, field("grant_type", of: form) == "refresh_token"
            else { return .status(.unauthorized) }
            scopes = (field("scope", of: form) ?? "").split(separator: " ").map(String.init)
        } else {
            if let credentials, asked["Authorization"] != credentials { return .status(.unauthorized) }
            scopes = asked.query.split(separator: "&").filter { $0.hasPrefix("scope=") }.map { String($0.dropFirst(6)) }
        }
        scopes = scopes.filter { !refused.contains($0) }
        let name = state.withLock { state in
            state.count += 1
            state.tokens["token\(state.count)"] = Set(scopes)
            return "token\(state.count)"
        }
        let rest = lifetime.map { ", \"expires_in\": \($0)" } ?? ""
        return Answer(body: Array("{\"token\": \"\(name)\"\(rest)}".utf8))
    }
}
