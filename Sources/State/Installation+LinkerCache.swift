//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers

extension Installation {
    /// Does what `ldconfig` does: finds the libraries of the linker's directories, makes the links from their sonames
    /// that are missing, and writes `/etc/ld.so.cache`.
    mutating func writeLinkerCache() throws(StateError) {
        guard let generator = try cacheGenerator() else { return }
        var objects: [EntryPath: SharedObject] = [:]
        for package in input.packages {
            for member in package.fragment.members { objects[member.entry.path] = member.sharedObject }
        }
        var libraries: [LinkerCache.Library] = []
        var seen: Set<EntryPath> = []
        for directory in try linkerDirectories() {
            guard let place = shell.tree.place(of: directory)?.path, seen.insert(place).inserted else { continue }
            libraries += scan(directory, capability: nil, objects)
            let capabilities = directory + "/glibc-hwcaps"
            guard let nested = shell.tree.place(of: capabilities), shell.tree.node(at: capabilities) != nil else {
                continue
            }
            for entry in shell.tree.entries(of: nested) {
                let name = String(decoding: entry.name, as: UTF8.self)
                libraries += scan(capabilities + "/" + name, capability: entry.name, objects)
            }
        }
        shell.tree.write("/etc/ld.so.cache", LinkerCache.encode(libraries, generator: generator))
    }

    /// The text by which glibc's `ldconfig` names itself, from the C library; nil when there is none.
    private func cacheGenerator() throws(StateError) -> [UInt8]? {
        let candidates = input.packages.lazy.flatMap(\.fragment.members).filter {
            $0.entry.path.name == Array("libc.so.6".utf8)
        }
        guard let member = candidates.first, let node = shell.tree.node(at: "/" + member.entry.path.description) else {
            return nil
        }
        let content = try shell.tree.content(of: node)
        let banner = Array("GNU C Library (".utf8)
        guard let start = content.firstRange(of: banner)?.lowerBound else { return nil }
        let text = content[(start + banner.count - 1)...].prefix { $0 != 0x0A && $0 != 0 }
        return Array("ldconfig ".utf8) + (text.last == UInt8(ascii: ".") ? text.dropLast() : text)
    }

    /// The directories of `/etc/ld.so.conf` and what it includes, then the built-in ones.
    private func linkerDirectories() throws(StateError) -> [String] {
        var directories: [String] = []
        for line in lines(try shell.tree.read("/etc/ld.so.conf") ?? []) {
            let words = String(decoding: line.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self).split {
                $0 == " " || $0 == "\t"
            }
            guard words.first == "include" else {
                directories += words.map(String.init)
                continue
            }
            for pattern in words.dropFirst() {
                guard let slash = pattern.lastIndex(of: "/"),
                    let parent = shell.tree.place(of: String(pattern[..<slash]))
                else { continue }
                let name = Array(pattern[pattern.index(after: slash)...].utf8)
                for file in shell.tree.entries(of: parent) where ShellPattern.matches(file.name, name) {
                    for line in lines(try shell.tree.read("/" + file.description) ?? []) {
                        let text = String(decoding: line.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self)
                        directories += text.split { $0 == " " || $0 == "\t" }.map(String.init)
                    }
                }
            }
        }
        return directories + ["/lib", "/usr/lib"].filter { shell.tree.node(at: $0) != nil }
    }

    private struct Candidate {
        var soname: [UInt8]
        var name: [UInt8]
        var isLink: Bool
        var flags: UInt32
    }

    /// The libraries of one directory (`search_dir` of glibc's `ldconfig.c`).
    private mutating func scan(
        _ directory: String, capability: [UInt8]?, _ objects: [EntryPath: SharedObject]
    ) -> [LinkerCache.Library] {
        guard let place = shell.tree.place(of: directory), shell.tree.node(at: directory)?.isDirectory == true else {
            return []
        }
        var found: [Candidate] = []
        var indices: [[UInt8]: Int] = [:]
        for entry in shell.tree.entries(of: place) {
            let name = entry.name
            guard name.starts(with: "lib".utf8) || name.starts(with: "ld-".utf8),
                name.firstRange(of: Array(".so".utf8)) != nil,
                let node = shell.tree[entry], let target = shell.tree.node(at: "/" + entry.description),
                case .packaged(let origin, size: _) = target.content, let object = objects[origin],
                let flags = LinkerCache.flags(object)
            else { continue }
            var candidate = Candidate(
                soname: object.soname.map { Array($0.utf8) } ?? name, name: name, isLink: node.isSymlink, flags: flags)
            if candidate.isLink, name != candidate.soname {
                // The link for the link editor, libfoo.so for libfoo.so.1, stands for itself; others are files.
                candidate.isLink = name.suffix(3).elementsEqual(".so".utf8) && candidate.soname.starts(with: name)
            }
            if candidate.isLink { candidate.soname = name }
            guard let index = indices[candidate.soname] else {
                indices[candidate.soname] = found.count
                found.append(candidate)
                continue
            }
            let known = found[index]
            if (!candidate.isLink && known.isLink)
                || (candidate.isLink == known.isLink && LinkerCache.compare(known.name, name) < 0)
            {
                found[index] = candidate
            }
        }
        let prefix = Array(directory.utf8) + [UInt8(ascii: "/")]
        return found.map { candidate in
            if capability == nil, !candidate.isLink, candidate.soname != candidate.name {
                makeLink(directory, candidate)
            }
            let file = capability == nil ? candidate.soname : candidate.name
            return LinkerCache.Library(
                soname: candidate.soname, path: prefix + file, flags: candidate.flags, capability: capability)
        }
    }

    /// Makes the link from a soname to its file unless it already leads there.
    private mutating func makeLink(_ directory: String, _ candidate: Candidate) {
        let link = directory + "/" + String(decoding: candidate.soname, as: UTF8.self)
        let file = directory + "/" + String(decoding: candidate.name, as: UTF8.self)
        if shell.tree.node(at: link) != nil, shell.tree.place(of: link) == shell.tree.place(of: file) { return }
        if let node = shell.tree.node(at: link, followingLast: false), !node.isSymlink { return }
        shell.tree.symlink(link, to: String(decoding: candidate.name, as: UTF8.self))
    }
}

extension [UInt8] {
    /// Where `pattern` first stands.
    func firstRange(of pattern: [UInt8]) -> Range<Int>? {
        guard let first = pattern.first, count >= pattern.count else { return nil }
        var start = startIndex
        while let candidate = self[start...].firstIndex(of: first), candidate + pattern.count <= endIndex {
            if self[candidate..<(candidate + pattern.count)].elementsEqual(pattern) {
                return candidate..<(candidate + pattern.count)
            }
            start = candidate + 1
        }
        return nil
    }
}
