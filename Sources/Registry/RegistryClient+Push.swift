//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Concurrency
import HTTP
import OCI
public import Store

/// What a push did, or would do, with one blob or document.
public struct PushedItem: Sendable, Hashable {
    /// Its digest.
    public var digest: Digest
    /// Its size in bytes.
    public var size: Int64
    /// How it came to be there, or would.
    public var outcome: BlobOutcome
}

/// What a push did, or would do.
public struct PushResult: Sendable, Hashable {
    /// The name with the digest: what to give to others.
    public var reference: ImageReference
    /// Layers and configurations.
    public var blobs: [PushedItem]
    /// Manifests and indexes; the last is what the name stands for.
    public var documents: [PushedItem]
}

extension RegistryClient {
    /// Pushes an image: blobs first, several at once; then manifests; an index and the tag last, so that the tag never
    /// stands for something of which a part is missing.
    ///
    /// - Parameters:
    ///   - reference: where to; its tag, or `latest` if it has neither tag nor digest.
    ///   - store: where to remember what registries hold.
    ///   - isDryRun: change nothing and only tell what would be done.
    /// - Throws: ``RegistryError``.
    public func push(
        _ content: PushContent, to reference: ImageReference, remembering store: Store, isDryRun: Bool = false
    ) async throws(RegistryError) -> PushResult {
        let reference = reference.tagged
        let root = content.root.digest
        if let digest = reference.digest, digest != root {
            throw .wrongDigest(what: "the image to push to `\(reference)`", expected: digest, actual: "\(root)")
        }
        try await greet(reference)
        let seen = store.seenBlobs(in: reference.registry)
        let blobs = try await concurrently(content.blobs) { (blob) throws(RegistryError) in
            // A repository that was of no use twice will not be of use the third time.
            let candidates = Array((seen.repositories[blob.digest] ?? []).prefix(2))
            let outcome =
                isDryRun
                ? try await self.outcome(of: blob.digest, in: reference, mountingFrom: candidates)
                : try await self.bring(blob, to: reference, mountingFrom: candidates)
            return PushedItem(digest: blob.digest, size: blob.size, outcome: outcome)
        }
        var documents: [PushedItem] = []
        for document in content.documents {
            let isRoot = document.descriptor.digest == root
            let place = isRoot ? reference : ImageReference(reference, digest: document.descriptor.digest)
            let outcome = try await bring(document, as: place, isDryRun: isDryRun)
            documents.append(
                PushedItem(digest: document.descriptor.digest, size: document.descriptor.size, outcome: outcome))
        }
        if !isDryRun {
            do throws(StoreError) { try store.remember(blobs.map(\.digest), in: reference) } catch {
                throw .store(error)
            }
        }
        return PushResult(reference: reference.with(digest: root), blobs: blobs, documents: documents)
    }

    /// Asks for nothing, so that the credentials are there before several requests need them at once.
    private func greet(_ reference: ImageReference) async throws(RegistryError) {
        try await retrying { () throws(RegistryFailure) in
            let request = RegistryRequest(
                address: try root(of: reference), scopes: [reference.pushScope], action: "push to `\(reference.name)`")
            let answer = try await send(request, to: reference)
            // Whoever has no such page is asked all the same.
            if isTransient(answer.status) { throw await failure(request.action, answer) }
            await connections.drain(answer.response.body)
        }
    }

    /// What pushing the blob would do.
    private func outcome(
        of digest: Digest, in reference: ImageReference, mountingFrom candidates: [String]
    ) async throws(RegistryError) -> BlobOutcome {
        let isThere = try await retrying { () throws(RegistryFailure) in
            try await contains(digest, reference, scope: reference.pushScope)
        }
        if isThere { return .existed }
        for source in candidates where source != reference.repository {
            let other = ImageReference(reference, repository: source)
            // A repository that cannot be read is none to mount from.
            if (try? await contains(digest, other, scope: other.pullScope)) == true { return .mounted(from: source) }
        }
        return .uploaded
    }

    private func bring(
        _ document: (descriptor: Descriptor, bytes: [UInt8]), as reference: ImageReference, isDryRun: Bool
    ) async throws(RegistryError) -> BlobOutcome {
        // By the tag, where there is one: it may stand for something else.
        let asked = reference.tag.map { ImageReference(reference, tag: $0) } ?? reference
        if try await digest(of: asked, scope: reference.pushScope) == document.descriptor.digest { return .existed }
        if !isDryRun { try await put(document, as: reference) }
        return .uploaded
    }

    @discardableResult
    func concurrently<Item: Sendable, Output: Sendable>(
        _ items: [Item], _ transform: @escaping @Sendable (Item) async throws(RegistryError) -> Output
    ) async throws(RegistryError) -> [Output] {
        do {
            return try await concurrentMap(items, limit: configuration.parallelism) { try await transform($0) }
        } catch let error as RegistryError {
            throw error
        } catch {
            throw .cancelled
        }
    }
}
