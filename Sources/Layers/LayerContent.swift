//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Store

/// The entries that a plan's layer will have, checked for what no layer may hold.
struct LayerContent: Sendable {
    /// The packages, in the encoding that the layer has them in.
    let parts: [LayerPlan.Part]
    /// Every directory of the layer once, parents before what they hold.
    let directories: [Entry]
    /// Generated entries that are not directories, sorted.
    let generated: [GeneratedEntry]
    /// How the layer is compressed.
    let compression: Compression

    /// Merges the parts and the generated entries of a plan.
    ///
    /// Directories: each has the mode and the owner that the lower layers give it, else those of the first part that
    /// ships it, as dpkg leaves a directory alone that is there already. Its time is the latest that a part of this
    /// layer ships, so that it does not change with the layers below. A generated directory overrides all that. What
    /// nobody ships belongs to root with mode 0755.
    init(_ plan: LayerPlan, _ parts: [LayerPlan.Part], over lower: LowerTree) throws(LayerError) {
        self.parts = parts
        compression = plan.compression
        var owners: [EntryPath: String] = [:]
        var directories: [EntryPath: Entry] = [:]
        for part in parts {
            for member in part.fragment.members {
                let path = member.entry.path
                if let other = owners.updateValue(part.name, forKey: path) ?? lower.owners[path] {
                    throw .collision(path: path, first: other, second: part.name)
                }
            }
            for shipped in part.fragment.directories {
                var directory = directories[shipped.path] ?? lower.directories[shipped.path] ?? shipped
                directory.mtime = max(directories[shipped.path]?.mtime ?? shipped.mtime, shipped.mtime)
                directories[shipped.path] = directory
            }
        }
        var generated: [EntryPath: GeneratedEntry] = [:]
        for item in plan.generated {
            let path = item.entry.path
            if let owner = owners[path] {
                throw .collision(path: path, first: owner, second: Self.generatedName)
            }
            guard generated.updateValue(item, forKey: path) == nil else {
                throw .collision(path: path, first: Self.generatedName, second: Self.generatedName)
            }
            if item.entry.isDirectory { directories[path] = item.entry }
        }
        for path in parts.flatMap({ $0.fragment.members.map(\.entry.path) }) + Array(directories.keys)
            + Array(generated.keys)
        {
            var parent = path.parent
            while let directory = parent, directories[directory] == nil {
                directories[directory] =
                    lower.directories[directory]
                    ?? Entry(path: directory, kind: .directory, mode: 0o755, mtime: plan.time)
                parent = directory.parent
            }
        }
        self.directories = directories.values.sorted { $0.path < $1.path }
        self.generated = generated.values.filter { !$0.entry.isDirectory }.sorted { $0.entry.path < $1.entry.path }
        for directory in self.directories {
            if let owner = owners[directory.path] ?? lower.owners[directory.path] {
                throw throughNonDirectory(directory.path, of: owner)
            }
            if let item = generated[directory.path], !item.entry.isDirectory {
                throw throughNonDirectory(directory.path, of: Self.generatedName)
            }
        }
    }

    /// A path that is a directory here and something else in another part would be a link that the directory replaces,
    /// or a link that is written through.
    private func throughNonDirectory(_ path: EntryPath, of owner: String) -> LayerError {
        let user = parts.first { part in
            part.fragment.directories.contains { $0.path == path }
                || part.fragment.members.contains { $0.entry.path.isBelow(path) }
        }
        return .throughNonDirectory(path: path, package: user?.name ?? Self.generatedName, other: owner)
    }

    private static let generatedName = "(generated)"

    /// Changes when the bytes of layers change for the same content.
    private static let version = 2

    /// The digest of everything that decides the layer's bytes and its inventory.
    var key: Digest {
        var writer = RecordWriter()
        writer.bytes(Array("layer \(Self.version) \(compression.identity)".utf8))
        writer.list(directories) { $0.entry($1) }
        writer.list(parts) { writer, part in
            writer.bytes(Array(part.name.utf8))
            writer.digest(part.fragment.frame)
        }
        // A file's entry holds the digest of its content.
        writer.list(generated) { $0.entry($1.entry) }
        return .sha256(writer.bytes)
    }

    /// All entries in the order of the layer.
    var entries: [LayerEntry] {
        directories.map { LayerEntry(entry: $0, origin: "") }
            + parts.flatMap { part in part.fragment.members.map { LayerEntry(entry: $0.entry, origin: part.name) } }
            + generated.map { LayerEntry(entry: $0.entry, origin: "") }
    }
}
