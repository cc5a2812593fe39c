//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Store

/// The name of an image in a registry: `[host[:port]/]repository[:tag][@digest]`.
///
/// Repositories and tags have the grammar of the OCI distribution specification ("Pulling manifests"). The first
/// component is a host if it has a dot or a colon, or is `localhost`; without a host, the registry is
/// Docker Hub.
public struct ImageReference: Hashable, Sendable {
    /// The registry's host, and the port where one is named: `ghcr.io`, `localhost:5000`, `docker.io`.
    public let registry: String
    /// The repository in the registry, for example `library/debian`.
    public let repository: String
    /// The tag.
    public let tag: String?
    /// The digest of the manifest or index.
    public let digest: Digest?

    /// The reference that `text` is.
    ///
    /// - Throws: ``RegistryError/reference(_:reason:hint:)``.
    public init(_ text: String) throws(RegistryError) {
        var rest = text[...]
        if let scheme = rest.firstRange(of: "://") {
            throw .reference(
                text, reason: "it is a URL", hint: "leave `\(text[..<scheme.upperBound])` out: `HOST/REPOSITORY:TAG`")
        }
        if let at = rest.firstIndex(of: "@") {
            let name = String(rest[rest.index(after: at)...])
            guard let digest = Digest(name) else {
                throw .reference(
                    text, reason: "`\(name)` is no digest", hint: "a digest is `sha256:` and 64 hexadecimal digits")
            }
            self.digest = digest
            rest = rest[..<at]
        } else {
            digest = nil
        }
        let slash = rest.firstIndex(of: "/")
        if let slash, Self.isHost(rest[..<slash]) {
            registry = try Self.host(rest[..<slash], in: text)
            rest = rest[rest.index(after: slash)...]
        } else {
            registry = Self.dockerHub
        }
        // A colon before the last slash would be a port, and that is gone.
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
            let tag = String(rest[rest.index(after: colon)...])
            guard Self.isTag(tag) else {
                throw .reference(
                    text, reason: "`\(tag)` is no tag",
                    hint: "a tag has up to 128 letters, digits, `_`, `.` and `-`, and starts with none of the last two")
            }
            self.tag = tag
            rest = rest[..<colon]
        } else {
            tag = nil
        }
        var name = String(rest)
        if registry == Self.dockerHub && !name.contains("/") && !name.isEmpty { name = "library/" + name }
        guard Self.isRepository(name) else { throw Self.repositoryError(String(rest), in: text) }
        repository = name
    }

    /// Something else in the registry of `other`: by default in the same repository, without tag and digest.
    init(_ other: ImageReference, repository: String? = nil, tag: String? = nil, digest: Digest? = nil) {
        registry = other.registry
        self.repository = repository ?? other.repository
        self.tag = tag
        self.digest = digest
    }

    static let dockerHub = "docker.io"

    /// What the registry is asked for: the digest, else the tag, else `latest`.
    public var identifier: String { digest?.description ?? tag ?? "latest" }

    /// The same repository's manifest of this digest.
    public func with(digest: Digest) -> ImageReference {
        ImageReference(self, tag: tag, digest: digest)
    }

    /// The reference with the tag `latest` where it has neither tag nor digest.
    var tagged: ImageReference {
        tag == nil && digest == nil ? ImageReference(self, tag: "latest") : self
    }

    /// Registry and repository, without tag and digest.
    public var name: String { "\(registry)/\(repository)" }

    private static func isHost(_ component: Substring) -> Bool {
        component == "localhost" || component.contains { $0 == "." || $0 == ":" }
    }

    private static func host(_ component: Substring, in text: String) throws(RegistryError) -> String {
        let host = component.lowercased()
        let name: Substring
        if host.hasPrefix("["), let end = host.lastIndex(of: "]") {
            let address = host[host.index(after: host.startIndex)..<end]
            guard address.contains(":"), address.utf8.allSatisfy({ isHexadecimal($0) || ".:".utf8.contains($0) }) else {
                throw invalidHost(component, in: text)
            }
            name = host[host.index(after: end)...]
        } else {
            let colon = host.firstIndex(of: ":") ?? host.endIndex
            guard
                host[..<colon].split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ label in
                    !label.isEmpty && label.utf8.allSatisfy { isLowerAlphanumeric($0) || $0 == UInt8(ascii: "-") }
                        && !label.hasPrefix("-") && !label.hasSuffix("-")
                })
            else { throw invalidHost(component, in: text) }
            name = host[colon...]
        }
        if !name.isEmpty {
            guard name.hasPrefix(":"), let port = UInt16(name.dropFirst()), port > 0 else {
                throw .reference(
                    text, reason: "`\(name.dropFirst())` is no port", hint: "a port is a number from 1 to 65535")
            }
        }
        return ["index.docker.io", "registry-1.docker.io"].contains(host) ? dockerHub : host
    }

    private static func invalidHost(_ component: Substring, in text: String) -> RegistryError {
        .reference(text, reason: "`\(component)` is no host", hint: "write for example `registry.example:5000/app:1`")
    }

    private static func repositoryError(_ name: String, in text: String) -> RegistryError {
        if name.isEmpty {
            return .reference(text, reason: "the repository is missing", hint: "write for example `ghcr.io/me/app:1`")
        }
        if name != name.lowercased() {
            return .reference(
                text, reason: "the repository `\(name)` has capital letters", hint: "write `\(name.lowercased())`")
        }
        return .reference(
            text, reason: "`\(name)` is no repository",
            hint: "its components are lower-case letters and digits with single `.`, `_`, `__` or dashes between them")
    }

    /// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/…)*`, with the registry at most 255 characters.
    static func isRepository(_ name: String) -> Bool {
        guard (1...255).contains(name.utf8.count) else { return false }
        return name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { component in
            guard let first = component.first, let last = component.last, isLowerAlphanumeric(first),
                isLowerAlphanumeric(last)
            else { return false }
            let separators = component.split(omittingEmptySubsequences: true, whereSeparator: isLowerAlphanumeric)
            return separators.allSatisfy { separator in
                [".", "_", "__"].contains { separator.elementsEqual($0.utf8) }
                    || separator.allSatisfy { $0 == UInt8(ascii: "-") }
            }
        }
    }

    /// `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`.
    static func isTag(_ tag: String) -> Bool {
        guard (1...128).contains(tag.utf8.count), !tag.hasPrefix("."), !tag.hasPrefix("-") else { return false }
        return tag.utf8.allSatisfy { byte in
            isLowerAlphanumeric(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || "._-".utf8.contains(byte)
        }
    }
}

extension ImageReference: CustomStringConvertible {
    /// The whole reference, with the registry's name.
    public var description: String {
        name + (tag.map { ":" + $0 } ?? "") + (digest.map { "@\($0)" } ?? "")
    }
}

private func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

private func isHexadecimal(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
