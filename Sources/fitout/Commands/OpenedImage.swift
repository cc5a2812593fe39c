//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Inspection
import OCI
import Registry
import Store
import SystemPackage

/// An image with its layers at hand.
struct OpenedImage {
    /// The manifest's digest.
    let digest: Digest
    /// The manifest.
    let manifest: Manifest
    /// The configuration.
    let config: ImageConfig
    /// The layers, lowest first.
    let layers: [ArchiveSource]

    /// The images at a place; those of a registry are downloaded into the store.
    ///
    /// - Parameter platform: the one platform that is wanted; nil for all.
    static func all(
        at place: ImageLocation, platform: Platform?, _ registry: RegistryOptions, store: String?
    ) async throws -> [OpenedImage] {
        switch place {
        case .path(let path):
            let layout = try ImageLayout(at: path)
            return try layout.manifests().compactMap { image in
                let config = try layout.config(of: image.manifest)
                if let platform, config.platform != platform { return nil }
                let layers = try image.manifest.layers.map { layer in
                    guard let source = try layout.source(layer.digest) else {
                        throw OCIError.missingBlob(layer.digest)
                    }
                    return source
                }
                return OpenedImage(
                    digest: image.descriptor.digest, manifest: image.manifest, config: config, layers: layers)
            }
        case .registry(let reference):
            let store = try Store(at: storeFolder(store, currentEnvironment()))
            return try await untilInterrupted {
                try await registry.withClient(TransferPrinter(style: .auto)) { client in
                    var images: [OpenedImage] = []
                    for image in try await client.images(reference, platform: platform) {
                        let files = try await client.layers(of: image, into: store)
                        images.append(
                            OpenedImage(
                                digest: image.descriptor.digest, manifest: image.manifest, config: image.config,
                                layers: files.map { .file(path: $0.string) }))
                    }
                    return images
                }
            }
        }
    }

    /// What its layers hold together, with dpkg's database.
    func tree() throws -> ImageTree {
        try ImageTree(layers: layers, keeping: InstalledPackages.isDatabase)
    }

    /// What each layer holds, as the history says.
    var titles: [String] {
        let history = (config.history ?? []).filter { $0.isEmptyLayer != true }
        return manifest.layers.indices.map { number in
            let title = number < history.count ? history[number].createdBy ?? "" : ""
            return title.hasPrefix("fitout: ") ? String(title.dropFirst("fitout: ".count)) : title
        }
    }
}

/// A platform named on the command line.
func parsedPlatform(_ text: String?) throws -> Platform? {
    guard let text else { return nil }
    guard let platform = Platform(text) else {
        throw CommandError("`\(text)` is no platform", hint: "write for example `--platform linux/amd64`")
    }
    return platform
}
