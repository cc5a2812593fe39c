//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Store
import SystemPackage

/// The digest and the size of what the frames of `pieces` hold one after another: a layer's diffID.
func digest(ofContentIn pieces: [LayerPiece], in store: Store) throws(LayerError) -> (Digest, Int64) {
    var hasher = DigestHasher()
    var size: Int64 = 0
    for piece in pieces {
        switch piece {
        case .memory(_, let content): hasher.update(content)
        case .fragment(let fragment): try hash(fragment, into: &hasher, in: store)
        }
        size += piece.uncompressedSize
    }
    return (hasher.finalize(), size)
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
