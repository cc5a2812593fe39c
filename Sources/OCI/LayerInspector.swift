//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Store

/// Checks the entries of an image's layers, lowest first.
struct LayerInspector {
    /// What has been found.
    private(set) var problems: [Problem] = []
    /// What stands at the paths of the layers so far: whether it is a directory.
    private var below: [[UInt8]: Bool] = [:]
    private var place = ""

    /// Reads one layer: its entries, and the digest of its tar.
    mutating func inspect(_ source: ArchiveSource, named place: String) throws(OCIError) -> Digest? {
        self.place = place
        var layer = LayerPaths()
        do throws(ArchiveError) {
            var reader = try TarReader(source)
            while let header = try reader.next() {
                inspect(header, reader.paxKeys, &layer)
                while try reader.nextBlock() {}
            }
            if reader.hasGlobalHeader { add(.globalHeader, "", "it has a pax header for all entries") }
            let trailer = try reader.readTrailer()
            if trailer.hasDataBehind { add(.trailingData, "", "data follow the end of the archive: readers drop them") }
            if trailer.zeroBlocks < 2 { add(.missingEnd, "", "the end of the archive is missing") }
        } catch {
            add(.malformedLayer, "", error.description)
            return nil
        }
        finish(layer)
        return try digest(of: source)
    }

    private func digest(of source: ArchiveSource) throws(OCIError) -> Digest {
        var hasher = DigestHasher()
        do throws(ArchiveError) {
            var content = try Decompressor(source)
            while try content.nextBlock() {
                content.withBlock { block in block.withUnsafeBytes { hasher.update($0) } }
            }
        } catch {
            throw .archive(error)
        }
        return hasher.finalize()
    }

    private mutating func inspect(_ header: ArchiveEntry, _ paxKeys: [String], _ layer: inout LayerPaths) {
        guard let path = canonical(header.path) else {
            if header.kind != .directory { add(.escapingPath, header.path, "it leads out of the root") }
            return
        }
        if !layer.kinds.keys.contains(path) {
            layer.order.append(path)
        } else {
            add(.duplicatePath, path, "it stands twice")
        }
        layer.kinds[path] = header.kind == .directory
        if !header.userName.isEmpty || !header.groupName.isEmpty { add(.namedOwner, path, "its owners have names") }
        if paxKeys.contains(where: { $0.hasPrefix("LIBARCHIVE.xattr.") }), header.attributes.isEmpty {
            add(.attributesLost, path, "its extended attributes are in a form that readers ignore")
        }
        switch header.kind {
        case .file, .directory, .symlink: break
        case .hardlink(let raw):
            guard let target = canonical(raw) else {
                return add(.escapingPath, path, "its target leads out of the root")
            }
            if layer.kinds[target] == nil { layer.forwardLinks.append((path, target)) }
        case .characterDevice, .blockDevice, .fifo, .socket, .unknown:
            add(.device, path, "it is neither a file, a directory nor a link")
        }
        inspectWhiteout(path, header, &layer)
    }

    private mutating func inspectWhiteout(_ path: [UInt8], _ header: ArchiveEntry, _ layer: inout LayerPaths) {
        let name = path.split(separator: UInt8(ascii: "/")).last ?? []
        guard name.starts(with: ".wh.".utf8) else { return }
        guard header.kind == .file, header.size == 0 else {
            return add(.badWhiteout, path, "a whiteout is an empty file")
        }
        if name.elementsEqual(".wh..wh..opq".utf8) { return }
        guard name.count > 4, !name.dropFirst(4).starts(with: ".wh.".utf8) else {
            return add(.badWhiteout, path, "it removes nothing")
        }
        layer.removed.append(path.dropLast(name.count) + name.dropFirst(4))
    }

    /// What only the whole layer tells.
    private mutating func finish(_ layer: LayerPaths) {
        for (path, target) in layer.forwardLinks {
            if layer.kinds[target] != nil {
                add(.hardlinkBeforeTarget, path, "its target stands behind it")
            } else {
                add(.hardlinkAcrossLayers, path, "its target is not in the same layer")
            }
        }
        for path in layer.removed {
            if layer.kinds[path] != nil { add(.badWhiteout, path, "the layer removes what it holds") }
            below = below.filter { $0.key != path && !$0.key.starts(with: path + [UInt8(ascii: "/")]) }
        }
        for path in layer.order { inspectParents(path, layer) }
        below.merge(layer.kinds) { _, new in new }
    }

    private mutating func inspectParents(_ path: [UInt8], _ layer: LayerPaths) {
        var end = path.lastIndex(of: UInt8(ascii: "/"))
        var isNearest = true
        while let slash = end {
            let parent = Array(path[..<slash])
            if layer.kinds[parent] == false || layer.kinds[parent] == nil && below[parent] == false {
                add(.throughNonDirectory, path, "it leads through `\(text(parent))`, which is no directory")
            } else if isNearest, layer.kinds[parent] == nil {
                add(.missingParent, path, "its directory has no entry in the layer")
            }
            isNearest = false
            end = parent.lastIndex(of: UInt8(ascii: "/"))
        }
        // A directory that takes the place of a link breaks every path that went through the link.
        if layer.kinds[path] == true && below[path] == false {
            add(.throughNonDirectory, path, "a directory replaces what a lower layer has there")
        }
    }

    private mutating func add(_ code: Problem.Code, _ path: [UInt8], _ detail: String) {
        problems.append(Problem(code, path.isEmpty ? place : "\(place): `\(text(path))`", detail))
    }

    private mutating func add(_ code: Problem.Code, _ path: String, _ detail: String) {
        add(code, Array(path.utf8), detail)
    }
}

/// What stands in one layer.
private struct LayerPaths {
    var kinds: [[UInt8]: Bool] = [:]
    var order: [[UInt8]] = []
    var forwardLinks: [(path: [UInt8], target: [UInt8])] = []
    var removed: [[UInt8]] = []
}

private func text(_ path: [UInt8]) -> String { String(decoding: path, as: UTF8.self) }

/// The path without `.`, doubled and outer slashes; nil for the root and for what leads out of it.
func canonical(_ path: [UInt8]) -> [UInt8]? {
    let components = path.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
    guard !components.isEmpty, !components.contains(where: { $0.elementsEqual("..".utf8) }) else { return nil }
    return Array(components.joined(separator: [UInt8(ascii: "/")]))
}
