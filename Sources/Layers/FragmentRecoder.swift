//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Store
import SystemPackage

/// `fragment` in another compression, and without some of its paths: itself when nothing is to be changed, else the one
/// in the store or one encoded now.
func recode(
    _ fragment: Fragment, excluding: Set<EntryPath>, as compression: Compression, in store: Store
) throws(LayerError) -> Fragment {
    let excluded = excluding.intersection(fragment.members.map(\.entry.path))
    guard !excluded.isEmpty || compression != .zstd else { return fragment }
    var writer = RecordWriter()
    writer.bytes(Array("recode 1 \(compression.identity)".utf8))
    writer.digest(fragment.key)
    writer.list(excluded.sorted()) { $0.bytes($1.bytes) }
    let key = Digest.sha256(writer.bytes)
    if let stored = storedFragment(key, in: store) { return stored }
    let recoded = try FragmentRecoder(fragment, excluded, compression, store).run(key: key)
    try keep(recoded, in: store)
    return recoded
}

private struct FragmentRecoder {
    let fragment: Fragment
    let compression: Compression
    let store: Store
    /// Where an entry goes that keeps its place in the frame; nil for one that is left out.
    private var names: [EntryPath: EntryPath] = [:]

    init(_ fragment: Fragment, _ excluded: Set<EntryPath>, _ compression: Compression, _ store: Store) {
        self.fragment = fragment
        self.compression = compression
        self.store = store
        // A file that is left out while hard links to it stay goes under the name of the first of them.
        for member in fragment.members where !excluded.contains(member.entry.path) {
            let path = member.entry.path
            if case .hardlink(let target) = member.entry.kind, names[target] == nil {
                names[target] = path
            } else {
                names[path] = path
            }
        }
    }

    func run(key: Digest) throws(LayerError) -> Fragment {
        let file = try BlobOutput(in: store)
        let frame = try FrameWriter(compression, to: file)
        var members: [Fragment.Member] = []
        do throws(ArchiveError) {
            var reader = try TarReader(.file(path: store.blobPath(fragment.frame).string))
            for member in fragment.members {
                guard try reader.next() != nil else {
                    throw .malformed(reason: "a fragment has fewer entries than its record")
                }
                guard let entry = renamed(member.entry) else { continue }
                let start = try frame.begin(entry)
                let content = frame.position
                while try reader.nextBlock() {
                    try reader.withBlock { (block) throws(ArchiveError) in try frame.write(block) }
                }
                members.append(
                    Fragment.Member(
                        entry: entry, headerOffset: start, contentOffset: content, sharedObject: member.sharedObject))
            }
        } catch {
            throw .archive(error)
        }
        let uncompressedSize = try frame.finish()
        let frameSize = file.size
        return Fragment(
            key: key, frame: try file.commit(), frameSize: frameSize, uncompressedSize: uncompressedSize,
            members: members,
            directories: fragment.directories, control: fragment.control, listing: fragment.listing)
    }

    private func renamed(_ entry: Entry) -> Entry? {
        guard let path = names[entry.path] else { return nil }
        var entry = entry
        entry.path = path
        if case .hardlink(let target) = entry.kind, let first = names[target] { entry.kind = .hardlink(to: first) }
        return entry
    }
}
