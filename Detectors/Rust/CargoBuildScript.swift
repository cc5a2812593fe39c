//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import TOML

/// What a package's own [build script](https://doc.rust-lang.org/cargo/reference/build-scripts.html) asks of the system.
struct CargoBuildScript {
    private let path: String
    private let member: CargoManifest

    init(_ path: String, _ member: CargoManifest) {
        self.path = path
        self.member = member
    }

    /// Reports pkg-config modules, libraries that are linked, and programs that are run.
    func report(_ project: inout ProjectFindings) {
        var findsLibrary = false
        var isOpen = false
        var foreign = 0
        for (index, line) in project.repository.lines(path).enumerated() where line.utf8.count < 10_000 {
            let text = line.trimmingSpaces
            if text.hasPrefix("//") { continue }
            let evidence = Evidence(path, line: index + 1)
            // What follows a test for another system is mostly for that one.
            if ["windows", "macos", "apple", "msvc", "android", "freebsd"].contains(where: {
                text.range(ofText: $0) != nil
            }) {
                foreign = 4
            } else if foreign > 0 {
                foreign = text.hasPrefix("}") && !text.hasPrefix("} else") ? 0 : foreign - 1
            }
            for name in modules(in: text, isOpen: &isOpen) {
                findsLibrary = true
                project.system(.pkgConfig(name), evidence)
                project.system(.package("pkg-config"), evidence)
            }
            if foreign == 0, let name = linkedLibrary(in: text) {
                findsLibrary = true
                project.system(.library(name), evidence)
            }
            if foreign == 0, let place = text.range(ofText: "Command::new(\"") {
                let name = String(text[place...].dropFirst(14).prefix { $0 != "\"" })
                if buildPrograms.contains(name) { project.system(.program(name), evidence) }
            }
            if ["cc::", "cmake::", "autotools::", "link-lib=static"].contains(where: { text.range(ofText: $0) != nil })
            {
                findsLibrary = true
            }
        }
        // `links` names a library; where the script neither looks for it nor builds it, the linker does.
        if !findsLibrary, let links = member.package?["links"], let name = links.string, name.allSatisfy(isPlain),
            !project.repository.lines(path).isEmpty
        {
            project.system(
                .library(name), .build, isOptional: true, reason: "links = \"\(name)\"",
                Evidence(member.path, line: links.line))
        }
    }

    /// The modules that `pkg_config::probe_library("x")` and `.probe("x")` look for, also with the name on the next line.
    private func modules(in text: String, isOpen: inout Bool) -> [String] {
        var names: [String] = []
        func add(_ rest: some StringProtocol) {
            let name = String(rest.prefix { $0 != "\"" })
            // A name with a version or a placeholder is none.
            if !name.isEmpty, !name.contains("{"), !name.contains(" ") { names.append(name) }
        }
        if isOpen, text.hasPrefix("\"") { add(text.dropFirst()) }
        isOpen = text.hasSuffix("probe_library(") || text.hasSuffix(".probe(") || text.hasSuffix("find_library(")
        for call in ["probe_library(\"", ".probe(\"", "pkg_config::find_library(\""] {
            if let place = text.range(ofText: call) { add(text[place...].dropFirst(call.count)) }
        }
        return names
    }

    /// The library in `cargo:rustc-link-lib=dylib=x`, unless it is static or always there.
    private func linkedLibrary(in text: String) -> String? {
        guard let place = text.range(ofText: "rustc-link-lib=") else { return nil }
        var name = text[place...].dropFirst("rustc-link-lib=".count).prefix { $0 != "\"" && $0 != ")" }
        for kind in ["static", "framework"] where name.hasPrefix(kind) { return nil }
        if name.hasPrefix("dylib"), let sign = name.firstIndex(of: "=") { name = name[sign...].dropFirst() }
        guard !name.isEmpty, name.allSatisfy(isPlain), !standardLibraries.contains(String(name)) else { return nil }
        return String(name)
    }

    private func isPlain(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "_-+.".contains(character))
    }
}

private let standardLibraries: Set<String> = [
    "c", "m", "pthread", "dl", "rt", "util", "stdc++", "c++", "gcc", "gcc_s", "gomp", "resolv", "atomic",
]
private let buildPrograms: Set<String> = [
    "protoc", "cmake", "make", "pkg-config", "nasm", "yasm", "python3", "perl", "bison", "flex", "swig", "meson",
    "ninja", "autoreconf", "automake", "node", "npm", "yarn", "pnpm", "glslc", "glslangValidator", "capnp", "flatc",
    "msgfmt", "bpftool", "clang", "git",
]
