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
    let parent = path.removingLastComponent()
    let folder = parent.isEmpty ? FilePath(".") : parent
    let file: File
    do throws(StoreError) {
        file = try File(opening: folder.appending(sibling), .writeOnly, options: [.create, .exclusiveCreate])
    } catch .system(let verb, _, let errno) {
        // The sibling's name means nothing to anybody.
        throw StoreError(verb, path, errno)
    }
    try finish(file, with: bytes, at: path, mode: mode)
    try synchronizeFolder(folder)
}

/// Writes the content of a new file, brings it to the disk and renames it to `path`; removes it if that fails.
func finish(_ file: File, with bytes: [UInt8], at path: FilePath, mode: FilePermissions) throws(StoreError) {
    defer { file.close() }
    do throws(StoreError) {
        let written = bytes.withUnsafeBytes { bytes in
            Result { () throws(StoreError) in try file.write(bytes) }
        }
        try written.get()
        try file.setMode(mode)
        try file.synchronize()
        try rename(file.path, to: path)
    } catch {
        try? removeFile(file.path)
        switch error {
        case .diskFull: throw .diskFull(path: path)
        case .system(let verb, file.path, let errno): throw StoreError(verb, path, errno)
        default: throw error
        }
    }
}
