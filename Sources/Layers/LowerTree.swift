//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Store

/// What the layers below hold, as far as a layer above them must know it.
struct LowerTree {
    /// Their directories; of several for a path, that of the highest layer.
    private(set) var directories: [EntryPath: Entry] = [:]
    /// The packages that hold what is not a directory.
    private(set) var owners: [EntryPath: String] = [:]

    /// The tree of layers in the store, lowest first.
    ///
    /// - Throws: ``LayerError/store(_:)`` if the store has lost what they hold.
    init(of layers: [Layer], in store: Store) throws(LayerError) {
        for layer in layers {
            for item in try inventory(of: layer, in: store) { add(item.entry, of: item.origin) }
        }
    }

    /// Lays a layer on top.
    mutating func add(_ content: LayerContent) {
        for directory in content.directories { directories[directory.path] = directory }
        for part in content.parts {
            for member in part.fragment.members { owners[member.entry.path] = part.name }
        }
    }

    private mutating func add(_ entry: Entry, of origin: String) {
        if entry.isDirectory {
            directories[entry.path] = entry
        } else if !origin.isEmpty {
            owners[entry.path] = origin
        }
    }
}
