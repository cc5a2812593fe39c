//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Testing

@Suite struct DecompressTests {
    /// "hello\n", compressed by the formats' own tools.
    static let samples: [(format: String, hex: String)] = [
        (
            "xz",
            "fd377a585a000004e6d6b4460200210116000000742fe5a301000568656c6c6f0a000000a56097f194f6fde0"
                + "00011e06c12fa41d1fb6f37d010000000004595a"
        ),
        ("bzip2", "425a6839314159265359c1c080e2000001410000100244a00030cd00c3462997177245385090c1c080e2"),
        ("gzip", "1f8b0808994c046b00036800cb48cdc9c9e7020020303a3606000000"),
        ("lzma", "5d00008000ffffffffffffffff00341949ee8ddd3d3adfffffdd120000"),
        ("zstd", "28b52ffd240631000068656c6c6f0a5388bd91"),
    ]

    @Test(arguments: samples)
    func undoesEveryCompression(format: String, hex: String) throws {
        #expect(try decompress(bytes(hex), limit: 6) == Array("hello\n".utf8))
    }

    @Test(arguments: samples)
    func refusesInputTruncatedAnywhere(format: String, hex: String) throws {
        let whole = bytes(hex)
        // Fewer bytes than a format's magic number and first fields pass as plain ones.
        for length in 14..<whole.count {
            let result = Result { try decompress(Array(whole[..<length]), limit: 100) }
            #expect(throws: ArchiveError.self, "\(format) cut after \(length) bytes") { try result.get() }
        }
    }

    @Test(arguments: samples)
    func refusesMoreThanTheLimit(format: String, hex: String) throws {
        #expect(throws: ArchiveError.tooLarge(limit: 5)) { try decompress(bytes(hex), limit: 5) }
    }

    @Test func passesPlainBytesThrough() throws {
        #expect(try decompress(Array("plain".utf8), limit: 5) == Array("plain".utf8))
        #expect(try decompress([], limit: 0) == [])
    }

    @Test(arguments: Compression.allCases)
    func joinsConcatenatedStreams(compression: Compression) throws {
        let one = try compress(Array("one".utf8), compression), two = try compress(Array("two".utf8), compression)
        #expect(try decompress(one + two, limit: 6) == Array("onetwo".utf8))
    }
}

@Suite struct CompressorTests {
    @Test(arguments: Compression.allCases)
    func roundTrips(compression: Compression) throws {
        let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 7 ^ $0) }
        #expect(try decompress(compress(content, compression), limit: content.count) == content)
    }

    @Test func writesAGzipHeaderWithoutTimeOrName() throws {
        let output = try compress(Array("x".utf8), .gzip)
        #expect(Array(output.prefix(10)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF])
    }

    @Test func writesZstandardFramesWithASmallWindow() throws {
        let output = try compress([UInt8](repeating: 7, count: 9 << 20), .zstd)
        #expect(Array(output.prefix(4)) == [0x28, 0xB5, 0x2F, 0xFD])
        // Window descriptor, RFC 8878 section 3.1.1.1.2: exponent 11, that is 2 MiB, in a frame of several segments.
        #expect(output[4] & 0x20 == 0)
        #expect(output[5] >> 3 == 11)
    }

    @Test func reportsWhatTheReceiverThrew() {
        struct Full: Error, CustomStringConvertible { var description: String { "disk is full" } }
        #expect(throws: ArchiveError.refused(reason: "disk is full")) {
            var compressor = try Compressor(.none) { _ in throw Full() }
            try compressor.write([1, 2, 3].span)
            try compressor.finish()
        }
    }
}
