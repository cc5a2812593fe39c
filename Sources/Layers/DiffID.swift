//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Concurrency
import Store
import SystemPackage

/// The digest and the size of what the frames of `pieces` hold one after another: a layer's diffID.
///
/// Decompression takes longer than hashing, and only hashing must keep the order: while one batch of small fragments is
/// hashed, the next is decompressed. Large ones are hashed while they are decompressed, so that memory stays bounded.
func digest(ofContentIn pieces: [LayerPiece], in store: Store) async throws -> (Digest, Int64) {
    var hasher = DigestHasher()
    var size: Int64 = 0
    let batches = batch(pieces)
    var ready = try await contents(of: batches.first ?? [], in: store)
    for index in batches.indices {
        let following = index + 1 < batches.count ? batches[index + 1] : []
        async let next = contents(of: following, in: store)
        for (piece, content) in zip(batches[index], ready) {
            if let content {
                hasher.update(content)
            } else if case .fragment(let fragment) = piece {
                try hash(fragment, into: &hasher, in: store)
            }
            size += piece.uncompressedSize
        }
        ready = try await next
    }
    return (hasher.finalize(), size)
}

/// How much is kept in memory at a time, twice.
private let batchSize: Int64 = 24 << 20

private func batch(_ pieces: [LayerPiece]) -> [[LayerPiece]] {
    var batches: [[LayerPiece]] = []
    var current: [LayerPiece] = []
    var size: Int64 = 0
    for piece in pieces {
        current.append(piece)
        size += piece.uncompressedSize
        if size >= batchSize {
            batches.append(current)
            (current, size) = ([], 0)
        }
    }
    return batches + [current]
}

/// The contents of small pieces; nil for large ones.
private func contents(of pieces: [LayerPiece], in store: Store) async throws -> [[UInt8]?] {
    try await parallelMap(pieces) { piece in
        switch piece {
        case .memory(_, let content): return content
        case .fragment(let fragment):
            guard fragment.uncompressedSize <= batchSize else { return nil }
            return try readFrame(fragment.frame, from: 0, Int(fragment.uncompressedSize), store)
        }
    }
}

private func hash(_ fragment: Fragment, into hasher: inout DigestHasher, in store: Store) throws(LayerError) {
    var size: Int64 = 0
    do throws(ArchiveError) {
        var frame = try Decompressor(.file(path: store.blobPath(fragment.frame).string))
        while try frame.nextBlock() {
            frame.withBlock { block in
                size += Int64(block.count)
                block.withUnsafeBytes { hasher.update($0) }
            }
        }
    } catch {
        throw .archive(error)
    }
    guard size == fragment.uncompressedSize else { throw .store(.missing(fragment.frame)) }
}
