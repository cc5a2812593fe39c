//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

internal import CDeflate

/// Writes gzip members (RFC 1952) of libdeflate's level 4.
final class GzipCompressor: BlockCompressor {
    private let compressor: OpaquePointer

    init() throws(ArchiveError) {
        guard let compressor = libdeflate_alloc_compressor(4) else { throw .unsupported(reason: "out of memory") }
        self.compressor = compressor
    }

    deinit {
        libdeflate_free_compressor(compressor)
    }

    func bound(for size: Int) -> Int {
        libdeflate_gzip_compress_bound(compressor, size)
    }

    func compress(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int? {
        let count = libdeflate_gzip_compress(
            compressor, input.baseAddress, input.count, output.baseAddress, output.count)
        return count > 0 ? count : nil
    }
}
