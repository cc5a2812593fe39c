//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Archive
public import Store

/// What a layer is to be made of. Equal plans give equal layers, and the same layer is made only once.
public struct LayerPlan: Sendable {
    /// A fragment in a layer.
    public struct Part: Sendable {
        /// The package's name.
        public let name: String
        /// Its content.
        public let fragment: Fragment
        /// Paths that another package replaces (`Replaces`, diversions): the layer holds the fragment without them.
        public let excluding: Set<EntryPath>

        /// A part.
        public init(name: String, fragment: Fragment, excluding: Set<EntryPath> = []) {
            self.name = name
            self.fragment = fragment
            self.excluding = excluding
        }
    }

    /// Packages in the order of unpacking. Put those that change seldom first.
    public var parts: [Part]
    /// Entries of our own, at most one for a path. They may stand over entries of lower layers.
    public var generated: [GeneratedEntry]
    /// The layers below, lowest first: their directories keep their attributes in this layer.
    public var lower: [Layer]
    /// Modification time of directories that nothing ships, in seconds since 1970.
    public var time: Int64
    /// How the layer is compressed.
    public var compression: Compression

    /// A plan.
    public init(
        parts: [Part] = [], generated: [GeneratedEntry] = [], lower: [Layer] = [], time: Int64,
        compression: Compression = .zstd
    ) {
        self.parts = parts
        self.generated = generated
        self.lower = lower
        self.time = time
        self.compression = compression
    }

    /// Changes when the bytes of layers change for the same plan.
    private static let version = 1

    /// The digest of everything that decides the layer's bytes.
    public var key: Digest {
        var writer = RecordWriter()
        writer.bytes(Array("layer".utf8))
        writer.number(Int64(Self.version))
        writer.bytes(Array(compression.rawValue.utf8))
        writer.number(time)
        writer.list(lower) { $0.digest($1.diffID) }
        writer.list(parts) { writer, part in
            writer.bytes(Array(part.name.utf8))
            writer.digest(part.fragment.key)
            writer.list(part.excluding.sorted()) { $0.bytes($1.bytes) }
        }
        // A file's entry holds the digest of its content.
        writer.list(generated) { $0.entry($1.entry) }
        return .sha256(writer.bytes)
    }
}

extension GeneratedEntry {
    /// The removal of what lower layers hold at `path` (OCI image specification, "Whiteouts"); nil for a path whose
    /// name leaves no room.
    public static func whiteout(_ path: EntryPath, mtime: Int64) -> GeneratedEntry? {
        let parent = path.parent.map { $0.bytes + [UInt8(ascii: "/")] } ?? []
        guard path.name.count <= 251, let marker = EntryPath(parent + Array(".wh.".utf8) + path.name) else {
            return nil
        }
        return .file(marker, [], mtime: mtime)
    }
}
