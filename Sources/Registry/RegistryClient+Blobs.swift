//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import HTTP
import NIOHTTP1
import Store

/// How a blob came to be in a repository.
public enum BlobOutcome: Sendable, Hashable {
    /// It was there.
    case existed
    /// The registry took it from this repository of its own.
    case mounted(from: String)
    /// It was sent.
    case uploaded
}

extension RegistryClient {
    /// Whether the repository has this blob.
    func contains(
        _ digest: Digest, _ reference: ImageReference, scope: String
    ) async throws(RegistryFailure) -> Bool {
        let request = RegistryRequest(
            method: .HEAD, address: try address(of: "blobs/\(digest)", in: reference), scopes: [scope],
            action: "look for `\(digest)` in \(reference.name)")
        let answer = try await send(request, to: reference)
        // The body of an answer can be read only once.
        guard [.ok, .notFound].contains(answer.status) else { throw await failure(request.action, answer) }
        await connections.drain(answer.response.body)
        return answer.status == .ok
    }

    /// Brings a blob to a repository: not at all if it is there, by mounting it from another repository of the registry
    /// that may have it, or by sending it.
    ///
    /// - Parameter candidates: repositories of the same registry.
    func bring(
        _ blob: PushedBlob, to target: ImageReference, mountingFrom candidates: [String]
    ) async throws(RegistryError) -> BlobOutcome {
        let outcome = try await bringQuietly(blob, to: target, mountingFrom: candidates)
        let state: RegistryEvent.BlobState =
            switch outcome {
            case .existed: .exists
            case .mounted(let source): .mounted(from: source)
            case .uploaded: .finished
            }
        report(.blob(target, blob.digest, size: blob.size, state))
        return outcome
    }

    private func bringQuietly(
        _ blob: PushedBlob, to target: ImageReference, mountingFrom candidates: [String]
    ) async throws(RegistryError) -> BlobOutcome {
        var session = UploadSession(self, target, blob.digest, size: blob.size, blob.content)
        var hasTriedMounting = false
        var furthest: Int64 = 0
        var number = 1
        while true {
            do throws(RegistryFailure) {
                // Also after an upload that broke off: the registry may have it all and only the answer was lost.
                if try await contains(blob.digest, target, scope: target.pushScope) {
                    return number == 1 ? .existed : .uploaded
                }
                if !hasTriedMounting {
                    hasTriedMounting = true
                    for source in candidates where source != target.repository {
                        if try await mount(blob.digest, from: source, to: target, &session) {
                            return .mounted(from: source)
                        }
                    }
                }
                try await session.attempt()
                return .uploaded
            } catch {
                guard error.isTransient else { throw error.error }
                if session.offset > furthest {
                    furthest = session.offset
                    number = 1
                }
                number += 1
                guard number <= configuration.retries.attempts else { throw error.error }
                report(.blob(target, blob.digest, size: blob.size, .retrying(reason: error.error.description)))
                try await pause(before: number, after: error)
            }
        }
    }

    /// Asks the registry to take the blob from another of its repositories ("Mounting a blob from another repository").
    ///
    /// - Returns: false where the registry does not; it may have opened an upload then, which `session` goes on with.
    private func mount(
        _ digest: Digest, from source: String, to target: ImageReference, _ session: inout UploadSession
    ) async throws(RegistryFailure) -> Bool {
        var address = try address(of: "blobs/uploads/", in: target)
        address.target += "?" + formEncoded([("mount", "\(digest)"), ("from", source)])
        let request = RegistryRequest(
            method: .POST, address: address, scopes: [target.pushScope, "repository:\(source):pull"],
            action: "mount `\(digest)` from \(source)")
        let answer: RegistryResponse
        do throws(RegistryFailure) {
            answer = try await send(request, to: target)
        } catch {
            // The source may be of somebody else by now; the target alone decides whether one may push.
            if case .unauthorized = error.error { return false }
            throw error
        }
        await connections.drain(answer.response.body)
        if answer.status == .created { return true }
        if answer.status == .accepted { try session.use(answer) }
        return false
    }
}
