//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Archive
public import Store
public import SystemPackage

/// Writes what a container of `image` would see as one tar without whiteouts.
///
/// Directories come first; of each path, the entry of the highest layer that holds it. The bytes depend on the layers
/// alone.
///
/// - Throws: ``OCIError``.
public func writeRootFileSystem(
    of image: Image, compression: Compression, to file: FilePath, from store: Store
) throws(OCIError) {
    let layers = image.manifest.layers.map(\.digest)
    try check(layers, in: store)
    let sources = layers.map { ArchiveSource.file(path: store.blobPath($0).string) }
    try writeRootFileSystem(layers: sources, compression: compression, to: file)
}

/// The same of layers given by their blobs, lowest first.
public func writeRootFileSystem(
    layers: [ArchiveSource], compression: Compression, to file: FilePath
) throws(OCIError) {
    do throws(ArchiveError) {
        var tree = FlattenedTree()
        for (index, layer) in layers.enumerated() { try tree.apply(layer, number: index) }
        let plan = tree
        try writeBesideArchive(file) { (output) throws(ArchiveError) in
            let tar = try CompressedTar(compression, to: output)
            for directory in plan.directories { try tar.begin(directory) }
            for (index, layer) in layers.enumerated() { try plan.copy(layer, number: index, to: tar) }
            try tar.finish()
        }
    } catch {
        throw .archive(error)
    }
}

private func writeBesideArchive(
    _ file: FilePath, _ body: (FileOutput) throws(ArchiveError) -> Void
) throws(ArchiveError) {
    do throws(OCIError) {
        try writeBeside(file) { (output) throws(OCIError) in
            do throws(ArchiveError) { try body(output) } catch { throw .archive(error) }
        }
    } catch {
        if case .archive(let error) = error { throw error }
        throw .refused(reason: error.description)
    }
}

/// A tar in a compressed file.
private final class CompressedTar {
    private final class Output {
        var compressor: Compressor?

        init(_ compression: Compression, to file: FileOutput) throws(ArchiveError) {
            compressor = try Compressor(compression) { try file.write($0) }
        }

        func write(_ bytes: Span<UInt8>) throws(ArchiveError) { try compressor?.write(bytes) }
    }

    private var tar: TarWriter?
    private let output: Output

    init(_ compression: Compression, to file: FileOutput) throws(ArchiveError) {
        let output = try Output(compression, to: file)
        self.output = output
        tar = try TarWriter { try output.write($0) }
    }

    func begin(_ header: ArchiveEntry) throws(ArchiveError) { try tar?.begin(header) }

    func write(_ bytes: Span<UInt8>) throws(ArchiveError) { try tar?.write(bytes) }

    func finish() throws(ArchiveError) {
        if let tar = tar.take() { try tar.finish() }
        if let compressor = output.compressor.take() { try compressor.finish() }
    }
}

/// Layers laid on top of one another, as paths.
private struct FlattenedTree {
    private struct Value {
        /// The place of the entry in its layer.
        let number: Int
        var directory: ArchiveEntry?
        /// The first name of a hard link's file in its layer.
        var target: [UInt8]?
    }

    private var paths = LayeredPaths<Value>()

    /// The directories with a slash behind, parents first.
    var directories: [ArchiveEntry] {
        paths.nodes.filter { $0.value.isDirectory }.sorted { $0.key.lexicographicallyPrecedes($1.key) }.compactMap {
            var entry = $0.value.value.directory
            entry?.path = $0.key + [UInt8(ascii: "/")]
            return entry
        }
    }

    /// Lays the next layer on top.
    mutating func apply(_ source: ArchiveSource, number layer: Int) throws(ArchiveError) {
        var reader = try TarReader(source)
        var number = 0
        while let header = try reader.next() {
            defer { number += 1 }
            guard let path = canonical(header.path) else { continue }
            let isDirectory = header.kind == .directory
            var value = Value(number: number, directory: isDirectory ? header : nil)
            if case .hardlink(let target) = header.kind { value.target = canonical(target) }
            paths.add(path, isDirectory: isDirectory, layer: layer, value: value)
        }
    }

    private func isIn(_ layer: Int, _ path: [UInt8]) -> Bool { paths.nodes[path]?.layer == layer }

    /// Writes what remains of a layer, directories apart.
    func copy(_ source: ArchiveSource, number layer: Int, to tar: CompressedTar) throws(ArchiveError) {
        let names = names(in: layer)
        var reader = try TarReader(source)
        var number = 0
        while var header = try reader.next() {
            defer { number += 1 }
            guard let path = canonical(header.path), header.kind != .directory else { continue }
            let isKept = isIn(layer, path) && paths.nodes[path]?.value.number == number
            // A file stays when its path does, or when hard links to it do.
            guard let name = isKept ? path : names[path], isIn(layer, name) else { continue }
            if case .hardlink(let raw) = header.kind, let target = canonical(raw) {
                let first = isIn(layer, target) ? target : names[target]
                // This link has already been written as the file itself.
                guard let first, first != path else { continue }
                header.kind = .hardlink(target: first)
            }
            header.path = name
            try tar.begin(header)
            while try reader.nextBlock() {
                try reader.withBlock { (block) throws(ArchiveError) in try tar.write(block) }
            }
        }
    }

    /// For files of a layer that are gone while hard links to them stay: the link that comes first.
    private func names(in layer: Int) -> [[UInt8]: [UInt8]] {
        var first: [[UInt8]: (path: [UInt8], number: Int)] = [:]
        for (path, node) in paths.nodes where node.layer == layer {
            guard let target = node.value.target, !isIn(layer, target) else { continue }
            if let known = first[target], known.number < node.value.number { continue }
            first[target] = (path, node.value.number)
        }
        return first.mapValues(\.path)
    }
}
