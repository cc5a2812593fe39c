//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Store

/// The entries that a plan's layer will have, checked for what no layer may hold.
struct LayerContent {
    /// Every directory of the layer once, parents before what they hold.
    let directories: [Entry]
    /// Generated entries that are not directories, sorted.
    let generated: [GeneratedEntry]

    private struct Owner {
        let name: String
        let isLower: Bool
    }

    /// Merges the parts and the generated entries.
    ///
    /// Directories: each has the attributes that the lower layers give it, else those of the first part that ships it,
    /// as dpkg leaves a directory alone that is there already; a generated one overrides both. What nobody ships
    /// belongs to root with mode 0755.
    init(_ plan: LayerPlan, _ parts: [LayerPlan.Part], in store: Store) throws(LayerError) {
        var lowerDirectories: [EntryPath: Entry] = [:]
        var owners: [EntryPath: Owner] = [:]
        for layer in plan.lower {
            for item in try inventory(of: layer, in: store) {
                if item.entry.isDirectory {
                    lowerDirectories[item.entry.path] = item.entry
                } else if !item.origin.isEmpty {
                    owners[item.entry.path] = Owner(name: item.origin, isLower: true)
                }
            }
        }
        var directories: [EntryPath: Entry] = [:]
        for part in parts {
            for member in part.fragment.members {
                let path = member.entry.path
                if let other = owners.updateValue(Owner(name: part.name, isLower: false), forKey: path) {
                    throw .collision(path: path, first: other.name, second: part.name)
                }
            }
            for directory in part.fragment.directories where directories[directory.path] == nil {
                directories[directory.path] = lowerDirectories[directory.path] ?? directory
            }
        }
        var generated: [EntryPath: GeneratedEntry] = [:]
        for item in plan.generated {
            let path = item.entry.path
            if let owner = owners[path], !owner.isLower {
                throw .collision(path: path, first: owner.name, second: Self.generatedName)
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
                    lowerDirectories[directory]
                    ?? Entry(path: directory, kind: .directory, mode: 0o755, mtime: plan.time)
                parent = directory.parent
            }
        }
        self.directories = directories.values.sorted { $0.path < $1.path }
        self.generated = generated.values.filter { !$0.entry.isDirectory }.sorted { $0.entry.path < $1.entry.path }
        try checkDirectories(parts, owners, generated)
    }

    /// A path that is a directory here and something else in another part would be a link that the directory replaces,
    /// or a link that is written through.
    private func checkDirectories(
        _ parts: [LayerPlan.Part], _ owners: [EntryPath: Owner], _ generated: [EntryPath: GeneratedEntry]
    ) throws(LayerError) {
        for directory in directories {
            let path = directory.path
            if let owner = owners[path] {
                let user = parts.first { part in
                    part.fragment.directories.contains { $0.path == path }
                        || part.fragment.members.contains { $0.entry.path.isBelow(path) }
                }
                throw .throughNonDirectory(
                    path: path, package: user?.name ?? Self.generatedName, other: owner.name)
            }
            if let item = generated[path], !item.entry.isDirectory {
                throw .throughNonDirectory(path: path, package: Self.generatedName, other: Self.generatedName)
            }
        }
    }

    private static let generatedName = "(generated)"
}
