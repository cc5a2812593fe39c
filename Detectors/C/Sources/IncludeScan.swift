//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension CSurvey {
    /// Reads which headers of others the project's sources include whatever the configuration: those outside any
    /// `#if` but the guard of a header.
    mutating func readIncludes() {
        ownHeaderFolders = headerFolders()
        let usesSDL1 = [.pkgConfig("sdl"), .program("sdl-config"), .library("SDL")].contains { isNeeded($0) }
        var bytesLeft = 8_000_000
        for file in nearestSources(600) {
            guard bytesLeft > 0, let bytes = repository.bytes(file.path) else { break }
            bytesLeft -= bytes.count
            let isTest = repository.lies(file, below: testFolders)
            for include in unconditionalIncludes(of: bytes, isHeader: headerExtensions.contains(file.fileExtension)) {
                guard !isStandardHeader(include.name), !isOwnHeader(include.name), isHeaderName(include.name) else {
                    continue
                }
                let folder = include.name.split(separator: "/").first.map { String($0).lowercased() } ?? ""
                let stem = String(folder.prefix { $0 != "." })
                // Both generations of SDL spell the headers of their extensions the same.
                let name = usesSDL1 && include.name.hasPrefix("SDL_") ? "SDL/" + include.name : include.name
                need(
                    .header(name), phase: isTest || testPackages.contains(stem) ? .test : .build,
                    isOptional: isTest || declaresNeeds, evidence: Evidence(file.path, line: include.line))
            }
        }
    }

    /// Whether a build system says what the project needs, so that includes only add to it.
    private var declaresNeeds: Bool {
        ["meson.build", "CMakeLists.txt", "configure.ac", "configure.in"].contains { repository.contains(path($0)) }
    }

    /// Reports the languages of the sources, the one with most files first.
    mutating func readLanguages() {
        var counts: [String: (count: Int, first: CheckoutFile)] = [:]
        for (ext, language) in languagesByExtension {
            var first: CheckoutFile?
            var count = 0
            for file in ownFiles(withExtension: ext) where !repository.lies(file, below: testFolders) {
                first = first ?? file
                count += 1
            }
            guard let first else { continue }
            let known = counts[language] ?? (0, first)
            counts[language] = (known.count + count, first.isNearer(than: known.first) ? first : known.first)
        }
        for (language, found) in counts.sorted(by: { (-$0.value.count, $0.key) < (-$1.value.count, $1.key) }) {
            self.language(language, evidence: Evidence(found.first.path))
        }
    }

    /// The project's sources and headers for this system, those nearest to its root first, so many at most.
    private func nearestSources(_ limit: Int) -> ArraySlice<CheckoutFile> {
        let nearestOfEach = (Array(languagesByExtension.keys) + headerExtensions + ["xs"]).flatMap { ext in
            ownFiles(withExtension: ext).lazy.filter { !isForOtherSystem($0.name) }.prefix(limit)
        }
        return nearestOfEach.sorted { $0.isNearer(than: $1) }.prefix(limit)
    }

    /// Whether the project itself has a file that can be included by this name, or a template of one.
    private func isOwnHeader(_ include: String) -> Bool {
        let parts = include.split(separator: "/").map(String.init)
        let name = parts.last ?? include
        let isOwn = ["", ".in", ".cmake", ".ac", ".meson", ".cmakein"].contains { template in
            repository.files(named: name + template).contains { file in
                file.path == include + template || file.path.hasSuffix("/\(include)\(template)")
                    // What is installed as `attr/attributes.h` lies in `include`.
                    || parts.count == 2 && file.path.hasSuffix("include/\(name)\(template)")
            }
        }
        if isOwn || name.hasSuffix(".h") && !repository.files(named: name + "in").isEmpty { return true }
        // `configure` writes `p4est_config.h`.
        if parts.count == 1 { return name.hasSuffix("_config.h") || name.hasSuffix("-config.h") }
        return parts.count == 2 && ownHeaderFolders.contains(parts[0].lowercased())
    }

    /// Names of folders with several headers of the project, in lower case: others in them are made by the build.
    private func headerFolders() -> Set<String> {
        var names: Set<String> = []
        for ext in ["h", "hpp", "hh"] {
            for group in repository.groups(withExtension: ext)
            where group.files.count > 1 && isOwn(group.files[group.files.startIndex]) {
                names.insert(group.parent.name.lowercased())
            }
        }
        return names
    }
}

/// The includes with brackets that no condition surrounds.
private func unconditionalIncludes(of bytes: [UInt8], isHeader: Bool) -> [(name: String, line: Int)] {
    var result: [(name: String, line: Int)] = []
    var depth = 0
    var guardDepth = 0
    var start = 0
    for number in 1...400 where start < bytes.count {
        let line = bytes[start...].prefix { $0 != UInt8(ascii: "\n") }
        start = line.endIndex + 1
        let rest = line.drop { $0 == 0x20 || $0 == 0x09 }
        guard rest.first == UInt8(ascii: "#") else { continue }
        let directive = rest.dropFirst().drop { $0 == 0x20 || $0 == 0x09 }
        if directive.starts(with: "if".utf8) {
            if isHeader, depth == 0, guardDepth == 0, directive.starts(with: "ifndef".utf8) { guardDepth = 1 }
            depth += 1
        } else if directive.starts(with: "endif".utf8) {
            depth = max(depth - 1, 0)
        } else if directive.starts(with: "include".utf8), depth <= guardDepth,
            let open = directive.firstIndex(of: UInt8(ascii: "<")),
            let close = directive[open...].firstIndex(of: UInt8(ascii: ">"))
        {
            result.append((String(decoding: directive[(open + 1)..<close], as: UTF8.self), number))
        }
    }
    return result
}

extension CSurvey {
    /// Whether a file lies directly in a folder for tests.
    func isInTestFolder(_ path: String) -> Bool {
        path.split(separator: "/").dropLast().last.map { testFolders.contains($0) } ?? false
    }

    /// Whether a path lies among the project's tests.
    func isTestPath(_ path: String) -> Bool {
        repository.lies(path, below: testFolders)
    }
}

/// Whether a source's name says that it is for another system, as in `pipe_win32.c`.
private func isForOtherSystem(_ name: String) -> Bool {
    let name = name.lowercased()
    let words = name.utf8.split { byte in
        !(byte >= 0x61 && byte <= 0x7A || byte >= 0x30 && byte <= 0x39 || byte >= 0x80)
    }
    return words.contains { otherSystems.contains(Substring($0)) }
        || ["win32", "windows", "directwrite", "coretext", "quartz"].contains { name.contains($0) }
}

private let otherSystems: Set<Substring> = [
    "win", "w32", "win64", "darwin", "macos", "osx", "mac", "apple", "cocoa", "freebsd", "openbsd", "netbsd",
    "dragonfly", "solaris", "sunos", "aix",
    "haiku", "hpux", "os2", "os390", "os400", "ibmi", "zos", "hurd", "qnx", "vms", "beos", "amiga", "riscos", "cygwin",
    "mingw", "nt", "dos",
    "msdos", "android", "ios", "emscripten", "wasm", "uefi", "kqueue", "port",
]

private let testFolders = FolderNames([
    "test", "tests", "testing", "unittest", "unittests", "unit", "t", "spec", "testsuite", "check",
])

extension CheckoutFile {
    /// The part of the name behind the last dot.
    var fileExtension: String {
        name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? ""
    }
}

private let headerExtensions: Set<String> = ["h", "hh", "hpp", "hxx", "h++", "inl"]

private let languagesByExtension = [
    "c": "c", "cc": "c++", "cpp": "c++", "cxx": "c++", "c++": "c++", "C": "c++", "f": "fortran", "f90": "fortran",
    "F90": "fortran", "f95": "fortran",
    "for": "fortran", "F": "fortran",
]

extension CSurvey {
    /// Whether the project has sources in C, C++ or Fortran.
    var hasSources: Bool {
        languagesByExtension.keys.contains { ext in repository.files(withExtension: ext).contains { isOwn($0) } }
    }

    /// How many sources in C, C++ or Fortran the project has.
    var sourceCount: Int {
        languagesByExtension.keys.reduce(0) { $0 + ownCount(withExtension: $1) }
    }
}
