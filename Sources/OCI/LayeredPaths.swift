//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The paths of a root file system while layers are laid upon each other, with a value for each (OCI image
/// specification, "Applying Changesets": what replaces what, and whiteouts).
struct LayeredPaths<Value> {
    /// What stands at a path.
    struct Node {
        /// The number of the layer that it comes from.
        let layer: Int
        /// Whether it is a directory.
        let isDirectory: Bool
        /// What is known of it.
        var value: Value
    }

    /// What stands at each path, without leading and trailing slashes.
    private(set) var nodes: [[UInt8]: Node] = [:]

    /// Lays an entry of `layer` on top: in its place, or as the removal that its name says.
    ///
    /// - Parameter path: the path as ``canonical(_:)`` gives it.
    /// - Returns: whether something stands at the path now.
    @discardableResult
    mutating func add(_ path: [UInt8], isDirectory: Bool, layer: Int, value: Value) -> Bool {
        let name = Array(path.split(separator: UInt8(ascii: "/")).last ?? [])
        let folder = Array(path.dropLast(name.count))
        if name == Array(".wh..wh..opq".utf8) {
            removeBelow(Array(folder.dropLast()), under: layer)
            return false
        }
        if name.starts(with: ".wh.".utf8) {
            remove(folder + name.dropFirst(4), under: layer)
            return false
        }
        if !isDirectory { remove(path, under: layer) }
        nodes[path] = Node(layer: layer, isDirectory: isDirectory, value: value)
        return true
    }

    private mutating func remove(_ path: [UInt8], under layer: Int) {
        guard let node = nodes[path], node.layer < layer else {
            // A directory that the layer itself has made anew may hold entries of lower layers.
            if nodes[path]?.isDirectory == true { removeBelow(path, under: layer) }
            return
        }
        nodes[path] = nil
        if node.isDirectory { removeBelow(path, under: layer) }
    }

    private mutating func removeBelow(_ path: [UInt8], under layer: Int) {
        let prefix = path.isEmpty ? [] : path + [UInt8(ascii: "/")]
        nodes = nodes.filter { $0.value.layer >= layer || !$0.key.starts(with: prefix) }
    }
}
