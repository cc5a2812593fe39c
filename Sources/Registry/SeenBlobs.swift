//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Store

/// Which repositories of a registry were seen to hold which blobs: where a blob may be mounted from.
///
/// It may be wrong; a registry that no longer has a blob there says so.
struct SeenBlobs: Equatable {
    /// The repositories of each blob, that of the last push first.
    private(set) var repositories: [Digest: [String]] = [:]

    /// How many repositories are remembered for a blob, and how many blobs in all.
    private static let repositoryLimit = 4
    private static let blobLimit = 4096

    init() {}

    /// What ``bytes`` gave: a line for each blob, its digest and the repositories. Malformed lines are left out.
    init(_ bytes: [UInt8]) {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            guard let first = words.first, let digest = Digest(hex: first) else { continue }
            repositories[digest] = words.dropFirst().filter { ImageReference.isRepository($0) }
        }
    }

    var bytes: [UInt8] {
        let lines = repositories.sorted { $0.key < $1.key }.map { "\($0.key.hex) \($0.value.joined(separator: " "))\n" }
        return Array(lines.joined().utf8)
    }

    /// Adds that `repository` holds these blobs.
    mutating func add(_ digests: [Digest], in repository: String) {
        if repositories.count + digests.count > Self.blobLimit { repositories = [:] }
        for digest in digests {
            let others = (repositories[digest] ?? []).filter { $0 != repository }
            repositories[digest] = [repository] + others.prefix(Self.repositoryLimit - 1)
        }
    }
}

extension Store {
    private static let seenKind = "registry"

    /// What is known of the registry of this name.
    func seenBlobs(in registry: String) -> SeenBlobs {
        record(Self.seenKind, .sha256(Array(registry.utf8))).map { SeenBlobs($0) } ?? SeenBlobs()
    }

    /// Remembers that the repository of `reference` holds these blobs.
    func remember(_ digests: [Digest], in reference: ImageReference) throws(StoreError) {
        let key = Digest.sha256(Array(reference.registry.utf8))
        // Two pushes at once may forget what one of them saw: the next push tells again.
        var seen = seenBlobs(in: reference.registry)
        let before = seen
        seen.add(digests, in: reference.repository)
        if seen != before { try setRecord(Self.seenKind, key, seen.bytes) }
    }
}
