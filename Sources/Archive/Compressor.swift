//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// How bytes are compressed. The compressors are part of the program, and their parameters are fixed: both are part of
/// the digests of what is built.
public enum Compression: String, Hashable, Sendable, CaseIterable {
    /// No compression.
    case none
    /// Gzip members (RFC 1952) without time or name, one for each MiB: libdeflate 1.23, level 4.
    case gzip
    /// Zstandard frames (RFC 8878) with windows of at most 2 MiB, one for each 4 MiB: zstd 1.5.7, level 3.
    case zstd

    /// What made the compressed bytes, as an image records it: another text, other bytes.
    public var identity: String {
        switch self {
        case .none: "none"
        case .gzip: "gzip, libdeflate 1.23 level 4, members of 1 MiB"
        case .zstd: "zstd 1.5.7 level 3, frames of 4 MiB"
        }
    }
}

/// Compresses a stream of bytes into a series of frames or members.
///
/// The output depends on the bytes alone, not on how they are cut into pieces.
public struct Compressor: ~Copyable {
    private let encoder: any Encoder
    private let sink: OutputSink

    /// A compressor whose output goes to `receive`.
    public init(_ compression: Compression, to receive: @escaping ByteSink) throws(ArchiveError) {
        sink = OutputSink(receive)
        switch compression {
        case .none: encoder = PlainEncoder()
        case .gzip: encoder = BlockEncoder(try GzipCompressor(), size: 1 << 20)
        case .zstd: encoder = BlockEncoder(try ZstandardCompressor(), size: 4 << 20)
        }
    }

    /// How many compressed bytes have come out.
    public var outputCount: Int64 { sink.count }

    /// Compresses `bytes`; output may come later.
    public mutating func write(_ bytes: Span<UInt8>) throws(ArchiveError) {
        var failure: ArchiveError?
        bytes.withUnsafeBytes { buffer in
            do throws(ArchiveError) { try encoder.encode(buffer, to: sink) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Ends the frame: all output has then come.
    public consuming func finish() throws(ArchiveError) {
        try encoder.finish(to: sink)
    }
}

/// One compression's encoder.
protocol Encoder: AnyObject {
    /// Takes in bytes; output goes to `sink` when there is enough of it.
    func encode(_ bytes: UnsafeRawBufferPointer, to sink: OutputSink) throws(ArchiveError)
    /// Puts out all that is left.
    func finish(to sink: OutputSink) throws(ArchiveError)
}

/// Passes bytes on as they are.
private final class PlainEncoder: Encoder {
    func encode(_ bytes: UnsafeRawBufferPointer, to sink: OutputSink) throws(ArchiveError) {
        try sink.put(bytes)
    }

    func finish(to sink: OutputSink) {}
}
