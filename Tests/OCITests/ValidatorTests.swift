//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import OCI
import Store
import SystemPackage
import Testing

@Suite struct ValidatorTests {
    let workplace: Workplace

    init() throws { workplace = try Workplace() }

    static let good = [
        entry("usr/", .directory), entry("usr/bin/", .directory), entry("usr/bin/a", size: 3),
        link("usr/bin/b", "usr/bin/a"),
        symlink("bin", "usr/bin"),
    ]

    @Test(arguments: Compression.allCases)
    func findsNothingWrongWithAGoodImage(compression: Compression) throws {
        let layers = [
            try workplace.layer(tar(Self.good), compression), try workplace.layer(tar([entry("etc/", .directory)])),
        ]
        #expect(try workplace.problems(layers) == [])
    }

    static let badLayers: [(Problem.Code, [ArchiveEntry])] = [
        (.duplicatePath, [entry("a"), entry("a")]), (.duplicatePath, [entry("a"), entry("./a")]),
        (.duplicatePath, [entry("d/", .directory), entry("./d", .directory)]),
        (.escapingPath, [entry("../a")]), (.hardlinkBeforeTarget, [link("b", "a"), entry("a")]),
        (.hardlinkAcrossLayers, [link("b", "usr/bin/a")]),
        (.throughNonDirectory, [symlink("d", "e"), entry("d/a")]), (.throughNonDirectory, [entry("bin/a")]),
        (.throughNonDirectory, [entry("bin/", .directory)]), (.missingParent, [entry("opt/a")]),
        (.badWhiteout, [entry(".wh.")]), (.badWhiteout, [entry(".wh.a", size: 1)]),
        (.badWhiteout, [entry(".wh.a"), entry("a")]), (.device, [entry("null", .characterDevice(major: 1, minor: 3))]),
        (.device, [entry("gone", .characterDevice(major: 0, minor: 0))]), (.device, [entry("pipe", .fifo)]),
    ]

    @Test(arguments: badLayers)
    func findsABadEntry(code: Problem.Code, entries: [ArchiveEntry]) throws {
        let problems = try workplace.problems([try workplace.layer(tar(Self.good)), try workplace.layer(tar(entries))])
        #expect(problems.contains(code), "\(problems)")
    }

    @Test func findsNamesOfOwners() throws {
        var named = entry("a")
        named.userName = Array("root".utf8)
        #expect(try workplace.problems([try workplace.layer(tar([named]))]) == [.namedOwner])
    }

    @Test func findsWhatReadersDrop() throws {
        let twice = try tar([entry("a")]) + tar([entry("b")])
        #expect(try workplace.problems([try workplace.layer(twice)]) == [.trailingData])
        #expect(try workplace.problems([try workplace.layer(tar([entry("a")], .open))]) == [.missingEnd])
    }

    @Test func findsADamagedTar() throws {
        #expect(
            try workplace.problems([try workplace.layer(Array(tar([entry("a", size: 600)])[..<700]))]) == [
                .malformedLayer
            ])
    }

    @Test func findsAGlobalHeader() throws {
        // A ustar header of type `g` with one record.
        var global = try tar([entry("pax_global_header", size: 512)], .open)
        let record = Array("52 comment=0123456789012345678901234567890123456789\n".utf8)
        global.replaceSubrange(512..<(512 + 512), with: record + Array(repeating: 0, count: 512 - record.count))
        global.replaceSubrange(124..<136, with: Array("00000000064\0".utf8))
        global[156] = UInt8(ascii: "g")
        setChecksum(&global)
        #expect(try workplace.problems([try workplace.layer(global + tar([entry("a")]))]) == [.globalHeader])
    }

    @Test func findsAttributesThatReadersIgnore() throws {
        var attributed = entry("a")
        attributed.attributes = [.init(name: "user.note", value: [1])]
        let content = try tar([attributed])
        let pattern = Array("SCHILY.xattr.user.note=".utf8), other = Array("LIBARCHIVE.xattr.user.=".utf8)
        let start = try #require(content.indices.first { content[$0...].starts(with: pattern) })
        var renamed = content
        renamed.replaceSubrange(start..<(start + pattern.count), with: other)
        #expect(try workplace.problems([try workplace.layer(renamed)]) == [.attributesLost])
    }

    @Test func findsFramesThatReadersRefuse() throws {
        let content = try tar([entry("a")])
        let frame = try compress(content, .zstd)
        let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 7, 7]
        let first = try workplace.layer(blob: skippable + frame, tar: content, mediaType: MediaType.layerZstd)
        #expect(try workplace.problems([first]) == [.skippableFrameFirst])
        let last = try workplace.layer(blob: frame + skippable, tar: content, mediaType: MediaType.layerZstd)
        #expect(try workplace.problems([last]) == [])
        // A frame of one block that is not compressed, with a window of 2^(10 + 17) bytes.
        let block = content.count << 3 | 1
        let header: [UInt8] = [
            0x28, 0xB5, 0x2F, 0xFD, 0, 17 << 3, UInt8(block & 0xFF), UInt8(block >> 8 & 0xFF), UInt8(block >> 16),
        ]
        let wide = header + content
        let layer = try workplace.layer(blob: wide, tar: content, mediaType: MediaType.layerZstd)
        #expect(try workplace.problems([layer]) == [.windowTooLarge])
    }

    @Test func findsAGzipHeaderThatChanges() throws {
        let content = try tar([entry("a")])
        var member = try compress(content, .gzip)
        member[4] = 1
        let layer = try workplace.layer(blob: member, tar: content, mediaType: MediaType.layerGzip)
        #expect(try workplace.problems([layer]) == [.gzipHeader])
    }

    @Test func findsAMediaTypeThatDoesNotFit() throws {
        let content = try tar([entry("a")])
        let layer = try workplace.layer(blob: compress(content, .zstd), tar: content, mediaType: MediaType.layerGzip)
        #expect(try workplace.problems([layer]) == [.wrongMediaType])
    }

    @Test func findsAWrongDiffID() throws {
        let content = try tar([entry("a")])
        let layer = try workplace.layer(blob: compress(content, .zstd), tar: [1], mediaType: MediaType.layerZstd)
        #expect(try workplace.problems([layer]) == [.wrongDiffID])
    }

    @Test func findsTooManyLayers() throws {
        let layer = try workplace.layer(tar([entry("d/", .directory)]))
        #expect(try workplace.problems(Array(repeating: layer, count: 101)) == [.tooManyLayers])
    }

    static let damages: [(Problem.Code, String?)] = [(.wrongDigest, "x"), (.wrongSize, "xyz"), (.missingBlob, nil)]

    @Test(arguments: damages)
    func findsADamagedBlob(code: Problem.Code, change: String?) throws {
        let image = try workplace.image([try workplace.layer(tar([entry("a")]), .none)])
        let archive = workplace.path.appending("layout")
        try writeLayout([image], tag: "sample", to: archive, from: workplace.store)
        let blob = archive.appending("blobs/sha256").appending(image.layers[0].descriptor.digest.hex)
        var bytes = try workplace.store.read(image.layers[0].descriptor.digest)
        try removeTree(blob)
        if let change {
            bytes = code == .wrongSize ? bytes + Array(change.utf8) : bytes.dropLast() + Array(change.utf8)
            let file = try FileDescriptor.open(
                blob, .writeOnly, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite)
            try file.closeAfter { _ = try file.writeAll(bytes) }
        }
        #expect(try validate(ImageLayout(at: archive)).map(\.code).contains(code))
    }

    private func setChecksum(_ header: inout [UInt8]) {
        header.replaceSubrange(148..<156, with: Array(repeating: 0x20, count: 8))
        let sum = header[..<512].reduce(0) { $0 + Int($1) }
        let digits = Array(String(sum, radix: 8).utf8)
        let field = Array(repeating: UInt8(ascii: "0"), count: 6 - digits.count) + digits + [0, 0x20]
        header.replaceSubrange(148..<156, with: field)
    }
}
