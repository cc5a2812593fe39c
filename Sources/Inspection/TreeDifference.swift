//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import OCI

/// What is different at a path between two root file systems.
public struct PathDifference: Hashable, Sendable {
    /// How it differs.
    public enum Kind: Hashable, Sendable {
        /// Only the second has it.
        case added(ImageTree.Entry)
        /// Only the first has it.
        case removed(ImageTree.Entry)
        /// Both have it, with different attributes or contents.
        case changed(ImageTree.Entry, ImageTree.Entry, aspects: [Aspect])
    }

    /// What can differ between two entries.
    public enum Aspect: String, Hashable, Sendable {
        /// A file here, a directory or link there.
        case kind
        /// The bytes of a file.
        case content
        /// Where a symbolic link leads.
        case target
        /// The permissions.
        case mode
        /// The owner or the group.
        case owner
        /// Extended attributes, such as file capabilities.
        case attributes
        /// The time of modification.
        case time
    }

    /// The path, without leading slash; names are bytes.
    public let path: [UInt8]
    /// How it differs.
    public let kind: Kind
}

/// The paths at which two root file systems differ, sorted.
///
/// - Parameter withTimes: whether times of modification count.
public func differences(
    from first: ImageTree, to second: ImageTree, withTimes: Bool = false
) -> [PathDifference] {
    var found: [PathDifference] = []
    for (path, old) in first.entries {
        guard let new = second.entries[path] else {
            found.append(PathDifference(path: path, kind: .removed(old)))
            continue
        }
        let aspects = aspects(from: old, to: new, withTimes: withTimes)
        if !aspects.isEmpty { found.append(PathDifference(path: path, kind: .changed(old, new, aspects: aspects))) }
    }
    for (path, new) in second.entries where first.entries[path] == nil {
        found.append(PathDifference(path: path, kind: .added(new)))
    }
    return found.sorted { $0.path.lexicographicallyPrecedes($1.path) }
}

private func aspects(
    from old: ImageTree.Entry, to new: ImageTree.Entry, withTimes: Bool
) -> [PathDifference.Aspect] {
    var aspects: [PathDifference.Aspect] = []
    switch (old.kind, new.kind) {
    case (.file(let oldSize, let oldDigest), .file(let newSize, let newDigest)):
        if oldSize != newSize || oldDigest != newDigest { aspects.append(.content) }
    case (.symlink(let oldTarget), .symlink(let newTarget)):
        if oldTarget != newTarget { aspects.append(.target) }
    case (.directory, .directory), (.special, .special): break
    default: aspects.append(.kind)
    }
    if old.mode != new.mode { aspects.append(.mode) }
    if old.uid != new.uid || old.gid != new.gid { aspects.append(.owner) }
    if old.attributes != new.attributes { aspects.append(.attributes) }
    if withTimes, old.mtime != new.mtime { aspects.append(.time) }
    return aspects
}
