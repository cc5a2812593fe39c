//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The folders of programs that packages of one release of a toolchain keep out of `/usr/bin`, the newest release first.
///
/// Where a suite has several releases of Go or Rust, each package has its own folder, and only the default release has
/// links in `/usr/bin`.
func toolFolders(ofPackages names: some Sequence<String>) -> [String] {
    let folders = Set(names.compactMap(toolFolder(ofPackage:)))
    return folders.sorted { $0.release.lexicographicallyPrecedes($1.release) }.reversed().map(\.path)
}

private struct ToolFolder: Hashable {
    let path: String
    let release: [Int]
}

private func toolFolder(ofPackage name: String) -> ToolFolder? {
    for (prefix, suffix, tool) in [("golang-", "-go", "go"), ("rustc-", "", "rust"), ("cargo-", "", "rust")]
    where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
        let text = name.dropFirst(prefix.count).dropLast(suffix.count)
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let release = parts.compactMap { Int($0) }
        if release.count == parts.count { return ToolFolder(path: "/usr/lib/\(tool)-\(text)/bin", release: release) }
    }
    return nil
}
