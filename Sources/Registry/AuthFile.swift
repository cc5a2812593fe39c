//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import HTTP
import JSON

/// A file with credentials: docker's `config.json`, or podman's `auth.json` (containers-auth.json(5)), whose keys may
/// be narrower than a host.
struct AuthFile: Sendable {
    /// Where a registry's credentials are.
    enum Place: Hashable {
        /// In the file.
        case here(RegistryCredential)
        /// With the program `docker-credential-<name>`.
        case helper(name: String)
    }

    private let entries: [String: RegistryCredential]
    private let helpers: [String: String]
    private let defaultHelper: String?

    /// - Parameter name: what to call it in a message.
    init(_ bytes: [UInt8], name: String) throws(RegistryError) {
        let root: JSONNode
        do throws(JSONError) { root = try parseJSON(bytes) } catch {
            throw .malformed(what: "`\(name)`", reason: error.description)
        }
        guard root.object != nil else { throw .malformed(what: "`\(name)`", reason: "it is no JSON object") }
        var entries: [String: RegistryCredential] = [:]
        for member in root["auths"]?.object ?? [] {
            if let credential = Self.credential(member.value) { entries[Self.normalized(member.key)] = credential }
        }
        var helpers: [String: String] = [:]
        for member in root["credHelpers"]?.object ?? [] {
            if let name = member.value.string, !name.isEmpty { helpers[Self.normalized(member.key)] = name }
        }
        self.entries = entries
        self.helpers = helpers
        defaultHelper = root["credsStore"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Where to look for the credentials of a repository, best first. A helper for the registry alone counts; the helper
    /// for all registries comes before what the file holds.
    func places(for reference: ImageReference) -> [Place] {
        let keys = Self.keys(of: reference)
        if let helper = keys.lazy.compactMap({ helpers[$0] }).first {
            return [.helper(name: helper)]
        }
        let entry = keys.lazy.compactMap { entries[$0] }.first.map { Place.here($0) }
        return [defaultHelper.map { .helper(name: $0) }, entry].compactMap(\.self)
    }

    /// The keys that a repository's credentials may stand under, the narrowest first.
    private static func keys(of reference: ImageReference) -> [String] {
        var keys: [String] = []
        var components = reference.repository.split(separator: "/")
        while !components.isEmpty {
            keys.append(reference.registry + "/" + components.joined(separator: "/"))
            components.removeLast()
        }
        if reference.registry == ImageReference.dockerHub {
            return keys + ["docker.io", "index.docker.io/v1", "index.docker.io", "registry-1.docker.io"]
        }
        return keys + [reference.registry, reference.registry + "/v1", reference.registry + "/v2"]
    }

    /// A key without a scheme and without a slash at its end.
    private static func normalized(_ key: String) -> String {
        var key = key[...]
        for scheme in ["https://", "http://"] where key.hasPrefix(scheme) { key = key.dropFirst(scheme.count) }
        while key.hasSuffix("/") { key = key.dropLast() }
        return String(key)
    }

    private static func credential(_ node: JSONNode) -> RegistryCredential? {
        func text(_ key: String) -> String? { node[key]?.string.flatMap { $0.isEmpty ? nil : $0 } }
        if let token = text("registrytoken") { return .registryToken(token) }
        if let token = text("identitytoken") { return .identityToken(token) }
        if let user = text("username"), let password = text("password") {
            return .password(Credentials(user: user, password: password))
        }
        guard let encoded = text("auth"), let data = Data(base64Encoded: encoded) else { return nil }
        // Some writers end the text with NUL bytes.
        let bytes = Array(data.prefix { $0 != 0 })
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        return .password(
            Credentials(
                user: String(decoding: bytes[..<colon], as: UTF8.self),
                password: String(decoding: bytes[(colon + 1)...], as: UTF8.self)))
    }
}
