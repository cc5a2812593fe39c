//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
public import Store
public import SystemPackage

/// A package's file, ready to be converted.
public struct DebInput: Hashable, Sendable {
    /// The package's name, for messages.
    public let package: String
    /// Where the .deb is.
    public let path: FilePath
    /// The .deb's digest, which has been verified.
    public let digest: Digest

    /// An input.
    public init(package: String, path: FilePath, digest: Digest) {
        self.package = package
        self.path = path
        self.digest = digest
    }
}

/// The fragment of a .deb: the one in the store, or one converted now.
///
/// The package's content goes from the .deb's data archive to the compressed frame in one stream; nothing is unpacked.
///
/// - Throws: ``LayerError``; nothing of a package that is refused is kept.
public func convert(
    deb input: DebInput, by conversion: Conversion = Conversion(), in store: Store
) throws(LayerError) -> Fragment {
    let key = conversion.key(of: input.digest)
    if let fragment = storedFragment(key, in: store) { return fragment }
    let fragment = try DebConverter(input, conversion, store).run(key: key)
    try keep(fragment, in: store)
    return fragment
}

/// Converts one package.
private struct DebConverter {
    let input: DebInput
    let conversion: Conversion
    let store: Store

    init(_ input: DebInput, _ conversion: Conversion, _ store: Store) {
        self.input = input
        self.conversion = conversion
        self.store = store
    }

    func run(key: Digest) throws(LayerError) -> Fragment {
        let container = try DebContainer(at: input.path, package: input.package)
        let control = try controlFiles(container.control)
        let file = try BlobOutput(in: store)
        let frame = try FrameWriter(.zstd, to: file)
        var content = PackageContent(package: input.package, conversion: conversion)
        var reader = try tarReader(container.data, limit: min(conversion.sizeLimit, container.plausibleSize))
        while let header = try next(&reader) { try content.add(header, from: &reader, to: frame) }
        try content.checkParents()
        let uncompressedSize = try frame.finish()
        let frameSize = file.size
        let blob = try file.commit()
        let directories = content.directories.values.sorted { $0.path < $1.path }
        return Fragment(
            key: key, frame: blob, frameSize: frameSize, uncompressedSize: uncompressedSize,
            members: try content.withLargeSharedObjects(of: blob, in: store),
            directories: directories, control: control, listing: content.listing(directories))
    }

    private func controlFiles(_ source: ArchiveSource) throws(LayerError) -> [Fragment.ControlFile] {
        var files: [Fragment.ControlFile] = []
        var refusal: LayerError?
        do throws(ArchiveError) {
            var reader = try TarReader(source, limit: 64 << 20)
            while let header = try reader.next() {
                switch controlName(header) {
                case .success(nil): continue
                case .success(let name?):
                    let content = try reader.readAll(limit: 16 << 20)
                    files.append(
                        Fragment.ControlFile(name: name, isExecutable: header.mode & 0o111 != 0, content: content))
                case .failure(let error): refusal = error
                }
                if refusal != nil { break }
            }
        } catch {
            throw LayerError(error, package: input.package)
        }
        if let refusal { throw refusal }
        files.sort { $0.name < $1.name }
        guard Set(files.map(\.name)).count == files.count else {
            throw .malformedPackage(input.package, reason: "a control file stands twice")
        }
        guard files.contains(where: { $0.name == "control" }) else {
            throw .malformedPackage(input.package, reason: "it has no `control` file")
        }
        return files
    }

    /// The name of a control file; nil for the root directory.
    private func controlName(_ header: ArchiveEntry) -> Result<String?, LayerError> {
        func refused(_ reason: String) -> Result<String?, LayerError> {
            let path = String(decoding: header.path, as: UTF8.self)
            return .failure(.refusedEntry(package: input.package, path: path, reason: reason))
        }
        if header.kind == .directory, [Array("./".utf8), Array(".".utf8)].contains(header.path) {
            return .success(nil)
        }
        guard header.path.first != UInt8(ascii: "/") else { return refused("its path is absolute") }
        guard let path = EntryPath(header.path) else { return refused("its path leads out of the root") }
        guard header.kind == .file, path.parent == nil else { return refused("control archives hold only files") }
        guard path.bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return refused("this is no name of a control file")
        }
        return .success(path.description)
    }

    private func tarReader(_ source: ArchiveSource, limit: Int64) throws(LayerError) -> TarReader {
        do throws(ArchiveError) {
            return try TarReader(source, limit: limit)
        } catch {
            throw LayerError(error, package: input.package)
        }
    }

    private func next(_ reader: inout TarReader) throws(LayerError) -> ArchiveEntry? {
        do throws(ArchiveError) { return try reader.next() } catch { throw LayerError(error, package: input.package) }
    }
}
