//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Concurrency
public import Store
import SystemPackage

/// The layer of `plan`: the one in the store, or one made now.
///
/// A directory frame comes first, then the fragments' frames byte for byte, then the generated entries, then the end of
/// the archive. Fragments in another compression than the plan's, or with exclusions, are encoded anew once.
///
/// - Throws: ``LayerError``, ``LayerError/collision(path:first:second:)`` for a path that two packages hold among them.
public func writeLayer(_ plan: LayerPlan, in store: Store) async throws -> Layer {
    let key = plan.key
    if let layer = storedLayer(key, in: store) { return layer }
    let parts = try await parallelMap(plan.parts) { part in
        let fragment = try recode(part.fragment, excluding: part.excluding, as: plan.compression, in: store)
        return LayerPlan.Part(name: part.name, fragment: fragment)
    }
    let content = try LayerContent(plan, parts, in: store)
    let pieces =
        try [LayerPiece(directories: content.directories, plan.compression)]
        + parts.filter { !$0.fragment.members.isEmpty }.map { LayerPiece.fragment($0.fragment) }
        + [LayerPiece(generated: content.generated, plan.compression), LayerPiece(endOfArchive: plan.compression)]
    async let uncompressed = digest(ofContentIn: pieces, in: store)
    let (blob, size) = try splice(pieces, in: store)
    let (diffID, uncompressedSize) = try await uncompressed
    let layer = Layer(
        digest: blob, size: size, diffID: diffID, uncompressedSize: uncompressedSize, compression: plan.compression)
    let entries =
        content.directories.map { LayerEntry(entry: $0, origin: "") }
        + parts.flatMap { part in part.fragment.members.map { LayerEntry(entry: $0.entry, origin: part.name) } }
        + content.generated.map { LayerEntry(entry: $0.entry, origin: "") }
    try keep(entries, of: layer, in: store)
    try keep(layer, as: key, in: store)
    return layer
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
