//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Sandbox
public import SystemPackage

/// What steps get from the host so that they can reach the network as the host does: trust, proxies, package indexes.
/// Nothing of it gets into an image.
public struct StepHost: Sendable {
    /// The host's certificate authorities (PEM).
    public var certificateBundle: FilePath?
    /// Files of the host that name resolution reads: `resolv.conf` and `hosts`.
    public var resolverFiles: [FilePath]
    /// Environment variables that are handed on.
    public var variables: [String: String]
    /// Whether steps run without network, from what is cached.
    public var isOffline: Bool

    /// Nothing of the host.
    public init() {
        certificateBundle = nil
        resolverFiles = []
        variables = [:]
        isOffline = false
    }

    /// What `environment` says about proxies, package indexes and certificates; the first of the usual bundles which
    /// `exists` if it says nothing of those.
    public init(environment: [String: String], isOffline: Bool = false, exists: (FilePath) -> Bool) {
        self.isOffline = isOffline
        var variables = environment.filter { name, value in
            !value.isEmpty && (Self.isHandedOn(name) || Self.isHandedOn(name.uppercased()) && name.hasSuffix("_proxy"))
        }
        // uv does not read pip's variables.
        if !["UV_DEFAULT_INDEX", "UV_INDEX_URL"].contains(where: { variables[$0] != nil }) {
            variables["UV_DEFAULT_INDEX"] = variables["PIP_INDEX_URL"]
        }
        if !["UV_INDEX", "UV_EXTRA_INDEX_URL"].contains(where: { variables[$0] != nil }) {
            variables["UV_EXTRA_INDEX_URL"] = variables["PIP_EXTRA_INDEX_URL"]
        }
        self.variables = variables
        let named = Self.bundleVariables.compactMap { environment[$0] }.filter { !$0.isEmpty }
        let usual = [
            "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
            "/etc/ssl/ca-bundle.pem",
        ]
        certificateBundle = (named + usual).map { FilePath($0) }.first { $0.isAbsolute && exists($0) }
        resolverFiles = ["/etc/resolv.conf", "/etc/hosts"].map { FilePath($0) }.filter(exists)
    }

    /// The variables by which tools are told the bundle: OpenSSL, pip, requests, curl, git, Node.js, Cargo.
    static let bundleVariables = [
        "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT", "GIT_SSL_CAINFO", "NODE_EXTRA_CA_CERTS",
        "CARGO_HTTP_CAINFO",
    ]

    private static func isHandedOn(_ name: String) -> Bool {
        let names: Set = [
            "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL",
            "UV_EXTRA_INDEX_URL", "UV_INDEX_STRATEGY", "UV_INSECURE_HOST", "UV_FIND_LINKS", "PIP_INDEX_URL",
            "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST", "UV_HTTP_TIMEOUT",
        ]
        return names.contains(name)
            || name.hasPrefix("UV_INDEX_") && (name.hasSuffix("_USERNAME") || name.hasSuffix("_PASSWORD"))
    }
}

extension StepHost {
    /// Where a command inside finds the host's certificate authorities.
    static let certificatePlace = "/fitout/certificates.pem"

    /// What a command that reaches the network gets mounted: name resolution, and with trust the host's certificates.
    public func commandMounts(withTrust: Bool) -> [SandboxMount] {
        let trust = certificateBundle.map { [SandboxMount.readOnly($0, at: Self.certificatePlace)] } ?? []
        return resolverFiles.map { .readOnly($0, at: $0.string) } + (withTrust ? trust : [])
    }

    /// The host's proxies, package indexes and trust as variables, for a command that gets the mounts with trust.
    public var commandVariables: [String: String] {
        var variables = isOffline ? [:] : self.variables
        if certificateBundle != nil, !isOffline {
            for name in Self.bundleVariables { variables[name] = Self.certificatePlace }
        }
        return variables
    }
}
