//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
public import Store
import SystemPackage

/// `count` bytes from `offset` of what the frame `digest` holds.
func readFrame(_ digest: Digest, from offset: Int64, _ count: Int, _ store: Store) throws(LayerError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    var position: Int64 = 0
    do throws(ArchiveError) {
        var frame = try Decompressor(.file(path: store.blobPath(digest).string))
        while bytes.count < count, try frame.nextBlock() {
            frame.withBlock { block in
                block.withUnsafeBytes { piece in
                    let start = max(0, offset - position)
                    position += Int64(piece.count)
                    guard start < piece.count else { return }
                    bytes.append(contentsOf: piece[Int(start)...].prefix(count - bytes.count))
                }
            }
        }
    } catch {
        throw .archive(error)
    }
    guard bytes.count == count else { throw .store(.missing(digest)) }
    return bytes
}

/// The content of files in fragments, found by path.
///
/// A frame is decompressed up to the file that is asked for; for many files of the same packages,
/// ``contents(of:)-(Set<EntryPath>)`` goes through each frame once.
public struct FragmentContents: Sendable {
    private struct Place {
        let fragment: Int
        let member: Int
    }

    private let fragments: [Fragment]
    private let store: Store
    private var places: [EntryPath: Place] = [:]

    /// The contents of `fragments`; where several hold a path, that of the last one counts.
    public init(of fragments: [Fragment], in store: Store) {
        self.fragments = fragments
        self.store = store
        for (index, fragment) in fragments.enumerated() {
            for (position, member) in fragment.members.enumerated() {
                places[member.entry.path] = Place(fragment: index, member: position)
            }
        }
    }

    /// The content of the file at `path`; hard links are followed, symbolic links are not.
    ///
    /// - Throws: ``LayerError/missingFile(_:)`` if no fragment holds a file there.
    public func contents(of path: EntryPath) throws(LayerError) -> [UInt8] {
        let (frame, offset, size) = try locate(path)
        return try readFrame(frame, from: offset, size, store)
    }

    /// The contents of the files at `paths`.
    ///
    /// - Throws: ``LayerError/missingFile(_:)`` if there is none at one of them.
    public func contents(of paths: Set<EntryPath>) throws(LayerError) -> [EntryPath: [UInt8]] {
        var wanted: [Digest: [(path: EntryPath, offset: Int64, size: Int)]] = [:]
        for path in paths.sorted() {
            let (frame, offset, size) = try locate(path)
            wanted[frame, default: []].append((path, offset, size))
        }
        var contents: [EntryPath: [UInt8]] = [:]
        for (frame, files) in wanted {
            let files = files.sorted { $0.offset < $1.offset }
            guard let first = files.first, let last = files.last else { continue }
            let span = Int(last.offset - first.offset) + last.size
            let bytes = try readFrame(frame, from: first.offset, span, store)
            for file in files {
                let start = Int(file.offset - first.offset)
                contents[file.path] = Array(bytes[start..<(start + file.size)])
            }
        }
        return contents
    }

    /// The small files that stand close behind the one at `path` in its fragment, and that one: what a single pass over the
    /// frame reads at little more cost.
    func neighbours(of path: EntryPath) throws(LayerError) -> Set<EntryPath> {
        let (_, offset, _) = try locate(path)
        guard let place = places[path] else { throw .missingFile(path) }
        var paths: Set<EntryPath> = [path]
        for (position, member) in fragments[place.fragment].members.enumerated() {
            guard case .file(let size, _) = member.entry.kind, size <= 1 << 16,
                (offset..<offset + 4 << 20).contains(member.contentOffset),
                let owner = places[member.entry.path], owner.fragment == place.fragment, owner.member == position
            else { continue }
            paths.insert(member.entry.path)
        }
        return paths
    }

    private func locate(_ path: EntryPath) throws(LayerError) -> (frame: Digest, offset: Int64, size: Int) {
        guard let place = places[path] else { throw .missingFile(path) }
        let fragment = fragments[place.fragment]
        var member = fragment.members[place.member]
        if case .hardlink(let target) = member.entry.kind,
            let first = fragment.members[..<place.member].first(where: { $0.entry.path == target })
        {
            member = first
        }
        guard case .file(let size, _) = member.entry.kind else { throw .missingFile(path) }
        return (fragment.frame, member.contentOffset, Int(size))
    }
}

/// The content of the file at `path` in the last of `fragments` that holds it.
///
/// - Throws: ``LayerError/missingFile(_:)`` if none does.
public func contents(of path: EntryPath, in fragments: [Fragment], from store: Store) throws(LayerError) -> [UInt8] {
    try FragmentContents(of: fragments, in: store).contents(of: path)
}
