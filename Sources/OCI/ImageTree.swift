//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Archive
public import Store

/// The root file system of an image: what stands at each path when its layers lie upon each other.
public struct ImageTree: Sendable {
    /// What stands at a path.
    public struct Entry: Hashable, Sendable {
        /// The number of the layer that it comes from, the lowest being 0.
        public let layer: Int
        /// What it is.
        public let kind: Kind
        /// Permissions, with the set-user-ID, set-group-ID and sticky bits.
        public let mode: UInt16
        /// The owner's number.
        public let uid: Int64
        /// The group's number.
        public let gid: Int64
        /// Time of modification, in seconds since 1970.
        public let mtime: Int64
        /// Extended attributes, sorted by name.
        public let attributes: [ArchiveEntry.Attribute]
    }

    /// The kinds of entries.
    public enum Kind: Hashable, Sendable {
        /// A file with its size in bytes and the digest of its content; hard links are files of the same content.
        case file(size: Int64, digest: Digest)
        /// A directory.
        case directory
        /// A symbolic link.
        case symlink(target: [UInt8])
        /// A device, a pipe or a socket.
        case special
    }

    /// The entries by path, without leading slash; names are bytes.
    public let entries: [[UInt8]: Entry]
    /// The contents of the files that were asked for, by path.
    public let contents: [[UInt8]: [UInt8]]

    /// Reads layers, lowest first.
    ///
    /// - Parameter isWanted: whether the content of the file at a path, of at most 64 MiB, is to be kept.
    /// - Throws: ``OCIError/archive(_:)`` for a layer that cannot be read.
    public init(layers: [ArchiveSource], keeping isWanted: ([UInt8]) -> Bool = { _ in false }) throws(OCIError) {
        var paths = LayeredPaths<Entry>()
        var contents: [[UInt8]: [UInt8]] = [:]
        do throws(ArchiveError) {
            for (number, layer) in layers.enumerated() {
                var reader = try TarReader(layer)
                // The files of this layer, which hard links name: a lower layer's are not theirs.
                var files: [[UInt8]: Kind] = [:]
                while let header = try reader.next() {
                    guard let path = canonical(header.path) else { continue }
                    var kept: [UInt8]? = isWanted(path) ? [] : nil
                    let kind = try Self.kind(of: header, &reader, files, &kept)
                    files[path] = kind
                    let entry = Entry(
                        layer: number, kind: kind, mode: header.mode, uid: header.uid, gid: header.gid,
                        mtime: header.mtime, attributes: header.attributes.sorted { $0.name < $1.name })
                    let isThere = paths.add(path, isDirectory: kind == .directory, layer: number, value: entry)
                    if isThere { contents[path] = kept }
                }
            }
        } catch {
            throw .archive(error)
        }
        entries = paths.nodes.mapValues(\.value)
        self.contents = contents.filter { paths.nodes[$0.key] != nil }
    }

    private static func kind(
        of header: ArchiveEntry, _ reader: inout TarReader, _ files: [[UInt8]: Kind], _ kept: inout [UInt8]?
    ) throws(ArchiveError) -> Kind {
        if header.kind != .file { kept = nil }
        switch header.kind {
        case .file:
            var hasher = DigestHasher()
            if (header.size ?? 0) > 64 << 20 { kept = nil }
            while try reader.nextBlock() {
                reader.withBlock { block in
                    block.withUnsafeBytes {
                        hasher.update($0)
                        kept?.append(contentsOf: $0)
                    }
                }
            }
            return .file(size: header.size ?? 0, digest: hasher.finalize())
        case .hardlink(let target): return canonical(target).flatMap { files[$0] } ?? .special
        case .directory: return .directory
        case .symlink(let target): return .symlink(target: target)
        case .characterDevice, .blockDevice, .fifo, .socket, .unknown: return .special
        }
    }
}
