//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Crypto
public import SystemPackage

/// Computes a SHA-256 digest from bytes that come piece by piece.
///
/// It is a value: a copy is the digest's state in mid-computation, from which both copies go on alone.
public struct DigestHasher: Sendable {
    private var state = SHA256()

    /// A hasher that has seen no byte yet.
    public init() {}

    /// Takes in the next bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        state.update(bufferPointer: bytes)
    }

    /// Takes in the next bytes.
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { state.update(bufferPointer: $0) }
    }

    /// The digest of all bytes taken in.
    public consuming func finalize() -> Digest {
        Digest(state.finalize())
    }
}

extension Digest {
    /// The digest of `bytes`.
    public static func sha256(_ bytes: [UInt8]) -> Digest {
        bytes.withUnsafeBytes { sha256($0) }
    }

    /// The digest of `bytes`.
    public static func sha256(_ bytes: UnsafeRawBufferPointer) -> Digest {
        var hasher = DigestHasher()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// The digest of a file's content, which is read piece by piece.
    ///
    /// - Throws: ``StoreError`` if the file cannot be read.
    public static func sha256(fileAt path: FilePath) throws(StoreError) -> Digest {
        let file = try File(opening: path)
        defer { file.close() }
        var hasher = DigestHasher()
        try file.readPieces { (piece) throws(StoreError) in hasher.update(piece) }
        return hasher.finalize()
    }
}
