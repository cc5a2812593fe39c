//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import HTTP
import NIOCore
import NIOHTTP1
public import OCI
public import Store
public import SystemPackage

/// An image in a registry: its documents, but not its layers.
public struct RemoteImage: Sendable {
    /// Where it is, by its digest.
    public let reference: ImageReference
    /// The descriptor of the manifest, with the platform.
    public let descriptor: Descriptor
    /// The manifest, in OCI's or docker's form.
    public let manifest: Manifest
    /// The configuration.
    public let config: ImageConfig
}

extension RegistryClient {
    /// The images that a reference stands for: one, or one for each platform of an index.
    ///
    /// - Parameter platform: the only one that is wanted, if given.
    /// - Throws: ``RegistryError``, `notFound` and `noPlatform` among them.
    public func images(
        _ reference: ImageReference, platform: Platform? = nil
    ) async throws(RegistryError) -> [RemoteImage] {
        let document = try await document(reference.tagged)
        let images = try await images(document, of: reference, platform, depth: 0)
        guard let platform else { return images }
        let wanted = images.filter { $0.config.platform.normalized == platform.normalized }
        if wanted.isEmpty {
            throw .noPlatform(reference, wanted: platform, available: images.map(\.config.platform))
        }
        return wanted
    }

    /// The layers of an image, lowest first, in the store: those that it has not yet are downloaded and verified.
    ///
    /// A download that breaks off goes on where it stopped, in this process or a later one.
    ///
    /// - Throws: ``RegistryError``.
    public func layers(of image: RemoteImage, into store: Store) async throws(RegistryError) -> [FilePath] {
        var unique: [Descriptor] = []
        for layer in image.manifest.layers where !unique.contains(layer) { unique.append(layer) }
        try await concurrently(unique) { (layer) throws(RegistryError) in
            try await self.pull(layer, from: image.reference, into: store)
        }
        return image.manifest.layers.map { store.blobPath($0.digest) }
    }

    private func images(
        _ document: RemoteDocument, of reference: ImageReference, _ platform: Platform?, depth: Int
    ) async throws(RegistryError) -> [RemoteImage] {
        let name = "`\(reference)`"
        guard MediaType.isIndex(document.descriptor.mediaType) else {
            return [try await image(document, of: reference)]
        }
        guard depth < 2 else { throw .malformed(what: name, reason: "its indexes are nested too deeply") }
        let index = try wrapping { () throws(OCIError) in
            try parse(document.bytes, as: Index.self, document: "\(document.descriptor.digest)")
        }
        // Attestations stand in an index as images for no platform.
        let candidates = index.manifests.filter {
            MediaType.manifests.contains($0.mediaType) && $0.platform?.os != "unknown"
        }
        guard candidates.count <= 256 else {
            throw .malformed(what: name, reason: "it has \(candidates.count) images")
        }
        var images: [RemoteImage] = []
        for candidate in candidates {
            if let platform, let named = candidate.platform, named.normalized != platform.normalized { continue }
            let place = reference.with(digest: candidate.digest)
            images += try await self.images(try await self.document(place), of: place, platform, depth: depth + 1)
        }
        if images.isEmpty, let platform {
            throw .noPlatform(reference, wanted: platform, available: candidates.compactMap(\.platform))
        }
        return images
    }

    private func image(
        _ document: RemoteDocument, of reference: ImageReference
    ) async throws(RegistryError) -> RemoteImage {
        let manifest = try wrapping { () throws(OCIError) in
            try parse(document.bytes, as: Manifest.self, document: "\(document.descriptor.digest)")
        }
        try manifest.checkSizes("`\(reference)`")
        let bytes = try await smallBlob(manifest.config, of: reference)
        let config = try wrapping { () throws(OCIError) in
            try parse(bytes, as: ImageConfig.self, document: "\(manifest.config.digest)")
        }
        var descriptor = document.descriptor
        descriptor.platform = config.platform
        return RemoteImage(
            reference: reference.with(digest: descriptor.digest), descriptor: descriptor, manifest: manifest,
            config: config)
    }

    /// A blob that is a document.
    private func smallBlob(
        _ descriptor: Descriptor, of reference: ImageReference
    ) async throws(RegistryError) -> [UInt8] {
        guard (0...Int64(Self.documentLimit)).contains(descriptor.size) else {
            throw .malformed(
                what: "`\(reference)`", reason: "its configuration has more than \(Self.documentLimit) bytes")
        }
        return try await retrying { () throws(RegistryFailure) in
            let answer = try await blob(descriptor.digest, of: reference, from: 0)
            let bytes: [UInt8]
            do throws(HTTPError) {
                bytes = try await connections.read(answer.response, from: answer.address, limit: Int(descriptor.size))
            } catch {
                throw RegistryFailure(error)
            }
            let digest = Digest.sha256(bytes)
            guard digest == descriptor.digest else {
                throw RegistryFailure(
                    transient: .wrongDigest(
                        what: "the configuration of `\(reference)`", expected: descriptor.digest, actual: "\(digest)"))
            }
            return bytes
        }
    }

    /// Asks for a blob from a position on; the response has status 200 or 206.
    func blob(
        _ digest: Digest, of reference: ImageReference, from position: Int64
    ) async throws(RegistryFailure) -> RegistryResponse {
        var request = RegistryRequest(
            address: try address(of: "blobs/\(digest)", in: reference), scopes: [reference.pullScope],
            action: "download `\(digest)` from \(reference.name)")
        if position > 0 { request.headers.add(name: "Range", value: "bytes=\(position)-") }
        let answer = try await send(request, to: reference)
        guard [200, 206].contains(answer.status.code) else { throw await failure(request.action, answer) }
        return answer
    }
}

extension Platform {
    /// Without the variant that its architecture has anyway.
    var normalized: Platform { Platform(description) ?? self }
}
