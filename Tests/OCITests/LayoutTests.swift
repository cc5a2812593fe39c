//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import OCI
import Store
import SystemPackage
import Testing

@Suite struct LayoutTests {
    let workplace: Workplace

    init() throws { workplace = try Workplace() }

    func image() throws -> Image {
        try workplace.image([
            try workplace.layer(tar(ValidatorTests.good)), try workplace.layer(tar([entry("x")]), .gzip),
        ])
    }

    @Test func writesDocumentsInOneForm() throws {
        let image = try image()
        let text = String(decoding: image.configBytes, as: UTF8.self)
        #expect(
            text.hasPrefix(
                #"{"architecture":"amd64","config":{"Cmd":["/bin/sh"]},"created":"2024-01-01T00:00:00Z","history":[{"#))
        #expect(text.contains(#""created_by":"packages: sample""#))
        #expect(text.contains(#""rootfs":{"diff_ids":["sha256:"#))
        #expect(!text.contains("\\/") && !text.contains("\n"))
        #expect(try self.image().descriptor == image.descriptor)
    }

    @Test func readsBackAFolderAndATar() throws {
        let image = try image()
        let folder = workplace.path.appending("layout"), archive = workplace.path.appending("image.tar")
        try writeLayout([image], tag: "sample:1", to: folder, from: workplace.store)
        try writeArchive([image], tag: "sample:1", to: archive, from: workplace.store)
        for layout in [try ImageLayout(at: folder), try ImageLayout(at: archive)] {
            let manifests = try layout.manifests()
            #expect(manifests.map(\.manifest) == [image.manifest])
            #expect(try layout.config(of: image.manifest) == image.config)
            #expect(layout.index.manifests.first?.annotations?["org.opencontainers.image.ref.name"] == "1")
            #expect(
                layout.index.manifests.first?.annotations?["io.containerd.image.name"] == "docker.io/library/sample:1")
            #expect(try validate(layout) == [])
        }
    }

    @Test func nestsTheImagesOfSeveralPlatforms() throws {
        let amd = try image()
        var config = amd.config
        config.architecture = "arm64"
        let arm = try Image(config: config, layers: amd.layers)
        let archive = workplace.path.appending("image.tar")
        try writeArchive([amd, arm], tag: "sample", to: archive, from: workplace.store)
        let layout = try ImageLayout(at: archive)
        #expect(layout.index.manifests.map(\.mediaType) == [MediaType.index])
        #expect(try layout.manifests().map { $0.descriptor.platform?.description } == ["linux/amd64", "linux/arm64"])
        #expect(try validate(layout) == [])
    }

    @Test func writesTheSameArchiveTwice() throws {
        let first = workplace.path.appending("1.tar"), second = workplace.path.appending("2.tar")
        try writeArchive([try image()], tag: "sample", to: first, from: workplace.store)
        try writeArchive([try image()], tag: "sample", to: second, from: workplace.store)
        #expect(try Digest.sha256(fileAt: first) == Digest.sha256(fileAt: second))
    }

    @Test func replacesALayoutAndNothingElse() throws {
        let folder = workplace.path.appending("layout")
        for _ in 0..<2 { try writeLayout([try image()], tag: "sample", to: folder, from: workplace.store) }
        #expect(try validate(ImageLayout(at: folder)) == [])
        #expect(throws: OCIError.occupied(path: workplace.path)) {
            try writeLayout([try image()], tag: "sample", to: workplace.path, from: workplace.store)
        }
    }

    @Test func leavesNothingBehindWhenALayerIsMissing() throws {
        let missing = Descriptor(mediaType: MediaType.layer, digest: .sha256([1]), size: 1)
        let image = try workplace.image([ImageLayer(descriptor: missing, diffID: .sha256([1]), createdBy: "")])
        let folder = workplace.path.appending("out")
        #expect(throws: OCIError.missingBlob(.sha256([1]))) {
            try writeLayout([image], tag: "sample", to: folder, from: workplace.store)
        }
        #expect(throws: OCIError.self) { try ImageLayout(at: folder) }
    }

    @Test func parsesPlatforms() {
        #expect(Platform("linux/arm64/v8") == Platform(architecture: "arm64"))
        #expect(Platform("linux/arm/v7") == Platform(architecture: "arm", variant: "v7"))
        #expect(Platform("linux") == nil && Platform("linux//v7") == nil)
    }
}

@Suite struct RootFileSystemTests {
    let workplace: Workplace

    init() throws { workplace = try Workplace() }

    @Test(arguments: Compression.allCases)
    func laysLayersOnTopOfOneAnother(compression: Compression) throws {
        let layers = [
            try workplace.layer(
                tar([
                    entry("d/", .directory), entry("d/a", size: 1), link("d/b", "d/a"), entry("d/c", size: 1),
                    entry("e/", .directory), entry("e/x"), entry("f"), entry("g/", .directory), entry("g/y"),
                ])),
            try workplace.layer(
                tar([
                    entry("d/", .directory), entry("e/", .directory), entry(".wh.f"), entry("d/a", size: 2),
                    entry("d/.wh.c"), entry("e/.wh..wh..opq"), entry("e/z"), symlink("g", "e"),
                ])),
        ]
        let file = workplace.path.appending("root.tar")
        try writeRootFileSystem(
            of: try workplace.image(layers), compression: compression, to: file, from: workplace.store)
        var reader = try TarReader(.file(path: file.string))
        var lines: [String] = []
        while let header = try reader.next() {
            lines.append("\(String(decoding: header.path, as: UTF8.self)) \(header.size ?? -1)")
        }
        // `d/b` was a link to a file that is gone: it has the content now.
        #expect(lines == ["d/ 0", "e/ 0", "d/b 1", "d/a 2", "e/z 0", "g 0"])
    }
}
