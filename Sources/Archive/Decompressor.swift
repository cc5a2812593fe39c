//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

internal import CZstandard

/// Undoes the compression of `bytes` (xz, gzip, zstd, bzip2, lzma; or none), recognised by its content. Several
/// compressed streams one after another yield their contents one after another.
///
/// - Parameter limit: how many bytes may come out.
/// - Throws: ``ArchiveError/tooLarge(limit:)`` beyond `limit`, ``ArchiveError/malformed(reason:)`` for damaged or
///   truncated input.
public func decompress(_ bytes: [UInt8], limit: Int) throws(ArchiveError) -> [UInt8] {
    var decompressor = try Decompressor(.memory(bytes))
    var output: [UInt8] = []
    while try decompressor.nextBlock() {
        let fits = decompressor.withBlock { block in
            guard block.count <= limit - output.count else { return false }
            block.withUnsafeBytes { output.append(contentsOf: $0) }
            return true
        }
        guard fits else { throw .tooLarge(limit: Int64(limit)) }
    }
    return output
}

/// Undoes the compression of one Zstandard frame (RFC 8878) whose header says how long its content is.
///
/// - Parameter limit: how many bytes may come out.
/// - Throws: ``ArchiveError/tooLarge(limit:)`` beyond `limit`, ``ArchiveError/malformed(reason:)`` for damaged or
///   truncated input and for any other frame.
public func decompressFrame(_ bytes: UnsafeRawBufferPointer, limit: Int) throws(ArchiveError) -> [UInt8] {
    let size = ZSTD_getFrameContentSize(bytes.baseAddress, bytes.count)
    // The two highest values stand for an unknown size and for an error.
    guard size < UInt64.max - 1 else { throw .malformed(reason: "not a zstd frame of a known size") }
    guard size <= UInt64(limit) else { throw .tooLarge(limit: Int64(limit)) }
    var result = 0
    let content = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
        result = ZSTD_decompress(buffer.baseAddress, buffer.count, bytes.baseAddress, bytes.count)
        count = ZSTD_isError(result) == 0 ? result : 0
    }
    guard ZSTD_isError(result) == 0 else {
        throw .malformed(reason: "damaged zstd data: \(String(cString: ZSTD_getErrorName(result)))")
    }
    return content
}

/// Undoes the compression of a source piece by piece.
public struct Decompressor: ~Copyable {
    private let decoder: any Decoder
    /// The present block, valid until the next one is asked for.
    private(set) var block = UnsafeRawBufferPointer(start: nil, count: 0)

    /// Opens `source`, whose compression is recognised by its content.
    public init(_ source: ArchiveSource) throws(ArchiveError) {
        let source = try OpenSource(source)
        let head = source.read()
        if let failure = source.failure { throw failure }
        let isXZ = head.map { $0.starts(with: XZDecoder.magic) } ?? false
        let isZstandard = head.map { $0.starts(with: ZstandardDecoder.magic) } ?? false
        source.rewind()
        if isXZ {
            decoder = try XZDecoder(source)
        } else if isZstandard {
            decoder = try ZstandardDecoder(source)
        } else {
            decoder = try FilterDecoder(source)
        }
    }

    /// Moves to the next block of uncompressed bytes; false at the end.
    public mutating func nextBlock() throws(ArchiveError) -> Bool {
        block = UnsafeRawBufferPointer(start: nil, count: 0)
        guard let next = try decoder.next() else { return false }
        block = next
        return true
    }

    /// Lends the present block.
    public func withBlock<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(block.bindMemory(to: UInt8.self).span)
    }
}

/// One compression's decoder.
protocol Decoder: AnyObject {
    /// The next uncompressed bytes, valid until the next call; nil at the end.
    func next() throws(ArchiveError) -> UnsafeRawBufferPointer?
}
