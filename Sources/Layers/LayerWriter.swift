//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Concurrency
public import Store
import SystemPackage
import Timing

/// The layers of `plans`, each lying upon those before it: those in the store, or else made now, several at a time.
///
/// In a layer a directory frame comes first, then the fragments' frames byte for byte, then the generated entries, then
/// the end of the archive. Fragments in another compression than the plan's, or with exclusions, are encoded anew once.
///
/// - Parameter lower: the layers below all of them, lowest first.
/// - Throws: ``LayerError``, ``LayerError/collision(path:first:second:)`` for a path that two packages hold among them.
public func writeLayers(_ plans: [LayerPlan], over lower: [Layer] = [], in store: Store) async throws -> [Layer] {
    let parts = plans.flatMap { plan in plan.parts.map { (part: $0, compression: plan.compression) } }
    var recoded = try await parallelMap(parts) { item in
        let (part, compression) = item
        return LayerPlan.Part(
            name: part.name, fragment: try recode(part.fragment, excluding: part.excluding, as: compression, in: store))
    }[...]
    var tree = try LowerTree(of: lower, in: store)
    var contents: [LayerContent] = []
    for plan in plans {
        let content = try LayerContent(plan, Array(recoded.prefix(plan.parts.count)), over: tree)
        recoded = recoded.dropFirst(plan.parts.count)
        tree.add(content)
        contents.append(content)
    }
    let stored = contents.map { storedLayer($0.key, in: store) }
    let missing = zip(contents, stored).filter { $1 == nil }.map(\.0)
    var written = try await write(missing, in: store)[...]
    return stored.compactMap { $0 ?? written.popFirst() }
}

/// The layer of `plan` alone.
///
/// - Throws: as ``writeLayers(_:over:in:)`` does.
public func writeLayer(_ plan: LayerPlan, over lower: [Layer] = [], in store: Store) async throws -> Layer {
    let layers = try await writeLayers([plan], over: lower, in: store)
    guard let layer = layers.first else { throw CancellationError() }
    return layer
}

/// Half of the work that a layer takes.
private enum LayerWork: Sendable {
    /// The compressed blob: the digest and the size of it.
    case blob
    /// The digest and the size of the uncompressed tar.
    case tar
}

private func write(_ contents: [LayerContent], in store: Store) async throws -> [Layer] {
    let pieces = try contents.map { try $0.pieces() }
    let work = pieces.flatMap { [(pieces: $0, kind: LayerWork.tar), ($0, .blob)] }
    // The largest first, so that none of them is left over when all others are done.
    let order = work.indices.sorted { work[$0].pieces.uncompressedSize > work[$1].pieces.uncompressedSize }
    let results = try await parallelMap(order) { index in
        switch work[index].kind {
        case .tar:
            try measured("diffID") { () throws(LayerError) in
                try digest(ofContentIn: work[index].pieces, in: store)
            }
        case .blob: try measured("blob") { try splice(work[index].pieces, in: store) }
        }
    }
    var sums = [(Digest, Int64)?](repeating: nil, count: work.count)
    for (index, result) in zip(order, results) { sums[index] = result }
    var layers: [Layer] = []
    for (number, content) in contents.enumerated() {
        guard let (diffID, uncompressedSize) = sums[2 * number], let (blob, size) = sums[2 * number + 1] else {
            continue
        }
        let layer = Layer(
            digest: blob, size: size, diffID: diffID, uncompressedSize: uncompressedSize,
            compression: content.compression)
        try keep(content.entries, of: layer, in: store)
        try keep(layer, as: content.key, in: store)
        layers.append(layer)
    }
    return layers
}

extension LayerContent {
    /// The layer's frames in their order.
    fileprivate func pieces() throws(LayerError) -> [LayerPiece] {
        try [LayerPiece(directories: directories, compression)]
            + parts.filter { !$0.fragment.members.isEmpty }.map { LayerPiece.fragment($0.fragment) }
            + [LayerPiece(generated: generated, compression), LayerPiece(endOfArchive: compression)]
    }
}

extension [LayerPiece] {
    /// The size of what the pieces hold.
    fileprivate var uncompressedSize: Int64 { reduce(0) { $0 + $1.uncompressedSize } }
}

/// A piece of a layer: one compressed frame.
enum LayerPiece: Sendable {
    case fragment(Fragment)
    /// A frame in memory, beside what it holds.
    case memory(frame: [UInt8], content: [UInt8])

    init(directories: [Entry], _ compression: Compression) throws(LayerError) {
        self = try Self.tar(compression) { (tar) throws(ArchiveError) in
            for directory in directories { try tar.begin(ArchiveEntry(directory)) }
        }
    }

    init(generated: [GeneratedEntry], _ compression: Compression) throws(LayerError) {
        self = try Self.tar(compression) { (tar) throws(ArchiveError) in
            for item in generated {
                try tar.begin(ArchiveEntry(item.entry))
                if case .file = item.entry.kind { try tar.write(item.content.span) }
            }
        }
    }

    init(endOfArchive compression: Compression) throws(LayerError) {
        self = try Self.compress([UInt8](repeating: 0, count: 1024), compression)
    }

    private static func tar(
        _ compression: Compression, _ body: (inout TarWriter) throws(ArchiveError) -> Void
    ) throws(LayerError) -> LayerPiece {
        let output = MemoryOutput()
        do throws(ArchiveError) {
            var tar = try TarWriter { output.append($0) }
            try body(&tar)
            try tar.finish(.open)
        } catch {
            throw .archive(error)
        }
        return try compress(output.bytes, compression)
    }

    private static func compress(_ content: [UInt8], _ compression: Compression) throws(LayerError) -> LayerPiece {
        // An empty frame would be valid, and says nothing.
        if content.isEmpty { return .memory(frame: [], content: []) }
        let output = MemoryOutput()
        do throws(ArchiveError) {
            var compressor = try Compressor(compression) { output.append($0) }
            try compressor.write(content.span)
            try compressor.finish()
        } catch {
            throw .archive(error)
        }
        return .memory(frame: output.bytes, content: content)
    }

    /// The size of what the piece holds.
    var uncompressedSize: Int64 {
        switch self {
        case .fragment(let fragment): fragment.uncompressedSize
        case .memory(_, let content): Int64(content.count)
        }
    }
}

/// Output kept in memory.
final class MemoryOutput {
    private(set) var bytes: [UInt8] = []

    func append(_ piece: Span<UInt8>) {
        piece.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
}

/// Puts the pieces' frames one behind the other into a blob.
private func splice(_ pieces: [LayerPiece], in store: Store) throws -> (Digest, Int64) {
    var file = try store.makeTemporaryFile()
    for piece in pieces {
        switch piece {
        case .memory(let frame, _): try file.write(frame)
        case .fragment(let fragment): try appendBlob(fragment.frame, size: fragment.frameSize, to: &file, in: store)
        }
    }
    let size = file.size
    return (try file.commit(), size)
}

/// Appends a blob, whose digest is verified on the way: a damaged frame must not become part of a layer.
private func appendBlob(_ digest: Digest, size: Int64, to file: inout TemporaryFile, in store: Store) throws {
    let path = store.blobPath(digest)
    let source = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
    defer { try? source.close() }
    var hasher = DigestHasher()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    defer { buffer.deallocate() }
    while true {
        let count = try source.read(into: buffer)
        if count == 0 { break }
        let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        hasher.update(piece)
        try file.write(piece)
    }
    if hasher.finalize() != digest { try store.check(digest) }
}
