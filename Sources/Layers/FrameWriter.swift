//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Store

/// Writes tar entries into a compressed frame of a blob, by default without end of archive.
final class FrameWriter {
    private var tar: TarWriter?
    private let output: FrameOutput

    /// A writer of a frame with nothing in it yet, which follows what `file` holds already.
    ///
    /// - Parameter content: takes in the uncompressed bytes too.
    init(_ compression: Compression, to file: BlobOutput, content: RunningDigest? = nil) throws(LayerError) {
        let output = try FrameOutput(compression, to: file, content)
        self.output = output
        do throws(ArchiveError) {
            tar = try TarWriter { try output.write($0) }
        } catch {
            throw .archive(error)
        }
    }

    /// How many uncompressed bytes there are.
    var position: Int64 { tar?.position ?? 0 }

    /// Writes the header of `entry`, and gives the position of its first byte; a file's content is to follow.
    @discardableResult
    func begin(_ entry: Entry) throws(ArchiveError) -> Int64 {
        try tar?.finishEntry()
        let start = position
        try tar?.begin(ArchiveEntry(entry))
        return start
    }

    /// Writes content of the present entry.
    func write(_ bytes: Span<UInt8>) throws(ArchiveError) {
        try tar?.write(bytes)
    }

    /// Ends the frame, and gives the size of what it holds.
    @discardableResult
    func finish(_ ending: TarWriter.Ending = .open) throws(LayerError) -> Int64 {
        do throws(ArchiveError) {
            try tar?.finishEntry()
            let size = position
            if let tar = tar.take() { try tar.finish(ending) }
            try output.finish()
            return size
        } catch {
            throw .archive(error)
        }
    }
}

/// The compressor between a tar and its blob.
private final class FrameOutput {
    private var compressor: Compressor?
    private let content: RunningDigest?

    init(_ compression: Compression, to file: BlobOutput, _ content: RunningDigest?) throws(LayerError) {
        self.content = content
        do throws(ArchiveError) {
            compressor = try Compressor(compression) { try file.write($0) }
        } catch {
            throw .archive(error)
        }
    }

    func write(_ bytes: Span<UInt8>) throws(ArchiveError) {
        content?.update(bytes)
        try compressor?.write(bytes)
    }

    func finish() throws(ArchiveError) {
        if let compressor = compressor.take() { try compressor.finish() }
    }
}

/// A digest in the making, and the number of bytes that it covers.
final class RunningDigest {
    private(set) var hasher = DigestHasher()
    private(set) var size: Int64 = 0

    func update(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBytes { hasher.update($0) }
        size += Int64(bytes.count)
    }
}

/// A blob in the making, shared by the closures that write to it.
final class BlobOutput {
    private var file: TemporaryFile?

    init(in store: Store) throws(LayerError) {
        do throws(StoreError) { file = try store.makeTemporaryFile() } catch { throw .store(error) }
    }

    var size: Int64 { file?.size ?? 0 }

    func write(_ bytes: Span<UInt8>) throws(StoreError) {
        var failure: StoreError?
        bytes.withUnsafeBytes { buffer in
            do throws(StoreError) { try file?.write(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    func commit() throws(LayerError) -> Digest {
        guard let file = file.take() else { throw .store(.invalidName("a blob that was committed before")) }
        do throws(StoreError) { return try file.commit() } catch { throw .store(error) }
    }
}

extension ArchiveEntry {
    /// The header of an entry as layers have it: numeric owners, directories with a slash behind.
    init(_ entry: Entry) {
        let slash: [UInt8] = entry.isDirectory ? [UInt8(ascii: "/")] : []
        self.init(
            path: entry.path.bytes + slash, kind: .file, mode: entry.mode, uid: Int64(entry.uid),
            gid: Int64(entry.gid), mtime: entry.mtime,
            attributes: entry.xattrs.map { Attribute(name: $0.name, value: $0.value) })
        switch entry.kind {
        case .file(let size, _): self.size = size
        case .symlink(let target): kind = .symlink(target: target)
        case .hardlink(let target): kind = .hardlink(target: target.bytes)
        case .directory: kind = .directory
        }
    }
}
