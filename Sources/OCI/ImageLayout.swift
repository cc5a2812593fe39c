//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Archive
public import Store
public import SystemPackage

/// An image layout as it stands on the disk: a folder, or a tar of one.
public struct ImageLayout: Sendable {
    /// Where it is.
    public let path: FilePath
    /// The content of `index.json`.
    public let index: Index
    /// The content of docker's `manifest.json`, where there is one.
    public let dockerManifest: [UInt8]?
    private let files: [String: (offset: Int64, size: Int64)]?

    /// Opens the layout at `path`.
    ///
    /// - Throws: ``OCIError``; only `oci-layout` and `index.json` are read.
    public init(at path: FilePath) throws(OCIError) {
        self.path = path
        let isFolder = try exists(path.appending("."))
        files = isFolder ? nil : try Self.list(path)
        let marker = try Self.read("oci-layout", path, files)
        guard let marker, String(decoding: marker, as: UTF8.self).contains("imageLayoutVersion") else {
            throw .malformed(document: path.string, reason: "it is no image layout: `oci-layout` is missing")
        }
        guard let bytes = try Self.read("index.json", path, files) else {
            throw .malformed(document: path.string, reason: "`index.json` is missing")
        }
        index = try parse(bytes, as: Index.self, document: "index.json")
        dockerManifest = try Self.read("manifest.json", path, files)
    }

    private static func list(_ path: FilePath) throws(OCIError) -> [String: (offset: Int64, size: Int64)] {
        var files: [String: (offset: Int64, size: Int64)] = [:]
        do throws(ArchiveError) {
            var reader = try TarReader(.file(path: path.string))
            while let header = try reader.next() {
                guard header.kind == .file else { continue }
                let name = String(decoding: header.path.trimmingPrefix("./".utf8), as: UTF8.self)
                files[name] = (reader.contentOffset, header.size ?? 0)
            }
        } catch {
            throw .archive(error)
        }
        return files
    }

    private static func read(
        _ name: String, _ path: FilePath, _ files: [String: (offset: Int64, size: Int64)]?
    ) throws(OCIError) -> [UInt8]? {
        let (file, offset, size): (FilePath, Int64, Int64)
        if let files {
            guard let place = files[name] else { return nil }
            (file, offset, size) = (path, place.offset, place.size)
        } else {
            file = path.pushing(FilePath(name))
            guard try exists(file) else { return nil }
            (offset, size) = (0, .max)
        }
        var bytes: [UInt8] = []
        try readRange(of: file, from: offset, count: min(size, documentLimit)) { (piece) throws(OCIError) in
            piece.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// Documents are read up to this size: registries take no larger ones.
    private static let documentLimit: Int64 = 4 << 20

    /// Where a blob is; nil if the layout does not have it.
    public func source(_ digest: Digest) throws(OCIError) -> ArchiveSource? {
        let name = "blobs/sha256/" + digest.hex
        if let files {
            guard let place = files[name] else { return nil }
            return .fileRange(path: path.string, offset: place.offset, count: place.size)
        }
        let file = path.pushing(FilePath(name))
        return try exists(file) ? .file(path: file.string) : nil
    }

    /// A document among the blobs.
    public func document(_ digest: Digest) throws(OCIError) -> [UInt8] {
        guard let bytes = try Self.read("blobs/sha256/" + digest.hex, path, files) else { throw .missingBlob(digest) }
        return bytes
    }

    /// The images' manifests, those under nested indexes too, with their descriptors.
    ///
    /// - Throws: ``OCIError`` for a document that is missing or malformed.
    public func manifests() throws(OCIError) -> [(descriptor: Descriptor, manifest: Manifest)] {
        try manifests(in: index, depth: 0)
    }

    private func manifests(
        in index: Index, depth: Int
    ) throws(OCIError) -> [(descriptor: Descriptor, manifest: Manifest)] {
        guard depth < 4 else { throw .malformed(document: "index.json", reason: "indexes are nested too deeply") }
        var found: [(descriptor: Descriptor, manifest: Manifest)] = []
        for descriptor in index.manifests {
            let bytes = try document(descriptor.digest)
            if descriptor.mediaType == MediaType.index {
                let nested = try parse(bytes, as: Index.self, document: "\(descriptor.digest)")
                found += try manifests(in: nested, depth: depth + 1)
            } else {
                found.append((descriptor, try parse(bytes, as: Manifest.self, document: "\(descriptor.digest)")))
            }
        }
        return found
    }

    /// The configuration of an image.
    public func config(of manifest: Manifest) throws(OCIError) -> ImageConfig {
        try parse(try document(manifest.config.digest), as: ImageConfig.self, document: "\(manifest.config.digest)")
    }
}
