//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Archive
import Glibc
public import Store
import SystemPackage

/// The layer of a captured folder: the one in the store, or one written now.
///
/// - Parameters:
///   - lower: the layers below; directories that they hold keep their attributes.
///   - time: modification time of directories that the folder implies, in seconds since 1970.
/// - Throws: ``LayerError``, ``LayerError/cannotCapture(path:reason:)`` for a file that changed since the capture among
///   them.
public func writeLayer(
    fromTree tree: TreeCapture, lower: [Layer] = [], time: Int64, compression: Compression = .zstd, in store: Store
) throws(LayerError) -> Layer {
    var entries = tree.entries
    try takeDirectoryAttributes(of: lower, into: &entries, in: store)
    let key = treeKey(entries, compression)
    if let layer = storedLayer(key, in: store) { return layer }
    // Directories first, and whiteouts before what stands beside them.
    let directories = entries.filter(\.isDirectory)
    let whiteouts = entries.filter { !$0.isDirectory && $0.path.name.starts(with: ".wh.".utf8) }
    let others = entries.filter { !$0.isDirectory && !$0.path.name.starts(with: ".wh.".utf8) }
    entries = directories + whiteouts + others

    let file = try BlobOutput(in: store)
    let content = RunningDigest()
    let frame = try FrameWriter(compression, to: file, content: content)
    for entry in directories + whiteouts { try begin(entry, in: frame) }
    for entry in others {
        try begin(entry, in: frame)
        if case .file(let size, let digest) = entry.kind {
            try copyContent(of: tree.file(entry.path), entry.path, size, digest, to: frame)
        }
    }
    try frame.finish(.endOfArchive)
    let size = file.size
    let layer = Layer(
        digest: try file.commit(), size: size, diffID: content.hasher.finalize(), uncompressedSize: content.size,
        compression: compression)
    try keep(entries.map { LayerEntry(entry: $0, origin: "") }, of: layer, in: store)
    try keep(layer, as: key, in: store)
    return layer
}

private func treeKey(_ entries: [Entry], _ compression: Compression) -> Digest {
    var writer = RecordWriter()
    writer.bytes(Array("tree 1 \(compression.identity)".utf8))
    writer.list(entries) { $0.entry($1) }
    return .sha256(writer.bytes)
}

private func takeDirectoryAttributes(
    of lower: [Layer], into entries: inout [Entry], in store: Store
) throws(LayerError) {
    var known: [EntryPath: Entry] = [:]
    for layer in lower {
        for item in try inventory(of: layer, in: store) where item.entry.isDirectory {
            known[item.entry.path] = item.entry
        }
    }
    for index in entries.indices where entries[index].isDirectory {
        if let directory = known[entries[index].path] { entries[index] = directory }
    }
}

private func begin(_ entry: Entry, in frame: FrameWriter) throws(LayerError) {
    do throws(ArchiveError) { try frame.begin(entry) } catch { throw .archive(error) }
}

private func copyContent(
    of file: [UInt8], _ path: EntryPath, _ size: Int64, _ digest: Digest, to frame: FrameWriter
) throws(LayerError) {
    let descriptor = withTerminator(file) { open($0, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) }
    guard descriptor >= 0 else { throw .cannotCapture(path: path.description, reason: errnoText()) }
    defer { close(descriptor) }
    var hasher = DigestHasher()
    var failure: ArchiveError?
    let isRead = readPieces(descriptor) { piece in
        hasher.update(piece)
        do throws(ArchiveError) {
            if failure == nil { try frame.write(piece.bindMemory(to: UInt8.self).span) }
        } catch {
            failure = error
        }
    }
    guard isRead else { throw .cannotCapture(path: path.description, reason: errnoText()) }
    guard hasher.finalize() == digest else {
        throw .cannotCapture(path: path.description, reason: "it changed while it was read")
    }
    if let failure { throw .archive(failure) }
}
