//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Store
import SystemPackage

@testable import Sandbox

/// A folder for one test, removed with it.
final class TestFolder: Sendable {
    let path: FilePath

    init() throws {
        let parent = FilePath("/tmp")
        path = parent.appending("fitout-sandbox-tests-" + String(UInt64.random(in: .min ... .max), radix: 36))
        try makeFolder(path, mode: 0o755)
    }

    deinit { try? removeTree(path) }

    func write(_ text: String, to file: String, mode: mode_t = 0o644) throws {
        try makeParents(of: file)
        try writeFile(Array(text.utf8), to: path.appending(file))
        chmod(path.appending(file).string, mode)
    }

    func link(_ file: String, to target: String) throws {
        try makeParents(of: file)
        try makeLink(path.appending(file), to: FilePath(target))
    }

    func read(_ file: String) -> String? { readText(path.appending(file)) }

    /// The names in a folder.
    func names(in folder: FilePath) -> [String] {
        guard let stream = opendir(folder.string) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private func makeParents(of file: String) throws {
        try makeFolders(FilePath(file).removingLastComponent().string, below: path)
    }
}
