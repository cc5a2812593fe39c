//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import SystemPackage

/// What programs change in a root file system or a folder, as overlayfs keeps it: new and changed entries in full,
/// removed ones as character devices 0:0, replaced folders with the attribute `user.overlay.opaque`.
///
/// The same upper layer can be handed to several runs, one after the other; it is removed when the last copy is gone.
public struct UpperLayer: Sendable {
    /// The folder with the changes.
    public var folder: FilePath { scratch.path.appending("upper") }

    let scratch: ScratchFolder

    init(in parent: FilePath) throws(SandboxError) {
        scratch = try ScratchFolder(in: parent)
        try makeFolder(folder, mode: 0o755)
    }

    /// A new empty work folder; overlayfs refuses one that another mount has marked as volatile.
    func makeWorkFolder() throws(SandboxError) -> FilePath {
        let path = scratch.path.appending("work-" + String(UInt64.random(in: .min ... .max), radix: 36))
        try makeFolder(path, mode: 0o700)
        return path
    }
}
