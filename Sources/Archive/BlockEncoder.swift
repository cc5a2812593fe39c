//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Compresses a stream in blocks of one size, each into a frame or member of its own: a decoder yields their contents
/// one after another. In one call a block is compressed faster than piece by piece, and it can be read alone.
final class BlockEncoder: Encoder {
    private let compressor: any BlockCompressor
    private let size: Int
    private let output: UnsafeMutableRawBufferPointer
    private var input: [UInt8] = []
    private var isEmpty = true

    /// An encoder of blocks of `size` bytes; the last one may be shorter.
    init(_ compressor: any BlockCompressor, size: Int) {
        self.compressor = compressor
        self.size = size
        output = .allocate(byteCount: compressor.bound(for: size), alignment: 16)
    }

    deinit {
        output.deallocate()
    }

    func encode(_ bytes: UnsafeRawBufferPointer, to sink: OutputSink) throws(ArchiveError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = min(rest.count, size - input.count)
            input.append(contentsOf: rest[..<count])
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            if input.count == size { try putBlock(to: sink) }
        }
    }

    func finish(to sink: OutputSink) throws(ArchiveError) {
        if !input.isEmpty || isEmpty { try putBlock(to: sink) }
    }

    private func putBlock(to sink: OutputSink) throws(ArchiveError) {
        let count = input.withUnsafeBytes { compressor.compress($0, into: output) }
        guard let count else { throw .unwritable(reason: "a compressed block does not fit its bound") }
        try sink.put(UnsafeRawBufferPointer(rebasing: output[..<count]))
        input.removeAll(keepingCapacity: true)
        isEmpty = false
    }
}

/// Compresses whole blocks.
protocol BlockCompressor: AnyObject {
    /// How many bytes a compressed block of `size` bytes can have.
    func bound(for size: Int) -> Int
    /// Writes one frame or member, and gives its size; nil if it does not fit.
    func compress(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int?
}
