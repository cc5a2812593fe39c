//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads Go's modules and workspaces ([Go Modules Reference](https://go.dev/ref/mod)).
struct GoDetector: Detector {
    let name = "go"
    let summary = "go.mod, go.work, .go-version, and C in Go sources"

    let sources = [
        DetectorSource(".go-version", "version of go", kind: .pin),
        DetectorSource("go.work", "version of go, members", kind: .range),
        DetectorSource("go.mod", "version of go, modules", kind: .range),
        DetectorSource("*.go", "C libraries, programs"), DetectorSource("vendor/modules.txt", "vendored modules"),
        DetectorSource(".golangci.yml", "lint"),
    ]

    func findings(in repository: Repository) -> [Finding] {
        let modules = repository.manifests(named: "go.mod")
        var project = ProjectFindings(repository)
        guard let first = modules.first else {
            readWithoutModules(&project)
            return project.findings
        }
        let isWorkspace = repository.contains("go.work")
        let directory = isWorkspace ? "" : first.directory
        project.versionFile(".go-version", tool: "go", in: directory, prefixes: ["go", "v"])
        if isWorkspace { readModule("go.work", &project) }
        for module in modules {
            project.language("go", Evidence(module.path))
            readModule(module.path, &project)
        }
        let members = isWorkspace ? readMembers(&project) : []
        readNativeCode(modules.map(\.directory), &project)
        let evidence = Evidence(isWorkspace ? "go.work" : first.path)
        let sums = ["go.sum", "go.work.sum"].map { joinPath(directory, $0) }.first(where: repository.contains)
        project.packageManager("go", lockfile: sums, in: directory, evidence)
        project.dependency("go", .project(backend: nil, isNative: false), in: directory, Evidence(first.path))
        project.goTasks(
            in: directory, modules: modules.map(\.directory), members: members, isWorkspace: isWorkspace, evidence)
        return project.findings
    }

    /// A repository from before modules: packages below the root that no manifest lists.
    private func readWithoutModules(_ project: inout ProjectFindings) {
        let repository = project.repository
        let hasManifest = ["Gopkg.toml", "glide.yaml", "Godeps/Godeps.json", "vendor/vendor.json"].first(
            where: repository.contains)
        guard
            let path = hasManifest
                ?? repository.files(in: "").first(where: { $0.name.hasSuffix(".go") })?.path
        else { return }
        project.language("go", Evidence(path))
        project.toolchain("go", .hint, "", Evidence(path))
        readNativeCode([""], &project)
    }

    /// The directives `go` (a minimum since Go 1.21) and `toolchain` of a module or workspace, and modules that need C.
    private func readModule(_ path: String, _ project: inout ProjectFindings) {
        var block = ""
        for (index, line) in project.repository.lines(path).enumerated() {
            let sides = line.parts(separatedBy: "//")
            let isIndirect = sides.count > 1 && sides[1].trimmingSpaces.hasPrefix("indirect")
            var words = sides[0].split(whereSeparator: \.isWhitespace).map(String.init)
            let evidence = Evidence(path, line: index + 1)
            if words.last == "(" {
                block = words.first ?? ""
                continue
            }
            if words.first == ")" {
                block = ""
                continue
            }
            let directive = block.isEmpty ? words.first : block
            if block.isEmpty, !words.isEmpty { words.removeFirst() }
            switch directive {
            case "go" where words.count == 1:
                project.toolchain("go", .range, words[0], evidence)
            case "toolchain" where words.count == 1 && words[0] != "default":
                let version = words[0].hasPrefix("go") ? String(words[0].dropFirst(2)) : words[0]
                project.toolchain("go", .hint, String(version.prefix { $0 != "-" }), evidence)
            case "require" where words.count >= 2:
                readRequirement(words[0], version: words[1], isIndirect: isIndirect, evidence, &project)
            default: continue
            }
        }
    }

    /// A module that needs C. One that others need is compiled too, but which of its parts is theirs to say: only the
    /// compiler is sure to be needed.
    private func readRequirement(
        _ module: String, version: String, isIndirect: Bool, _ evidence: Evidence, _ project: inout ProjectFindings
    ) {
        let package = UsedPackage(name: module, version: version, isDirect: !isIndirect, evidence: evidence)
        guard isIndirect else {
            project.needs(of: package, in: moduleNeeds)
            return
        }
        let compilers: [SystemRequirement] = [.package("gcc"), .package("libc6-dev")]
        for (need, isUncertain) in moduleNeeds.needs(of: package) where need.build == compilers && !isUncertain {
            for compiler in compilers {
                project.system(compiler, reason: "\(module) \(version)", evidence)
            }
        }
    }

    /// The modules that a workspace joins ([Workspaces](https://go.dev/ref/mod#workspaces)).
    private func readMembers(_ project: inout ProjectFindings) -> [String] {
        var members: [String] = []
        var isBlock = false
        for (index, line) in project.repository.lines("go.work").enumerated() {
            var words = line.parts(separatedBy: "//")[0].split(whereSeparator: \.isWhitespace).map(String.init)
            if words == ["use", "("] {
                isBlock = true
                continue
            }
            if words.first == ")" { isBlock = false }
            if words.first == "use" { words.removeFirst() } else if !isBlock { continue }
            guard let word = words.first else { continue }
            let folder = joinPath("", word.filter { $0 != "\"" && $0 != "`" })
            guard !folder.hasPrefix(".."), !members.contains(folder) else { continue }
            members.append(folder)
            let name = project.repository.lines(joinPath(folder, "go.mod")).lazy.map { $0.trimmingSpaces }.first {
                $0.hasPrefix("module ")
            }
            project.member(
                name.map { $0.dropFirst(7).filter { $0 != "\"" }.trimmingSpaces }, in: folder, of: "go",
                Evidence("go.work", line: index + 1))
        }
        return members
    }

    /// What sources that import C ask for in the comment above the import
    /// ([cgo](https://pkg.go.dev/cmd/cgo)): pkg-config modules, libraries and headers.
    private func readNativeCode(_ directories: [String], _ project: inout ProjectFindings) {
        let repository = project.repository
        var isReported = false
        for file in repository.files(withExtension: "go").prefix(sourceLimit) where !repository.isSecondary(file.path) {
            guard isForLinux(file.name), let bytes = repository.bytes(file.path), imports(bytes) else { continue }
            let lines = repository.lines(file.path)
            guard let place = lines.firstIndex(where: { $0.trimmingSpaces == "import \"C\"" }), !isExcluded(lines)
            else { continue }
            if !isReported {
                isReported = true
                for package in ["gcc", "libc6-dev"] {
                    project.system(
                        .package(package), reason: "Go sources import C", Evidence(file.path, line: place + 1))
                }
            }
            var depth = 0
            for (index, line) in lines[..<place].enumerated() {
                if line.hasPrefix("#if") { depth += 1 }
                if line.hasPrefix("#endif") { depth -= 1 }
                // What a macro decides is not known.
                if depth > 0 { continue }
                readPreamble(
                    line.drop { $0 == "/" || $0 == "*" || $0.isWhitespace }, Evidence(file.path, line: index + 1),
                    &project)
            }
        }
    }

    private func readPreamble(_ line: Substring, _ evidence: Evidence, _ project: inout ProjectFindings) {
        if line.hasPrefix("#cgo") {
            guard let colon = line.firstIndex(of: ":") else { return }
            // Blanks stand between alternatives, commas between what must hold together; the last word is the verb.
            let conditions = line[..<colon].split(whereSeparator: \.isWhitespace).dropFirst()
            let alternatives = conditions.dropLast()
            let isForOthers = { (alternative: Substring) in
                alternative.split(separator: ",").contains { foreignSystems.contains($0) || $0 == "!linux" }
            }
            if !alternatives.isEmpty, alternatives.allSatisfy(isForOthers) { return }
            let values = line[line.index(after: colon)...].split(whereSeparator: \.isWhitespace).map(String.init)
            if conditions.last == "pkg-config" {
                for value in values where !value.hasPrefix("-") && !value.contains("$") && value.first?.isLetter == true
                {
                    project.system(.pkgConfig(value), evidence)
                }
            } else if conditions.last == "LDFLAGS" {
                for value in values
                where value.hasPrefix("-l") && !standardLibraries.contains(value) && !value.contains("$") {
                    project.system(.library(String(value.dropFirst(2))), evidence)
                }
            }
        } else if line.hasPrefix("#include"), let open = line.firstIndex(of: "<"), let close = line.firstIndex(of: ">"),
            open < close
        {
            let header = String(line[line.index(after: open)..<close])
            if !standardHeaders.contains(header), !header.hasPrefix("sys/"), !header.hasPrefix("linux/"),
                project.repository.files(named: header.split(separator: "/").last.map(String.init) ?? header).isEmpty
            {
                project.system(.header(header), evidence)
            }
        }
    }

    private func imports(_ bytes: [UInt8]) -> Bool {
        let pattern = Array("import \"C\"".utf8)
        guard bytes.count > pattern.count else { return false }
        var index = 0
        while index + pattern.count <= bytes.count {
            guard let hit = bytes[index...].firstIndex(of: pattern[0]) else { return false }
            if bytes[hit...].starts(with: pattern) { return true }
            index = hit + 1
        }
        return false
    }

    /// A file for another system or processor by the end of its name, or for tests of the tool itself.
    private func isForLinux(_ name: String) -> Bool {
        let words = name.dropLast(3).split(separator: "_").dropFirst()
        return !words.contains {
            foreignSystems.contains($0) || ["arm64", "arm", "386", "s390x", "ppc64le", "wasm"].contains($0)
        }
    }

    /// Whether the constraints of the file leave it out of an ordinary build for Linux.
    private func isExcluded(_ lines: [String]) -> Bool {
        for line in lines.prefix(100) {
            if line.hasPrefix("package ") { break }
            if line.hasPrefix("//go:build ") { return !GoBuildConstraint.holds(String(line.dropFirst(11))) }
            // The older form: each line must hold, its words are alternatives, their parts joined by commas.
            if line.hasPrefix("// +build ") || line.hasPrefix("//+build ") {
                let words = line.split(separator: " ").drop { $0.hasPrefix("//") || $0 == "+build" }
                let holds = words.contains { word in
                    word.split(separator: ",").allSatisfy { GoBuildConstraint.holds(String($0)) }
                }
                if !holds, !words.isEmpty { return true }
            }
        }
        return false
    }
}

private let moduleNeeds = PackageNeeds("Go/system-packages.tsv")
private let sourceLimit = 5_000
private let foreignSystems: Set<Substring> = [
    "darwin", "windows", "freebsd", "openbsd", "netbsd", "solaris", "ios", "android", "js",
]
private let standardLibraries: Set<String> = [
    "-lm", "-lpthread", "-ldl", "-lc", "-lrt", "-lutil", "-lresolv", "-lstdc++", "-lgcc",
]
private let standardHeaders: Set<String> = [
    "stdio.h", "stdlib.h", "string.h", "stdint.h", "errno.h", "unistd.h", "limits.h", "stdbool.h", "stddef.h", "time.h",
    "math.h", "signal.h", "fcntl.h", "pthread.h", "assert.h", "ctype.h", "dlfcn.h", "inttypes.h", "locale.h", "poll.h",
    "pwd.h", "grp.h", "sched.h", "setjmp.h", "stdarg.h", "termios.h", "wchar.h", "float.h", "memory.h", "malloc.h",
    "netdb.h",
    "netinet/in.h", "arpa/inet.h", "net/if.h", "ifaddrs.h", "link.h", "mntent.h", "utmp.h", "syslog.h", "pty.h",
    "endian.h",
]
