//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import SystemPackage

/// Writes a file so that there is either the old or the new one, never half of it: into a sibling, which is brought to
/// the disk and renamed.
///
/// A symbolic link at `path` is replaced, not followed.
///
/// - Parameter mode: the file's permissions, whatever the umask is.
/// - Throws: ``StoreError`` if the file cannot be written; the old one is untouched then.
public func writeAtomically(
    _ bytes: [UInt8], to path: FilePath,
    mode: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
) throws(StoreError) {
    let name = path.lastComponent?.string ?? ""
    let sibling = ".\(name).\(String(UInt64.random(in: .min ... .max), radix: 36))"
    try write(bytes, to: path, mode: mode, by: path.removingLastComponent().appending(sibling), durably: true)
}

/// Writes a file of the store, by way of its folder of temporary files, which is cleaned up after killed processes.
func writeAtomically(_ bytes: [UInt8], to path: FilePath, mode: FilePermissions, in store: Store) throws(StoreError) {
    let name = String(UInt64.random(in: .min ... .max), radix: 36)
    try write(bytes, to: path, mode: mode, by: store.root.appending("temporary").appending(name), durably: false)
}

/// - Parameter durably: whether the new name must outlast a machine that stops at once; the content does anyway.
private func write(
    _ bytes: [UInt8], to path: FilePath, mode: FilePermissions, by temporary: FilePath, durably: Bool
) throws(StoreError) {
    let file: File
    do throws(StoreError) {
        file = try File(opening: temporary, .writeOnly, options: [.create, .exclusiveCreate])
    } catch .system(let verb, _, let errno) {
        // The temporary name means nothing to anybody.
        throw StoreError(verb, path, errno)
    }
    defer { file.close() }
    do throws(StoreError) {
        // Only a lock tells it from one that a killed process left.
        _ = try file.lock(waiting: false)
        let written = bytes.withUnsafeBytes { bytes in
            Result { () throws(StoreError) in try file.write(bytes) }
        }
        try written.get()
        try file.setMode(mode)
        try file.synchronize()
        try rename(temporary, to: path)
        if durably { try synchronizeFolder(path.removingLastComponent()) }
    } catch {
        try? removeFile(temporary)
        switch error {
        case .diskFull: throw .diskFull(path: path)
        case .system(let verb, temporary, let errno): throw StoreError(verb, path, errno)
        default: throw error
        }
    }
}
