//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Store

/// A layer of an image: its blob, which the store holds, and what a configuration says of it.
public struct ImageLayer: Hashable, Sendable {
    /// The blob.
    public let descriptor: Descriptor
    /// The digest of the uncompressed tar.
    public let diffID: Digest
    /// What made the layer, for example the packages in it.
    public let createdBy: String
    /// A remark for the configuration's history, for example how the blob was compressed.
    public let comment: String?

    /// A layer.
    public init(descriptor: Descriptor, diffID: Digest, createdBy: String, comment: String? = nil) {
        self.descriptor = descriptor
        self.diffID = diffID
        self.createdBy = createdBy
        self.comment = comment
    }
}

/// An image: a configuration and layers, and the documents that follow from them.
public struct Image: Hashable, Sendable {
    /// The configuration, complete.
    public let config: ImageConfig
    /// The layers, lowest first.
    public let layers: [ImageLayer]
    /// The configuration as it is written.
    public let configBytes: [UInt8]
    /// The manifest.
    public let manifest: Manifest
    /// The manifest as it is written.
    public let manifestBytes: [UInt8]

    /// The image of `layers`, whose diffIDs and history are added to `config`.
    public init(config: ImageConfig, layers: [ImageLayer], annotations: [String: String]? = nil) throws(OCIError) {
        var config = config
        config.rootFileSystem = ImageConfig.RootFileSystem(diffIDs: layers.map(\.diffID))
        config.history = layers.map {
            ImageConfig.History(created: config.created, createdBy: $0.createdBy, comment: $0.comment)
        }
        self.config = config
        self.layers = layers
        configBytes = try canonicalJSON(config)
        let descriptor = Descriptor(
            mediaType: MediaType.config, digest: .sha256(configBytes), size: Int64(configBytes.count))
        manifest = Manifest(config: descriptor, layers: layers.map(\.descriptor), annotations: annotations)
        manifestBytes = try canonicalJSON(manifest)
    }

    /// The descriptor of the manifest.
    public var descriptor: Descriptor {
        Descriptor(
            mediaType: MediaType.manifest, digest: .sha256(manifestBytes), size: Int64(manifestBytes.count),
            platform: config.platform)
    }
}

/// The documents and blobs of a layout of some images: the index, and under it an index of platforms if there are
/// several.
struct LayoutContent {
    /// `index.json`.
    let index: [UInt8]
    /// `manifest.json` for `docker load`: the images that it can take.
    let dockerManifest: [UInt8]
    /// Documents by digest.
    let documents: [Digest: [UInt8]]
    /// Layers by digest, and their sizes.
    let layers: [Digest: Int64]

    init(_ images: [Image], tag: String) throws(OCIError) {
        var documents: [Digest: [UInt8]] = [:]
        var layers: [Digest: Int64] = [:]
        for image in images {
            documents[image.manifest.config.digest] = image.configBytes
            documents[image.descriptor.digest] = image.manifestBytes
            for layer in image.manifest.layers { layers[layer.digest] = layer.size }
        }
        var descriptors = images.map(\.descriptor)
        if images.count > 1 {
            let nested = try canonicalJSON(Index(manifests: descriptors))
            let digest = Digest.sha256(nested)
            documents[digest] = nested
            descriptors = [Descriptor(mediaType: MediaType.index, digest: digest, size: Int64(nested.count))]
        }
        let names = Self.names(tag)
        descriptors = descriptors.map { descriptor in
            var descriptor = descriptor
            descriptor.annotations = [
                "org.opencontainers.image.ref.name": names.reference, "io.containerd.image.name": names.full,
            ]
            return descriptor
        }
        index = try canonicalJSON(Index(manifests: descriptors))
        // docker takes one image under a name: the first, which is that of the platform asked for first.
        dockerManifest = try canonicalJSON(
            images.prefix(1).map { DockerImage($0.manifest, names: [names.short]) })
        self.documents = documents
        self.layers = layers
    }

    /// The names of an image in the words of the readers: containerd wants the registry too.
    private static func names(_ tag: String) -> (reference: String, short: String, full: String) {
        let hasTag = tag.split(separator: "/").last?.contains(":") ?? false
        let short = hasTag ? tag : tag + ":latest"
        let first = tag.split(separator: "/").first ?? ""
        let hasRegistry = tag.contains("/") && (first.contains(".") || first.contains(":") || first == "localhost")
        let full = hasRegistry ? short : "docker.io/" + (tag.contains("/") ? "" : "library/") + short
        let reference = short.split(separator: ":").last.map(String.init) ?? "latest"
        return (reference, short, full)
    }
}

/// An image in the `manifest.json` of `docker save`.
struct DockerImage: Codable, Hashable {
    var config: String
    var tags: [String]?
    var layers: [String]

    private enum CodingKeys: String, CodingKey {
        case config = "Config"
        case tags = "RepoTags"
        case layers = "Layers"
    }

    init(_ manifest: Manifest, names: [String]) {
        config = "blobs/sha256/" + manifest.config.digest.hex
        tags = names
        layers = manifest.layers.map { "blobs/sha256/" + $0.digest.hex }
    }
}
