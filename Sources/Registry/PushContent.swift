//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
public import OCI
public import Store

/// A blob that is to be in a repository.
struct PushedBlob: Sendable {
    let digest: Digest
    let size: Int64
    let content: BlobContent
}

/// What is pushed under a name: an image, or an index of images for several platforms.
public struct PushContent: Sendable {
    /// The manifest or index that gets the name.
    public let root: Descriptor
    /// Layers and configurations, each once, in the order of the manifests.
    let blobs: [PushedBlob]
    /// Manifests and indexes, each behind what it names; the last is the root.
    let documents: [(descriptor: Descriptor, bytes: [UInt8])]

    /// Images whose layers are in the store; with an index if there are several.
    ///
    /// - Throws: ``RegistryError``.
    public init(_ images: [Image], in store: Store) throws(RegistryError) {
        var collector = Collector()
        for image in images {
            for layer in image.manifest.layers {
                collector.add(layer, .file(store.blobPath(layer.digest), offset: 0))
            }
            collector.add(image.manifest.config, .bytes(image.configBytes))
            collector.documents.append((image.descriptor, image.manifestBytes))
        }
        if images.count != 1 {
            let index = Index(manifests: images.map(\.descriptor))
            let bytes = try wrapping { () throws(OCIError) in try canonicalJSON(index) }
            let descriptor = Descriptor(
                mediaType: MediaType.index, digest: .sha256(bytes), size: Int64(bytes.count))
            collector.documents.append((descriptor, bytes))
        }
        guard let root = collector.documents.last?.descriptor else { throw .ambiguous(count: 0) }
        self.root = root
        blobs = collector.blobs
        documents = collector.documents
    }

    /// What the index of a layout names.
    ///
    /// - Throws: ``RegistryError``, `ambiguous` if that is more than one image or index.
    public init(_ layout: ImageLayout) throws(RegistryError) {
        guard layout.index.manifests.count == 1, let root = layout.index.manifests.first else {
            throw .ambiguous(count: layout.index.manifests.count)
        }
        var collector = Collector()
        try collector.collect(root, from: layout, depth: 0)
        self.root = root
        blobs = collector.blobs
        documents = collector.documents
    }
}

private struct Collector {
    var blobs: [PushedBlob] = []
    var documents: [(descriptor: Descriptor, bytes: [UInt8])] = []
    private var known: Set<Digest> = []

    mutating func add(_ descriptor: Descriptor, _ content: BlobContent) {
        guard known.insert(descriptor.digest).inserted else { return }
        blobs.append(PushedBlob(digest: descriptor.digest, size: descriptor.size, content: content))
    }

    mutating func collect(_ descriptor: Descriptor, from layout: ImageLayout, depth: Int) throws(RegistryError) {
        guard depth < 4 else {
            throw .malformed(what: "the layout `\(layout.path)`", reason: "its indexes are nested too deeply")
        }
        if documents.contains(where: { $0.descriptor.digest == descriptor.digest }) { return }
        let bytes = try wrapping { () throws(OCIError) in try layout.document(descriptor.digest) }
        guard Digest.sha256(bytes) == descriptor.digest else { throw .damaged(descriptor.digest) }
        let name = "\(descriptor.digest)"
        if MediaType.isIndex(descriptor.mediaType) {
            let index = try wrapping { () throws(OCIError) in try parse(bytes, as: Index.self, document: name) }
            for image in index.manifests { try collect(image, from: layout, depth: depth + 1) }
        } else {
            let manifest = try wrapping { () throws(OCIError) in try parse(bytes, as: Manifest.self, document: name) }
            try manifest.checkSizes("the layout `\(layout.path)`")
            for blob in manifest.layers + [manifest.config] {
                let source = try wrapping { () throws(OCIError) in try layout.source(blob.digest) }
                guard let source else { throw .oci(.missingBlob(blob.digest)) }
                add(blob, BlobContent(source))
            }
        }
        documents.append((descriptor, bytes))
    }
}

/// Runs `body`, whose error becomes a ``RegistryError``.
func wrapping<Result>(_ body: () throws(OCIError) -> Result) throws(RegistryError) -> Result {
    do throws(OCIError) { return try body() } catch { throw .oci(error) }
}
