//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Store
import SystemPackage

/// The bytes of a blob by position.
struct BlobReader {
    /// Size of the blob in bytes.
    let size: Int64
    private let path: FilePath
    private let offset: Int64

    init?(_ source: ArchiveSource) throws(OCIError) {
        switch source {
        case .memory: return nil
        case .file(let path):
            self.path = FilePath(path)
            let file = self.path
            size = try system("read", file) {
                let descriptor = try FileDescriptor.open(file, .readOnly, options: .closeOnExec)
                return try descriptor.closeAfter { try descriptor.seek(offset: 0, from: .end) }
            }
            offset = 0
        case .fileRange(let path, let offset, let count):
            (self.path, self.offset, size) = (FilePath(path), offset, count)
        }
    }

    /// Up to `count` bytes at `position`.
    func bytes(at position: Int64, _ count: Int) throws(OCIError) -> [UInt8] {
        var bytes: [UInt8] = []
        let wanted = min(Int64(count), size - position)
        guard position >= 0, wanted > 0 else { return [] }
        try readRange(of: path, from: offset + position, count: wanted) { (piece) throws(OCIError) in
            piece.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// The digest of all bytes.
    func digest() throws(OCIError) -> Digest {
        var hasher = DigestHasher()
        try readRange(of: path, from: offset, count: size) { (piece) throws(OCIError) in
            piece.withUnsafeBytes { hasher.update($0) }
        }
        return hasher.finalize()
    }
}

/// The compression of a blob, as its first bytes tell it.
enum BlobCompression {
    case none, gzip, zstd

    init(_ blob: BlobReader) throws(OCIError) {
        let magic = try blob.bytes(at: 0, 4)
        self =
            if magic.starts(with: [0x1F, 0x8B]) {
                .gzip
            } else if magic == [0x28, 0xB5, 0x2F, 0xFD] || ZstdFrames.isSkippable(magic) {
                .zstd
            } else {
                .none
            }
    }
}

/// The frames of a Zstandard stream (RFC 8878), walked through by their headers.
struct ZstdFrames {
    /// Whether a frame that is skipped stands first.
    private(set) var isSkippableFirst = false
    /// The largest window that a frame asks for, in bytes.
    private(set) var largestWindow: UInt64 = 0

    /// Nil where the stream is damaged.
    init?(_ blob: BlobReader) throws(OCIError) {
        var position: Int64 = 0
        while position < blob.size {
            let head = try blob.bytes(at: position, 18)
            guard head.count >= 5 else { return nil }
            if Self.isSkippable(Array(head.prefix(4))) {
                guard head.count >= 8 else { return nil }
                if position == 0 { isSkippableFirst = true }
                position += 8 + Int64(Self.number(head[4..<8]))
                continue
            }
            guard head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]), let header = FrameHeader(head) else { return nil }
            largestWindow = max(largestWindow, header.window)
            position += Int64(header.size)
            guard let end = try Self.endOfBlocks(blob, position) else { return nil }
            position = end + (header.hasChecksum ? 4 : 0)
        }
        if position != blob.size { return nil }
    }

    static func isSkippable(_ magic: [UInt8]) -> Bool {
        magic.count == 4 && magic[0] & 0xF0 == 0x50 && magic[1...] == [0x2A, 0x4D, 0x18]
    }

    private static func endOfBlocks(_ blob: BlobReader, _ start: Int64) throws(OCIError) -> Int64? {
        var position = start
        while true {
            let head = try blob.bytes(at: position, 3)
            guard head.count == 3 else { return nil }
            let value = number(head[...])
            // A block of type RLE holds one byte, however long it is.
            position += 3 + (value >> 1 & 3 == 1 ? 1 : Int64(value >> 3))
            if value & 1 == 1 { return position }
        }
    }

    fileprivate static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private struct FrameHeader {
        let size: Int
        let window: UInt64
        let hasChecksum: Bool

        init?(_ head: [UInt8]) {
            let descriptor = head[4]
            let isSingleSegment = descriptor & 0x20 != 0
            hasChecksum = descriptor & 4 != 0
            let dictionarySize = [0, 1, 2, 4][Int(descriptor & 3)]
            let contentSizeSize = [isSingleSegment ? 1 : 0, 2, 4, 8][Int(descriptor >> 6)]
            let windowStart = 5, dictionaryStart = windowStart + (isSingleSegment ? 0 : 1)
            let contentStart = dictionaryStart + dictionarySize
            size = contentStart + contentSizeSize
            guard size <= head.count else { return nil }
            if isSingleSegment {
                let value = ZstdFrames.number(head[contentStart..<size])
                window = contentSizeSize == 2 ? value + 256 : value
            } else {
                let base = UInt64(1) << (10 + UInt64(head[windowStart] >> 3))
                window = base + base / 8 * UInt64(head[windowStart] & 7)
            }
        }
    }
}
