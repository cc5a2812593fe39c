//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
public import Store
public import SystemPackage

/// Writes images as an OCI image layout folder under one tag.
///
/// Layers are hard links to the store's blobs where the file system allows, else copies. The folder gets its name when
/// it is whole; a layout that stands there is replaced.
///
/// - Throws: ``OCIError``, ``OCIError/occupied(path:)`` if something else stands there.
public func writeLayout(
    _ images: [Image], tag: String, to folder: FilePath, from store: Store
) throws(OCIError) {
    let content = try LayoutContent(images, tag: tag)
    try check(content.layers.keys, in: store)
    if try exists(folder), try !exists(folder.appending("oci-layout")) { throw .occupied(path: folder) }
    removeAbandoned(besides: folder)
    let unfinished = sibling(of: folder)
    do throws(OCIError) {
        try makeFolder(unfinished)
        let mark = try system("write", folder) { try FileDescriptor.open(unfinished, .readOnly, options: .closeOnExec) }
        defer { try? mark.close() }
        try markAsWritten(mark, unfinished)
        try fill(unfinished, with: content, from: store)
        try replace(folder, by: unfinished)
    } catch {
        // What is left of it has a name of its own, and the first failure is the one to tell.
        try? removeTree(unfinished)
        // The unfinished folder's name means nothing to anybody.
        if case .system(_, let path, let errno) = error, path.starts(with: unfinished) {
            throw .system(verb: "write", path: folder, errno)
        }
        throw error
    }
}

/// Hashes the layers again before they leave the store: elsewhere nobody could tell what is wrong with them.
func check(_ layers: some Sequence<Digest>, in store: Store) throws(OCIError) {
    for digest in Set(layers).sorted() {
        do throws(StoreError) {
            try store.check(digest)
        } catch .missing {
            throw .missingBlob(digest)
        } catch {
            throw .store(error)
        }
    }
}

private func fill(_ folder: FilePath, with content: LayoutContent, from store: Store) throws(OCIError) {
    let blobs = folder.appending("blobs").appending("sha256")
    try makeFolder(folder.appending("blobs"))
    try makeFolder(blobs)
    for (digest, bytes) in content.documents.sorted(by: { $0.key < $1.key }) {
        try write(bytes, to: blobs.appending(digest.hex))
    }
    for digest in content.layers.keys.sorted() {
        try linkOrCopy(store.blobPath(digest), to: blobs.appending(digest.hex))
    }
    try write(Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), to: folder.appending("oci-layout"))
    try write(content.index, to: folder.appending("index.json"))
}

/// Writes images as one tar that docker, podman, skopeo and containerd load: an OCI image layout with docker's
/// `manifest.json` beside it. The bytes depend on the images and the tag alone.
///
/// - Throws: ``OCIError``.
public func writeArchive(_ images: [Image], tag: String, to file: FilePath, from store: Store) throws(OCIError) {
    let content = try LayoutContent(images, tag: tag)
    try check(content.layers.keys, in: store)
    try writeBeside(file) { (output) throws(OCIError) in
        do throws(ArchiveError) {
            var tar = try TarWriter { try output.write($0) }
            for name in ["blobs/", "blobs/sha256/"] {
                try tar.begin(ArchiveEntry(path: Array(name.utf8), kind: .directory, mode: 0o755, mtime: 0))
            }
            let sizes = content.documents.mapValues { Int64($0.count) }.merging(content.layers) { first, _ in first }
            for (digest, size) in sizes.sorted(by: { $0.key < $1.key }) {
                try tar.begin(header("blobs/sha256/" + digest.hex, size))
                if let document = content.documents[digest] {
                    try tar.write(document.span)
                } else {
                    try copyBlob(store.blobPath(digest), to: &tar)
                }
            }
            let documents = [
                ("index.json", content.index), ("manifest.json", content.dockerManifest),
                ("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)),
            ]
            for (name, bytes) in documents {
                try tar.begin(header(name, Int64(bytes.count)))
                try tar.write(bytes.span)
            }
            try tar.finish()
        } catch {
            throw .archive(error)
        }
    }
}

private func header(_ name: String, _ size: Int64) -> ArchiveEntry {
    ArchiveEntry(path: Array(name.utf8), kind: .file, mode: 0o644, size: size, mtime: 0)
}

private func copyBlob(_ path: FilePath, to tar: inout TarWriter) throws(ArchiveError) {
    let file: FileDescriptor
    do {
        file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
    } catch {
        throw .unreadable(path: path.string, reason: "\(error)")
    }
    // It was only read from: closing it cannot lose anything.
    defer { try? file.close() }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    defer { buffer.deallocate() }
    while true {
        let count: Int
        do {
            count = try file.read(into: buffer)
        } catch {
            throw .unreadable(path: path.string, reason: "\(error)")
        }
        if count == 0 { return }
        try tar.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]).bindMemory(to: UInt8.self).span)
    }
}
