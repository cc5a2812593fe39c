//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// The contents of the files in a folder of the package and below it, in the order of their paths, which are relative
/// to the folder; none where there is no such folder. That of the file itself where it is one.
public func files(below folder: String) -> [(path: String, bytes: [UInt8])] {
    let root = Trial.repository.string + "/" + folder
    if let bytes = contents(of: root) { return [(folder, bytes)] }
    return names(in: root, "").sorted().compactMap { path in
        contents(of: root + "/" + path).map { (path, $0) }
    }
}

private func names(in root: String, _ prefix: String) -> [String] {
    guard let stream = opendir(root + "/" + prefix) else { return [] }
    defer { closedir(stream) }
    var found: [String] = []
    while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name == "." || name == ".." { continue }
        let path = prefix.isEmpty ? name : prefix + "/" + name
        if entry.pointee.d_type == UInt8(DT_DIR) { found += names(in: root, path) } else { found.append(path) }
    }
    return found
}

private func contents(of path: String) -> [UInt8]? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&piece, 1, piece.count, file), count > 0 { bytes += piece[..<count] }
    return bytes
}
