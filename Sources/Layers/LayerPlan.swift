//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Archive

/// What a layer is to be made of. Plans of equal content give equal layers, and the same layer is made only once.
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
    /// Modification time of directories that nothing ships, in seconds since 1970.
    public var time: Int64
    /// How the layer is compressed.
    public var compression: Compression

    /// A plan.
    public init(
        parts: [Part] = [], generated: [GeneratedEntry] = [], time: Int64, compression: Compression = .zstd
    ) {
        self.parts = parts
        self.generated = generated
        self.time = time
        self.compression = compression
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
