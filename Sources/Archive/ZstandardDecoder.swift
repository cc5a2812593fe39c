//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

internal import CZstandard

/// Undoes the compression of Zstandard frames (RFC 8878), also of several one behind the other.
final class ZstandardDecoder: Decoder {
    static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

    private let source: OpenSource
    private let context: OpaquePointer
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    private var input = ZSTD_inBuffer()
    /// Whether the input so far ends where a frame does.
    private var isBetweenFrames = true

    init(_ source: OpenSource) throws(ArchiveError) {
        guard let context = ZSTD_createDCtx() else { throw .unsupported(reason: "out of memory") }
        self.context = context
        self.source = source
    }

    deinit {
        ZSTD_freeDCtx(context)
        output.deallocate()
    }

    func next() throws(ArchiveError) -> UnsafeRawBufferPointer? {
        var buffer = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        while buffer.pos < buffer.size {
            if input.pos == input.size, try !refill() {
                // What the decoder holds back comes out without further input.
                if isBetweenFrames || buffer.pos > 0 { break }
                let held = buffer.pos
                try step(&buffer)
                if buffer.pos == held { throw .malformed(reason: "truncated zstd data") }
                continue
            }
            try step(&buffer)
        }
        return buffer.pos > 0 ? UnsafeRawBufferPointer(rebasing: output[..<buffer.pos]) : nil
    }

    private func step(_ buffer: inout ZSTD_outBuffer) throws(ArchiveError) {
        // A window beyond 128 MiB, the default limit, is refused here.
        let rest = ZSTD_decompressStream(context, &buffer, &input)
        guard ZSTD_isError(rest) == 0 else {
            throw .malformed(reason: "damaged zstd data: \(String(cString: ZSTD_getErrorName(rest)))")
        }
        isBetweenFrames = rest == 0
    }

    private func refill() throws(ArchiveError) -> Bool {
        guard let bytes = source.read() else { throw source.failure ?? .malformed(reason: "it cannot be read") }
        input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        return !bytes.isEmpty
    }
}
