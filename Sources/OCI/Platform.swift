//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What an image runs on (OCI image specification, "Image Index", `platform`).
public struct Platform: Codable, Hashable, Sendable {
    /// The processor in Go's words, for example `amd64`.
    public var architecture: String
    /// The operating system in Go's words, for example `linux`.
    public var os: String
    /// The processor's variant, for example `v7` for `arm`.
    public var variant: String?

    /// A platform.
    public init(architecture: String, os: String = "linux", variant: String? = nil) {
        self.architecture = architecture
        self.os = os
        self.variant = variant
    }

    /// The platform that `linux/arm/v7` names, or nil. The default variants `arm64/v8` and `amd64/v1` are dropped, as
    /// other tools do before they compare.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), !parts.contains("") else { return nil }
        let isDefault = parts.count == 3 && ["arm64/v8", "amd64/v1"].contains(parts[1] + "/" + parts[2])
        self.init(architecture: parts[1], os: parts[0], variant: parts.count == 3 && !isDefault ? parts[2] : nil)
    }
}

extension Platform: CustomStringConvertible {
    /// `linux/arm/v7`.
    public var description: String { "\(os)/\(architecture)" + (variant.map { "/" + $0 } ?? "") }
}
