//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import SystemPackage

extension TreeCapture {
    /// Leaves out the entries that `isKept` does not want; what lies below a directory that is left out goes too.
    ///
    /// The names of one file are kept or left out together: a hard link needs its target.
    public mutating func keep(where isKept: (EntryPath) -> Bool) {
        var dropped: Set<EntryPath> = []
        entries.removeAll { entry in
            // Parents come before what they hold, so that the nearest one decides.
            if entry.path.parent.map(dropped.contains) != true, isKept(entry.path) { return false }
            dropped.insert(entry.path)
            return true
        }
    }

    /// The same content below `prefix` in the layer, which gets the directories that lead there.
    public func moved(below prefix: EntryPath) -> TreeCapture {
        var capture = self
        capture.prefix = self.prefix.map { prefix.appending($0) } ?? prefix
        for index in capture.entries.indices {
            capture.entries[index].path = prefix.appending(capture.entries[index].path)
            if case .hardlink(let target) = capture.entries[index].kind {
                capture.entries[index].kind = .hardlink(to: prefix.appending(target))
            }
        }
        var parent: EntryPath? = prefix
        while let path = parent {
            capture.entries.insert(GeneratedEntry.directory(path, mode: 0o755, mtime: time).entry, at: 0)
            parent = path.parent
        }
        return capture
    }

    /// Keeps only those of the attributes that git keeps: what may be executed, but neither other modes nor extended
    /// attributes nor that files are one.
    public mutating func keepAttributesOfGit() {
        var content: [EntryPath: Entry.Kind] = [:]
        for entry in entries { content[entry.path] = entry.kind }
        for index in entries.indices {
            entries[index].xattrs = []
            if case .hardlink(let target) = entries[index].kind, let kind = content[target] {
                entries[index].kind = kind
            }
            switch entries[index].kind {
            case .file: entries[index].mode = entries[index].mode & 0o100 == 0 ? 0o644 : 0o755
            case .directory: entries[index].mode = 0o755
            case .symlink, .hardlink: break
            }
        }
    }

    /// The file of an entry, as the system names it.
    func file(_ path: EntryPath) -> [UInt8] {
        let inner = prefix.map { path.bytes.dropFirst($0.bytes.count + 1) } ?? path.bytes[...]
        return Array(root.string.utf8) + [UInt8(ascii: "/")] + inner
    }
}

/// Reads some files of a folder as the entries of a layer, with the directories that lead to them, and only those of
/// their attributes that git keeps.
///
/// - Parameters:
///   - paths: the files, relative to `directory`.
///   - time: the modification time of every entry, in seconds since 1970.
/// - Throws: ``LayerError/cannotCapture(path:reason:)``.
public func captureFiles(
    _ paths: [String], of directory: FilePath, time: Int64
) throws(LayerError) -> TreeCapture {
    let wanted = Set(paths.compactMap { EntryPath($0) })
    var folders: Set<EntryPath> = []
    for path in wanted {
        var parent = path.parent
        while let folder = parent, folders.insert(folder).inserted { parent = folder.parent }
    }
    var capture = try captureTree(directory, time: time, including: { wanted.contains($0) || folders.contains($0) })
    capture.keepAttributesOfGit()
    return capture
}
