//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Archive
public import Store

/// A layer in the store: what a manifest and a config say of it.
public struct Layer: Hashable, Sendable {
    /// The digest of the blob.
    public let digest: Digest
    /// Size of the blob in bytes.
    public let size: Int64
    /// The digest of the uncompressed tar.
    public let diffID: Digest
    /// Size of the uncompressed tar in bytes.
    public let uncompressedSize: Int64
    /// How the blob is compressed.
    public let compression: Compression

    /// A layer.
    public init(digest: Digest, size: Int64, diffID: Digest, uncompressedSize: Int64, compression: Compression) {
        self.digest = digest
        self.size = size
        self.diffID = diffID
        self.uncompressedSize = uncompressedSize
        self.compression = compression
    }

    /// The media type of the blob (OCI image specification, "Image Layer Filesystem Changeset").
    public var mediaType: String {
        switch compression {
        case .none: "application/vnd.oci.image.layer.v1.tar"
        case .gzip: "application/vnd.oci.image.layer.v1.tar+gzip"
        case .zstd: "application/vnd.oci.image.layer.v1.tar+zstd"
        }
    }
}

/// An entry of a layer, and where it comes from.
public struct LayerEntry: Hashable, Sendable {
    /// What it is.
    public let entry: Entry
    /// The name of the part that brought it; empty for generated entries and directories.
    public let origin: String

    /// An entry.
    public init(entry: Entry, origin: String) {
        self.entry = entry
        self.origin = origin
    }
}

/// The layer kept under `key`, if its record, its blob and its entries are there.
public func storedLayer(_ key: Digest, in store: Store) -> Layer? {
    guard let bytes = store.record("layer", key) else { return nil }
    var reader = RecordReader(bytes)
    guard let digest = reader.digest(), let size = reader.number(), let diffID = reader.digest(),
        let uncompressedSize = reader.number(), let compression = reader.bytes(), reader.isAtEnd,
        let compression = Compression(rawValue: String(decoding: compression, as: UTF8.self)), store.contains(digest),
        store.record("inventory", diffID) != nil
    else { return nil }
    return Layer(
        digest: digest, size: size, diffID: diffID, uncompressedSize: uncompressedSize, compression: compression)
}

/// Keeps a layer under `key` too, for example under the digest of all that it was computed from, so that the next build
/// finds it without computing its plan.
public func keep(_ layer: Layer, as key: Digest, in store: Store) throws(LayerError) {
    var writer = RecordWriter()
    writer.digest(layer.digest)
    writer.number(layer.size)
    writer.digest(layer.diffID)
    writer.number(layer.uncompressedSize)
    writer.bytes(Array(layer.compression.rawValue.utf8))
    do throws(StoreError) { try store.setRecord("layer", key, writer.bytes) } catch { throw .store(error) }
}

/// All entries of a layer in its order, whiteouts included under their names in the tar.
///
/// - Throws: ``LayerError/store(_:)`` if the store has lost them.
public func inventory(of layer: Layer, in store: Store) throws(LayerError) -> [LayerEntry] {
    guard let bytes = store.record("inventory", layer.diffID) else { throw .store(.missing(layer.diffID)) }
    var reader = RecordReader(bytes)
    guard let origins = reader.list({ $0.bytes().map { String(decoding: $0, as: UTF8.self) } }),
        let entries = reader.list({ reader -> LayerEntry? in
            guard let origin = reader.number().flatMap({ Int(exactly: $0) }), origins.indices.contains(origin),
                let entry = reader.entry()
            else { return nil }
            return LayerEntry(entry: entry, origin: origins[origin])
        })
    else { throw .store(.missing(layer.diffID)) }
    return entries
}

/// Keeps the entries of a layer.
func keep(_ entries: [LayerEntry], of layer: Layer, in store: Store) throws(LayerError) {
    var numbers: [String: Int] = [:]
    var origins: [String] = []
    for entry in entries where numbers[entry.origin] == nil {
        numbers[entry.origin] = origins.count
        origins.append(entry.origin)
    }
    var writer = RecordWriter()
    writer.list(origins) { $0.bytes(Array($1.utf8)) }
    writer.list(entries) { writer, entry in
        writer.number(Int64(numbers[entry.origin] ?? 0))
        writer.entry(entry.entry)
    }
    do throws(StoreError) {
        try store.setRecord("inventory", layer.diffID, writer.bytes)
    } catch {
        throw .store(error)
    }
}
