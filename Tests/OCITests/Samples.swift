//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Glibc
import OCI
import Store
import SystemPackage

/// A folder that lives as long as this value, with a store in it.
final class Workplace {
    let path: FilePath
    let store: Store

    init() throws {
        path = FilePath("/tmp/fitout-oci-\(getpid())-\(UInt64.random(in: .min ... .max))")
        store = try Store(at: path.appending("store"))
    }

    deinit { try? removeTree(path) }

    /// A layer in the store.
    func layer(_ tar: [UInt8], _ compression: Compression = .zstd) throws -> ImageLayer {
        try layer(blob: try compress(tar, compression), tar: tar, mediaType: mediaType(compression))
    }

    func layer(blob: [UInt8], tar: [UInt8], mediaType: String) throws -> ImageLayer {
        let digest = try store.insert(blob)
        return ImageLayer(
            descriptor: Descriptor(mediaType: mediaType, digest: digest, size: Int64(blob.count)),
            diffID: .sha256(tar), createdBy: "packages: sample")
    }

    func image(_ layers: [ImageLayer]) throws -> Image {
        var execution = ImageConfig.Execution()
        execution.command = ["/bin/sh"]
        let platform = Platform(architecture: "amd64")
        return try Image(
            config: ImageConfig(platform: platform, created: "2024-01-01T00:00:00Z", config: execution), layers: layers)
    }

    /// The problems of a layout with these layers.
    func problems(_ layers: [ImageLayer]) throws -> [Problem.Code] {
        try problems(try image(layers))
    }

    func problems(_ image: Image) throws -> [Problem.Code] {
        let folder = path.appending("layout-\(UInt64.random(in: .min ... .max))")
        try writeLayout([image], tag: "sample", to: folder, from: store)
        return try validate(ImageLayout(at: folder)).map(\.code)
    }
}

func mediaType(_ compression: Compression) -> String {
    switch compression {
    case .none: MediaType.layer
    case .gzip: MediaType.layerGzip
    case .zstd: MediaType.layerZstd
    }
}

func entry(_ path: String, _ kind: ArchiveEntry.Kind = .file, size: Int64 = 0) -> ArchiveEntry {
    ArchiveEntry(path: Array(path.utf8), kind: kind, mode: 0o755, size: size, mtime: 1000)
}

func link(_ path: String, _ target: String) -> ArchiveEntry { entry(path, .hardlink(target: Array(target.utf8))) }

func symlink(_ path: String, _ target: String) -> ArchiveEntry { entry(path, .symlink(target: Array(target.utf8))) }

/// A tar of entries; files are filled with the letter `x`.
func tar(_ entries: [ArchiveEntry], _ ending: TarWriter.Ending = .endOfArchive) throws -> [UInt8] {
    let output = Collector()
    var writer = try TarWriter { output.append($0) }
    for entry in entries {
        try writer.begin(entry)
        if entry.kind == .file {
            try writer.write(Array(repeating: UInt8(ascii: "x"), count: Int(entry.size ?? 0)).span)
        }
    }
    try writer.finish(ending)
    return output.bytes
}

func compress(_ content: [UInt8], _ compression: Compression) throws -> [UInt8] {
    let output = Collector()
    var compressor = try Compressor(compression) { output.append($0) }
    try compressor.write(content.span)
    try compressor.finish()
    return output.bytes
}

private final class Collector {
    private(set) var bytes: [UInt8] = []

    func append(_ piece: Span<UInt8>) { piece.withUnsafeBytes { bytes.append(contentsOf: $0) } }
}
