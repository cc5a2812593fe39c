//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import HTTP
import NIOCore
import NIOHTTP1
import OCI
import Store

extension RegistryClient {
    /// Downloads a blob into the store, unless it is there.
    func pull(
        _ descriptor: Descriptor, from reference: ImageReference, into store: Store
    ) async throws(RegistryError) {
        let progress = { (state: RegistryEvent.BlobState) in
            self.report(.blob(reference, descriptor.digest, size: descriptor.size, state))
        }
        if store.contains(descriptor.digest) { return progress(.exists) }
        guard var file = try await begin(descriptor.digest, in: store) else { return progress(.exists) }
        var number = 1
        while true {
            let before = file.size
            do throws(RegistryFailure) {
                try await append(descriptor, of: reference, to: &file, progress)
                break
            } catch {
                if file.size > before { number = 1 }
                number += 1
                guard error.isTransient, number <= configuration.retries.attempts else { throw error.error }
                progress(.retrying(reason: error.error.description))
                try await pause(before: number, after: error)
            }
        }
        do throws(StoreError) { try file.commit() } catch { throw .store(error) }
        progress(.finished)
    }

    private func begin(_ digest: Digest, in store: Store) async throws(RegistryError) -> PartialFile? {
        do {
            return try await store.partialFile(digest)
        } catch let error as StoreError {
            throw .store(error)
        } catch {
            throw .cancelled
        }
    }

    /// One attempt: asks for what is missing, and appends what comes, up to the size of the descriptor.
    private func append(
        _ descriptor: Descriptor, of reference: ImageReference, to file: inout PartialFile,
        _ progress: (RegistryEvent.BlobState) -> Void
    ) async throws(RegistryFailure) {
        if file.size > descriptor.size || file.size == descriptor.size && file.currentDigest != descriptor.digest {
            try wrappingStore { () throws(StoreError) in try file.restart() }
        }
        if file.size < descriptor.size {
            let answer = try await blob(descriptor.digest, of: reference, from: file.size)
            let start = answer.header("Content-Range").flatMap {
                Int64($0.dropFirst("bytes ".count).prefix { $0 != "-" })
            }
            if answer.status == .ok || start != file.size {
                guard answer.status == .ok else {
                    try wrappingStore { () throws(StoreError) in try file.restart() }
                    throw RegistryFailure(
                        transient: .malformed(what: "`\(descriptor.digest)`", reason: "another part of it was sent"))
                }
                try wrappingStore { () throws(StoreError) in try file.restart() }
            }
            try await read(answer, descriptor, to: &file, progress)
        }
        let digest = file.currentDigest
        guard file.size == descriptor.size, digest == descriptor.digest else {
            let name = "the blob in \(reference.name)"
            try wrappingStore { () throws(StoreError) in try file.restart() }
            throw RegistryFailure(
                transient: .wrongDigest(what: name, expected: descriptor.digest, actual: "\(digest)"))
        }
    }

    private func read(
        _ answer: RegistryResponse, _ descriptor: Descriptor, to file: inout PartialFile,
        _ progress: (RegistryEvent.BlobState) -> Void
    ) async throws(RegistryFailure) {
        do {
            for try await piece in answer.response.body {
                guard Int64(piece.readableBytes) <= descriptor.size - file.size else {
                    throw RegistryFailure(
                        .malformed(
                            what: "`\(descriptor.digest)`", reason: "it has more than \(descriptor.size) bytes"))
                }
                try piece.withUnsafeReadableBytes { try file.write($0) }
                progress(.moving(file.size))
            }
        } catch let error as RegistryFailure {
            throw error
        } catch let error as StoreError {
            throw RegistryFailure(.store(error))
        } catch {
            throw RegistryFailure(HTTPError(error, url: answer.address.url))
        }
    }
}

private func wrappingStore(_ body: () throws(StoreError) -> Void) throws(RegistryFailure) {
    do throws(StoreError) { try body() } catch { throw RegistryFailure(.store(error)) }
}
