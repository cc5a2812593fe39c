//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

internal import CZstandard

/// Writes Zstandard frames (RFC 8878) of level 3 with the size of their content and without checksum.
final class ZstandardCompressor: BlockCompressor {
    private let context: OpaquePointer

    init() throws(ArchiveError) {
        guard let context = ZSTD_createCCtx() else { throw .unsupported(reason: "out of memory") }
        self.context = context
        // Readers of layers take windows of at most 8 MiB; these are of 2.
        for (parameter, value) in [(ZSTD_c_compressionLevel, Int32(3)), (ZSTD_c_windowLog, 21)] {
            guard ZSTD_isError(ZSTD_CCtx_setParameter(context, parameter, value)) == 0 else {
                throw .unsupported(reason: "zstd refuses its parameters")
            }
        }
    }

    deinit {
        ZSTD_freeCCtx(context)
    }

    func bound(for size: Int) -> Int {
        ZSTD_compressBound(size)
    }

    func compress(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int? {
        let count = ZSTD_compress2(context, output.baseAddress, output.count, input.baseAddress, input.count)
        return ZSTD_isError(count) == 0 ? count : nil
    }
}
