//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
public import Store

/// How packages are converted: what, beside a package's content, decides the bytes of its fragment.
public struct Conversion: Hashable, Sendable {
    /// Whether `/bin`, `/lib` and the like are symbolic links into `/usr` in the suite: paths below them are then
    /// moved to where the links lead.
    public var isUsrMerged: Bool
    /// The numbers of named owners.
    public var owners: OwnerTable
    /// How many bytes a package may hold uncompressed.
    public var sizeLimit: Int64

    /// The conversion for Debian from bookworm and Ubuntu from jammy on.
    public init(
        isUsrMerged: Bool = true, owners: OwnerTable = .basePasswd, sizeLimit: Int64 = 16 << 30
    ) {
        self.isUsrMerged = isUsrMerged
        self.owners = owners
        self.sizeLimit = sizeLimit
    }

    /// Changes when the bytes of fragments or their records change for the same input.
    static let version = 2

    /// The key of the fragment of an input with this digest: the same input converted the same way has the same key.
    public func key(of input: Digest) -> Digest {
        var text = "fragment \(Self.version) \(input) \(Compression.zstd.identity) \(isUsrMerged)\n"
        // No size limit: it decides whether there is a fragment, not what it holds.
        for (name, id) in owners.users.sorted(by: { $0.key < $1.key }) { text += "user \(name) \(id)\n" }
        for (name, id) in owners.groups.sorted(by: { $0.key < $1.key }) { text += "group \(name) \(id)\n" }
        return .sha256(Array(text.utf8))
    }
}

/// The paths that a merged `/usr` moves (Debian's `usr-is-merged`, the file-hierarchy specification's aliases).
enum UsrMerge {
    private static let aliases = ["bin", "sbin", "lib", "lib32", "lib64", "libx32", "libo32"].map { Array($0.utf8) }

    /// `lib/x` as `usr/lib/x`. An alias itself stays where it is unless it is shipped as a directory: the symbolic
    /// link `bin` belongs at `bin`.
    static func resolve(_ path: EntryPath, isDirectory: Bool) -> EntryPath {
        let first = path.bytes.prefix { $0 != UInt8(ascii: "/") }
        guard aliases.contains(where: { $0.elementsEqual(first) }), isDirectory || first.count < path.bytes.count else {
            return path
        }
        return EntryPath(Array("usr/".utf8) + path.bytes) ?? path
    }
}
