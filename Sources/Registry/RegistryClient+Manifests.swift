//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import HTTP
import NIOHTTP1
public import OCI
import Store

/// A manifest or an index as a registry has it.
public struct RemoteDocument: Sendable, Hashable {
    /// Its media type, digest and size.
    public let descriptor: Descriptor
    /// Its bytes, which have that digest.
    public let bytes: [UInt8]
}

extension RegistryClient {
    /// How large a manifest or an index may be, in bytes: registries take no larger ones.
    static let documentLimit = 4 << 20

    /// The manifest or index of a tag or digest, verified.
    ///
    /// - Throws: ``RegistryError``, `notFound` among them.
    public func document(_ reference: ImageReference) async throws(RegistryError) -> RemoteDocument {
        try await retrying { () throws(RegistryFailure) in
            var request = RegistryRequest(
                address: try address(of: "manifests/\(reference.identifier)", in: reference),
                scopes: [reference.pullScope], action: "read `\(reference)`")
            for mediaType in MediaType.manifests { request.headers.add(name: "Accept", value: mediaType) }
            let answer = try await send(request, to: reference)
            if answer.status == .notFound {
                await connections.drain(answer.response.body)
                throw RegistryFailure(.notFound(reference))
            }
            guard answer.status == .ok else { throw await failure(request.action, answer) }
            let bytes: [UInt8]
            do throws(HTTPError) {
                bytes = try await connections.read(answer.response, from: answer.address, limit: Self.documentLimit)
            } catch {
                throw RegistryFailure(error)
            }
            return try document(bytes, of: reference, answer)
        }
    }

    private func document(
        _ bytes: [UInt8], of reference: ImageReference, _ answer: RegistryResponse
    ) throws(RegistryFailure) -> RemoteDocument {
        let digest = Digest.sha256(bytes)
        let expected = reference.digest ?? answer.header("Docker-Content-Digest").flatMap { Digest($0) }
        if let expected, expected != digest {
            // What broke on the way may come whole the next time.
            throw RegistryFailure(
                transient: .wrongDigest(what: "`\(reference)`", expected: expected, actual: "\(digest)"))
        }
        let named = try? parse(bytes, as: TypedDocument.self, document: "")
        let header = answer.header("Content-Type")?.prefix { $0 != ";" && $0 != " " }
        let mediaType = named?.mediaType ?? header.map(String.init) ?? ""
        guard MediaType.manifests.contains(mediaType) else {
            throw RegistryFailure(.malformed(what: "`\(reference)`", reason: "it is of the type `\(mediaType)`"))
        }
        return RemoteDocument(
            descriptor: Descriptor(mediaType: mediaType, digest: digest, size: Int64(bytes.count)), bytes: bytes)
    }

    /// The digest that a tag has now, or a digest if it is there; nil if there is no such image.
    func digest(
        of reference: ImageReference, scope: String
    ) async throws(RegistryError) -> Digest? {
        try await retrying { () throws(RegistryFailure) in
            var request = RegistryRequest(
                method: .HEAD, address: try address(of: "manifests/\(reference.identifier)", in: reference),
                scopes: [scope], action: "look for `\(reference)`")
            for mediaType in MediaType.manifests { request.headers.add(name: "Accept", value: mediaType) }
            let answer = try await send(request, to: reference)
            guard [.ok, .notFound].contains(answer.status) else { throw await failure(request.action, answer) }
            await connections.drain(answer.response.body)
            if answer.status == .notFound { return nil }
            return answer.header("Docker-Content-Digest").flatMap { Digest($0) } ?? reference.digest
        }
    }

    /// Puts a manifest or an index under a tag, or under its digest.
    func put(
        _ document: (descriptor: Descriptor, bytes: [UInt8]), as reference: ImageReference
    ) async throws(RegistryError) {
        let digest = document.descriptor.digest
        try await retrying { () throws(RegistryFailure) in
            let name = reference.tag ?? "\(digest)"
            let request = RegistryRequest(
                method: .PUT, address: try address(of: "manifests/\(name)", in: reference),
                headers: ["Content-Type": document.descriptor.mediaType], body: .bytes(document.bytes),
                scopes: [reference.pushScope], action: "put the manifest of `\(reference.name):\(name)`")
            let answer = try await send(request, to: reference)
            guard [200, 201, 202].contains(answer.status.code) else { throw await failure(request.action, answer) }
            await connections.drain(answer.response.body)
            if let actual = answer.header("Docker-Content-Digest"), actual.hasPrefix("sha256:"), actual != "\(digest)" {
                throw RegistryFailure(
                    .wrongDigest(what: "the manifest of `\(reference.name)`", expected: digest, actual: actual))
            }
        }
    }
}

/// The member that tells a document's type.
private struct TypedDocument: Decodable {
    var mediaType: String?
}
