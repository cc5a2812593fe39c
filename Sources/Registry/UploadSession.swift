//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import HTTP
import NIOHTTP1
import Store

/// The upload of one blob (OCI distribution specification, "Pushing blobs"): whole in one request first; after that has
/// failed, from where the registry says it is; and where it cannot say, in pieces.
struct UploadSession {
    let client: RegistryClient
    let target: ImageReference
    let digest: Digest
    let size: Int64
    let content: BlobContent
    /// Where the bytes go to: what the registry named last.
    private var location: WebAddress?
    /// How many bytes the registry has.
    private(set) var offset: Int64 = 0
    /// Whether the blob is sent in pieces.
    private var isChunked = false
    /// The size of the pieces, and what the registry says it must at least be.
    private var chunkSize: Int64
    private var smallestChunk: Int64 = 0
    /// Whether sending in pieces was tried in vain.
    private var refusesChunks = false
    /// How often the connection broke off.
    private var losses = 0
    /// Whether the registry may have more or less than it is thought to.
    private var isUncertain = false

    init(_ client: RegistryClient, _ target: ImageReference, _ digest: Digest, size: Int64, _ content: BlobContent) {
        (self.client, self.target, self.digest, self.size, self.content) = (client, target, digest, size, content)
        chunkSize = client.configuration.chunkSize
    }

    /// Goes on with a session that the registry has opened.
    mutating func use(_ answer: RegistryResponse) throws(RegistryFailure) {
        offset = 0
        smallestChunk = answer.header("OCI-Chunk-Min-Length").flatMap { Int64($0) } ?? 0
        location = nil
        try follow(answer)
        _ = try place
    }

    /// One attempt to bring the blob to the registry.
    mutating func attempt() async throws(RegistryFailure) {
        if isUncertain { try await resume() }
        if location == nil { try await open() }
        do throws(RegistryFailure) {
            if offset == 0 && !isChunked {
                return try await finish(sending: 0..<size)
            }
            while offset < size { try await sendChunk() }
            try await finish(sending: size..<size)
        } catch {
            isUncertain = true
            throw try learn(from: error)
        }
    }

    /// What to do in the next attempt; throws where there is none.
    private mutating func learn(from failure: RegistryFailure) throws(RegistryFailure) -> RegistryFailure {
        if failure.has(code: "DIGEST_INVALID") && !content.isSound(digest, size: size) {
            throw RegistryFailure(.damaged(digest))
        }
        switch failure.status?.code {
        case nil where failure.isTransient:
            losses += 1
            // Whoever takes no more than so much may close the connection instead of saying so.
            if losses > 1 { chunkSize = smaller }
            if size > chunkSize && !refusesChunks { isChunked = true }
        case 413 where !refusesChunks:
            guard smaller < (isChunked ? chunkSize : size) else { return failure }
            (location, isChunked, chunkSize) = (nil, true, smaller)
        case 400, 404, 409, 416:
            // The session is gone, or is not where it was thought to be.
            location = nil
            if isChunked { (isChunked, refusesChunks) = (false, true) }
        case 405 where isChunked, 501 where isChunked:
            (location, isChunked, refusesChunks) = (nil, false, true)
        default: return failure
        }
        return RegistryFailure(transient: failure.error, after: failure.pause)
    }

    /// The size of the pieces to try after a larger one. What stands before a registry may take less than the registry,
    /// but nobody takes less than a mebibyte.
    private var smaller: Int64 { min(chunkSize, max(((isChunked ? chunkSize : size) + 3) / 4, 1 << 20)) }

    private mutating func open() async throws(RegistryFailure) {
        let answer = try await send(.POST, client.address(of: "blobs/uploads/", in: target), [:], nil)
        guard answer.status == .accepted else { throw await client.failure(action, answer) }
        await client.connections.drain(answer.response.body)
        try use(answer)
    }

    /// Asks how far the session is. Where that is not certain, there is no session any more.
    private mutating func resume() async throws(RegistryFailure) {
        isUncertain = false
        guard let current = location else { return }
        location = nil
        let answer = try await send(.GET, current, [:], nil)
        await client.connections.drain(answer.response.body)
        // `0-0` is said of nothing as well as of one byte.
        guard [200, 202, 204].contains(answer.status.code), let end = Self.end(answer.header("Range")), end > 0,
            end < size
        else { return }
        location = current
        try follow(answer)
        offset = end + 1
    }

    private mutating func sendChunk() async throws(RegistryFailure) {
        let length = max(chunkSize, smallestChunk)
        let range = offset..<min(size, offset + min(length, size - offset))
        let headers: HTTPHeaders = ["Content-Range": "\(range.lowerBound)-\(range.upperBound - 1)"]
        let answer = try await send(.PATCH, place, headers, range)
        guard [201, 202, 204].contains(answer.status.code) else { throw await client.failure(action, answer) }
        await client.connections.drain(answer.response.body)
        try follow(answer)
        let end = Self.end(answer.header("Range")) ?? range.upperBound - 1
        guard range.contains(end) else {
            self.location = nil
            throw RegistryFailure(
                transient: .malformed(
                    what: "the answer of \(target.registry)", reason: "it took bytes that were not sent"))
        }
        offset = end + 1
    }

    private mutating func finish(sending range: Range<Int64>) async throws(RegistryFailure) {
        var address = try place
        address.target += (address.target.contains("?") ? "&" : "?") + formEncoded([("digest", "\(digest)")])
        let answer = try await send(.PUT, address, [:], range)
        guard [200, 201, 202, 204].contains(answer.status.code) else { throw await client.failure(action, answer) }
        await client.connections.drain(answer.response.body)
        if let actual = answer.header("Docker-Content-Digest"), actual.hasPrefix("sha256:"), actual != "\(digest)" {
            throw RegistryFailure(.wrongDigest(what: "the uploaded blob", expected: digest, actual: actual))
        }
        offset = size
    }

    private var place: WebAddress {
        get throws(RegistryFailure) {
            guard let location else {
                throw RegistryFailure(
                    .malformed(what: "the answer of \(target.registry)", reason: "it names no place for an upload"))
            }
            return location
        }
    }

    private var action: String { "upload `\(digest)` to \(target.name)" }

    private func send(
        _ method: HTTPMethod, _ address: WebAddress, _ headers: HTTPHeaders, _ range: Range<Int64>?
    ) async throws(RegistryFailure) -> RegistryResponse {
        var request = RegistryRequest(
            method: method, address: address, headers: headers, scopes: [target.pushScope], action: action)
        var body: BlobBody?
        if let range {
            request.headers.add(name: "Content-Type", value: "application/octet-stream")
            let (client, target, digest, size) = (client, target, digest, size)
            let progress = Counter(from: range.lowerBound)
            let new = content.body(range) { count in
                client.report(.blob(target, digest, size: size, .moving(progress.add(count))))
            }
            if !range.isEmpty { request.body = new.body }
            body = new
        }
        do throws(RegistryFailure) {
            return try await client.send(request, to: target)
        } catch {
            if let failure = body?.failure { throw RegistryFailure(failure) }
            throw error
        }
    }

    /// Takes the address that a response names, which may be relative and on another host.
    private mutating func follow(_ answer: RegistryResponse) throws(RegistryFailure) {
        guard let text = answer.header("Location") else { return }
        guard let next = answer.address.redirected(to: text),
            next.scheme == "https" || answer.address.scheme == "http"
        else {
            throw RegistryFailure(
                .http(
                    .redirect(
                        url: withoutQuery(answer.address.url), reason: "it names no safe place for an upload")))
        }
        location = next
    }

    /// The last byte of `0-41` or `bytes=0-41`.
    private static func end(_ range: String?) -> Int64? {
        guard var text = range?[...] else { return nil }
        for prefix in ["bytes=", "bytes "] where text.hasPrefix(prefix) { text = text.dropFirst(prefix.count) }
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count == 2, bounds[0] == "0", let end = Int64(bounds[1]), end >= 0 else { return nil }
        return end
    }
}
