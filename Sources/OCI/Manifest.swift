//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The blobs of one image (OCI image specification, "OCI Image Manifest").
public struct Manifest: Codable, Hashable, Sendable {
    /// Always 2.
    public var schemaVersion = 2
    /// ``MediaType/manifest``.
    public var mediaType: String? = MediaType.manifest
    /// The image's configuration.
    public var config: Descriptor
    /// The layers, lowest first.
    public var layers: [Descriptor]
    /// Annotations.
    public var annotations: [String: String]?

    /// A manifest.
    public init(config: Descriptor, layers: [Descriptor], annotations: [String: String]? = nil) {
        self.config = config
        self.layers = layers
        self.annotations = annotations
    }
}

/// A list of images, one for each platform or tag (OCI image specification, "OCI Image Index").
public struct Index: Codable, Hashable, Sendable {
    /// Always 2.
    public var schemaVersion = 2
    /// ``MediaType/index``.
    public var mediaType: String? = MediaType.index
    /// The images.
    public var manifests: [Descriptor]
    /// Annotations.
    public var annotations: [String: String]?

    /// An index.
    public init(manifests: [Descriptor], annotations: [String: String]? = nil) {
        self.manifests = manifests
        self.annotations = annotations
    }
}
