//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// An archive to take packages from: one suite at one place.
public struct ArchiveSource: Hashable, Sendable {
    /// The mirrors, `http:`, `https:` or `file:` URLs of the folder that holds `dists` and `pool`; the first comes first.
    public var mirrors: [String]
    /// The folder below `dists`, such as `trixie-updates`, which the release file has to confirm.
    public var suite: String
    /// The components, such as `main`.
    public var components: [String]
    /// The keys that the release file has to be signed with.
    public var keyring: Keyring
    /// The architectures that the archive has; empty for no limit.
    public var architectures: [String]
    /// Whether the release file may be used after its `Valid-Until`.
    public var allowExpired: Bool

    /// A source of these parts.
    public init(
        mirrors: [String], suite: String, components: [String] = ["main"], keyring: Keyring,
        architectures: [String] = [], allowExpired: Bool = false
    ) {
        self.mirrors = mirrors
        self.suite = suite
        self.components = components
        self.keyring = keyring
        self.architectures = architectures
        self.allowExpired = allowExpired
    }

    /// The same source at other mirrors, where `mirrors` has some for a URL of this one.
    public func replacingMirrors(_ mirrors: [String: [String]]) -> ArchiveSource {
        var source = self
        source.mirrors = self.mirrors.flatMap { mirrors[$0] ?? [$0] }
        return source
    }
}
