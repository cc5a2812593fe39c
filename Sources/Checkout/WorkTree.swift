//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The work tree of git that a directory belongs to (gitrepository-layout(5)).
struct WorkTree {
    /// Its top, as a canonical path.
    let top: String
    /// The directory with its index: `.git`, or a linked work tree's own.
    let directory: String
    /// The directory with what all work trees of the repository share.
    let commonDirectory: String
    /// The path from the top to the directory that was asked for, with a slash at its end; empty at the top.
    let prefix: [UInt8]

    /// The work tree of the directory with the canonical path `root`; nil outside of one.
    init?(of root: String) {
        let components = root.split(separator: "/")
        let tops = (0...components.count).reversed().lazy.map { "/" + components.prefix($0).joined(separator: "/") }
        guard let top = tops.first(where: { access($0 + "/.git", F_OK) == 0 }) else { return nil }
        self.top = top
        prefix = components.dropFirst(top.split(separator: "/").count).flatMap { Array("\($0)/".utf8) }
        let metadata = "\(top)/.git"
        // In a linked work tree and in a submodule, `.git` is a file that names the directory.
        if let link = Self.firstLine(of: metadata) {
            guard link.hasPrefix("gitdir: ") else { return nil }
            directory = Self.resolve(String(link.dropFirst("gitdir: ".count)), in: top)
        } else {
            directory = metadata
        }
        commonDirectory =
            Self.firstLine(of: "\(directory)/commondir").map { [directory] in Self.resolve($0, in: directory) }
            ?? directory
    }

    /// The files that git tracks below the directory; nil where its index cannot be used.
    func index() -> GitIndex? {
        let configuration = (try? readFile(at: AT_FDCWD, "\(commonDirectory)/config", options: 0, limit: 1 << 20)) ?? []
        let text = String(decoding: configuration, as: UTF8.self).lowercased().filter { !$0.isWhitespace }
        return GitIndex(
            in: directory, usesSHA256: text.utf8.count > 0 && text.contains("objectformat=sha256"), prefix: prefix)
    }

    private static func firstLine(of file: String) -> String? {
        guard let bytes = try? readFile(at: AT_FDCWD, file, options: 0, limit: 1 << 16) else { return nil }
        return String(validating: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    private static func resolve(_ path: String, in directory: String) -> String {
        path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }
}
