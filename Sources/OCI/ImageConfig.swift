//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Store

/// How an image is run, and what its layers are (OCI image specification, "OCI Image Configuration").
public struct ImageConfig: Codable, Hashable, Sendable {
    /// How a container is started.
    public struct Execution: Codable, Hashable, Sendable {
        /// `user`, `uid`, or either with `:group`.
        public var user: String?
        /// `NAME=value` each.
        public var environment: [String]?
        /// What is started.
        public var entrypoint: [String]?
        /// Arguments of the entrypoint, or what is started where there is none.
        public var command: [String]?
        /// Where it is started.
        public var workingDirectory: String?
        /// Ports that it listens on, for example `8080/tcp`.
        public var exposedPorts: [String: Empty]?
        /// Labels.
        public var labels: [String: String]?
        /// The signal that stops it.
        public var stopSignal: String?

        private enum CodingKeys: String, CodingKey {
            case user = "User"
            case environment = "Env"
            case entrypoint = "Entrypoint"
            case command = "Cmd"
            case workingDirectory = "WorkingDir"
            case exposedPorts = "ExposedPorts"
            case labels = "Labels"
            case stopSignal = "StopSignal"
        }

        /// A start of nothing in particular.
        public init() {}
    }

    /// The value of a set's members.
    public struct Empty: Codable, Hashable, Sendable {
        /// The only value.
        public init() {}
    }

    /// The uncompressed layers.
    public struct RootFileSystem: Codable, Hashable, Sendable {
        /// Always `layers`.
        public var type = "layers"
        /// The diffIDs, lowest layer first.
        public var diffIDs: [Digest]

        private enum CodingKeys: String, CodingKey {
            case type
            case diffIDs = "diff_ids"
        }

        /// A root file system.
        public init(diffIDs: [Digest]) {
            self.diffIDs = diffIDs
        }
    }

    /// Where a layer comes from.
    public struct History: Codable, Hashable, Sendable {
        /// When the layer was made, as RFC 3339 has it.
        public var created: String?
        /// What made the layer, for example the packages in it.
        public var createdBy: String?
        /// A remark.
        public var comment: String?
        /// Whether there is no layer for this step.
        public var isEmptyLayer: Bool?

        private enum CodingKeys: String, CodingKey {
            case created
            case createdBy = "created_by"
            case comment
            case isEmptyLayer = "empty_layer"
        }

        /// A step.
        public init(created: String? = nil, createdBy: String? = nil, comment: String? = nil, isEmptyLayer: Bool? = nil)
        {
            self.created = created
            self.createdBy = createdBy
            self.comment = comment
            self.isEmptyLayer = isEmptyLayer
        }
    }

    /// When the image was made, as RFC 3339 has it.
    public var created: String?
    /// The processor in Go's words.
    public var architecture: String
    /// The operating system in Go's words.
    public var os: String
    /// The processor's variant.
    public var variant: String?
    /// How a container is started.
    public var config: Execution?
    /// The layers.
    public var rootFileSystem: RootFileSystem
    /// A step for each layer, lowest first.
    public var history: [History]?

    private enum CodingKeys: String, CodingKey {
        case created, architecture, os, variant, config, history
        case rootFileSystem = "rootfs"
    }

    /// A configuration without layers, which ``Image`` fills in.
    public init(platform: Platform, created: String? = nil, config: Execution? = nil) {
        self.created = created
        architecture = platform.architecture
        os = platform.os
        variant = platform.variant
        self.config = config
        rootFileSystem = RootFileSystem(diffIDs: [])
    }

    /// The platform.
    public var platform: Platform { Platform(architecture: architecture, os: os, variant: variant) }
}
