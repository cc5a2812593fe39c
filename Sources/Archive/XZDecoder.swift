//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

internal import CXZ

/// Undoes the compression of .xz files (the .xz file format, version 1.2), also of several one behind the other.
final class XZDecoder: Decoder {
    static let magic: [UInt8] = [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]

    private let source: OpenSource
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    private var stream = lzma_stream()
    private var hasInput = true
    private var isAtEnd = false

    /// Packages are compressed with dictionaries of up to 64 MiB.
    private static let memoryLimit: UInt64 = 256 << 20

    init(_ source: OpenSource) throws(ArchiveError) {
        self.source = source
        let concatenated: UInt32 = 0x08
        let code = lzma_stream_decoder(&stream, Self.memoryLimit, concatenated)
        if let failure = Self.failure(code) { throw failure }
    }

    deinit {
        lzma_end(&stream)
        output.deallocate()
    }

    func next() throws(ArchiveError) -> UnsafeRawBufferPointer? {
        if isAtEnd { return nil }
        stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.avail_out = output.count
        while stream.avail_out > 0, !isAtEnd {
            if stream.avail_in == 0, hasInput { try refill() }
            let code = lzma_code(&stream, hasInput ? LZMA_RUN : LZMA_FINISH)
            if let failure = Self.failure(code) { throw failure }
            isAtEnd = code == LZMA_STREAM_END
        }
        let count = output.count - stream.avail_out
        return count > 0 ? UnsafeRawBufferPointer(rebasing: output[..<count]) : nil
    }

    private func refill() throws(ArchiveError) {
        guard let bytes = source.read() else { throw source.failure ?? .malformed(reason: "it cannot be read") }
        hasInput = !bytes.isEmpty
        stream.next_in = bytes.bindMemory(to: UInt8.self).baseAddress
        stream.avail_in = bytes.count
    }

    private static func failure(_ code: lzma_ret) -> ArchiveError? {
        switch code {
        case LZMA_OK, LZMA_STREAM_END: nil
        case LZMA_BUF_ERROR: .malformed(reason: "truncated xz data")
        case LZMA_DATA_ERROR, LZMA_FORMAT_ERROR: .malformed(reason: "damaged xz data")
        case LZMA_MEMLIMIT_ERROR:
            .malformed(reason: "xz data that needs more than \(memoryLimit >> 20) MiB of memory")
        case LZMA_OPTIONS_ERROR, LZMA_UNSUPPORTED_CHECK:
            .malformed(reason: "xz data with options that are not supported")
        case LZMA_MEM_ERROR: .unsupported(reason: "out of memory")
        default: .malformed(reason: "xz data that cannot be decoded")
        }
    }
}
