//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import YAML

/// Reads Haskell's packages and projects: `*.cabal`, `cabal.project`, `stack.yaml`, `package.yaml`.
struct HaskellDetector: Detector {
    let name = "haskell"
    let summary = "*.cabal, cabal.project, stack.yaml, package.yaml"

    var sources: [DetectorSource] {
        [
            DetectorSource("cabal.project", "version of ghc by with-compiler", kind: .pin),
            DetectorSource("stack.yaml", "version of ghc by the snapshot", kind: .pin),
            DetectorSource("*.cabal", "version of ghc by the bounds of base", kind: .range),
            DetectorSource("package.yaml", "version of ghc by the bounds of base", kind: .range),
            DetectorSource("*.cabal", "versions of ghc by tested-with", kind: .hint),
            DetectorSource("*.cabal", "libraries, pkg-config modules, packages, tasks"),
            DetectorSource("cabal.project.freeze, stack.yaml.lock", "package manager"),
        ]
    }

    func findings(in repository: Repository) -> [Finding] {
        var project = ProjectFindings(repository)
        let packages = repository.packages(withExtension: "cabal")
        let hpacks = repository.manifests(named: "package.yaml").filter { repository.isHpack($0.path) }
        let cabalProject = repository.manifests(named: "cabal.project").first
        let stack = repository.manifests(named: "stack.yaml").first
        guard let first = packages.first ?? hpacks.first ?? cabalProject ?? stack else { return [] }
        project.language("haskell", Evidence(first.path))
        if let cabalProject { readProject(cabalProject, &project) }
        if let stack { readStack(stack, &project) }
        // Packages of the archive go with its compiler only.
        let isPinned =
            stack != nil || repository.contains("cabal.project.freeze")
            || project.findings.contains { if case .toolchain = $0 { true } else { false } }
        var executables: [String] = []
        let own = Set(packages.map { String($0.name.dropLast(".cabal".count)) })
        for file in packages { executables += readPackage(file, own: own, takesModules: !isPinned, &project) }
        for file in hpacks where packages.isEmpty {
            executables += readHpack(file, takesModules: !isPinned, &project)
        }
        // Where nothing speaks of a version, any will do.
        if !project.findings.contains(where: { if case .toolchain = $0 { true } else { false } }) {
            project.toolchain("ghc", .hint, "", Evidence(first.path))
        }
        addManagers(first: first, cabalProject: cabalProject, stack: stack, executables, &project)
        if repository.contains(".hlint.yaml") {
            project.system(.program("hlint"), .test, Evidence(".hlint.yaml"))
            project.task("lint", "hlint .", .inferred, Evidence(".hlint.yaml"))
        }
        return project.findings
    }

    /// `cabal.project`: the compiler and the packages that belong together.
    private func readProject(_ file: CheckoutFile, _ project: inout ProjectFindings) {
        let fields = CabalFile(project.repository.lines(file.path))
        for (text, line, _) in fields.values("with-compiler") {
            let name = text.split(separator: "/").last.map(String.init) ?? ""
            let version = name.parts(separatedBy: "ghc-").last ?? ""
            guard version.first?.isNumber == true else { continue }
            project.toolchain("ghc", .pin, version, Evidence(file.path, line: line))
        }
        for (text, line, _) in fields.values("packages", "optional-packages") {
            for pattern in text.split(separator: " ") {
                addMembers(String(pattern), of: "cabal", file, line, &project)
            }
        }
    }

    private func addMembers(
        _ pattern: String, of workspace: String, _ file: CheckoutFile, _ line: Int, _ project: inout ProjectFindings
    ) {
        guard !pattern.contains("://") else { return }
        var parts = pattern.split(separator: "/").filter { $0 != "." }.map(String.init)
        guard !parts.contains("..") else { return }
        if parts.last?.hasSuffix(".cabal") == true { parts.removeLast() }
        guard !parts.isEmpty else { return }
        let folder = joinPath(file.directory, parts.joined(separator: "/"))
        var seen: Set<String> = []
        for manifest in ["*.cabal", "package.yaml"] {
            for path in project.repository.paths(matching: "\(folder)/\(manifest)") {
                let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
                guard seen.insert(directory).inserted else { continue }
                project.member(in: directory, of: workspace, Evidence(file.path, line: line))
            }
        }
    }

    /// `stack.yaml`: the snapshot, which fixes the compiler, and the packages.
    private func readStack(_ file: CheckoutFile, _ project: inout ProjectFindings) {
        guard let root = project.repository.yaml(file.path) else { return }
        for key in ["compiler", "snapshot", "resolver"] {
            guard let node = root[key], let name = node.string ?? node["name"]?.string else { continue }
            // A snapshot of one's own names the one that it goes on from in a file or at a URL.
            let snapshot = name.split(separator: "/").last.map(String.init) ?? name
            guard let release = GHCReleases.release(ofSnapshot: snapshot) else { continue }
            project.toolchain("ghc", .pin, release, Evidence(file.path, line: node.line))
        }
        for node in root["packages"]?.sequence ?? [] {
            if let folder = node.string { addMembers(folder, of: "stack", file, node.line, &project) }
        }
    }

    /// One package; answers the names of its executables.
    private func readPackage(
        _ file: CheckoutFile, own: Set<String>, takesModules: Bool, _ project: inout ProjectFindings
    ) -> [String] {
        let cabal = CabalFile(project.repository.lines(file.path))
        var bounds: Set<String> = []
        for (text, line, section) in cabal.values("build-depends", "setup-depends") {
            let place = Evidence(file.path, line: line)
            let name = String(text.prefix { $0.isLetter || $0.isNumber || $0 == "-" })
            if name == "base", let constraint = GHCReleases.constraint(ofBase: String(text.dropFirst(4))),
                bounds.insert(constraint).inserted
            {
                project.toolchain("ghc", .range, constraint, place)
            }
            guard !own.contains(name) else { continue }
            addNeeds(of: name, section: section, takesModules: takesModules, place, &project)
        }
        for (text, line, _) in cabal.values("tested-with") {
            for version in testedVersions(text) {
                project.toolchain("ghc", .hint, version, Evidence(file.path, line: line))
            }
        }
        for (text, line, section) in cabal.values("pkgconfig-depends") {
            guard let name = text.split(separator: " ").first else { continue }
            project.system(.pkgConfig(String(name)), phase(of: section), Evidence(file.path, line: line))
        }
        for (text, line, section) in cabal.values("extra-libraries", "extra-libraries-static") {
            for name in text.split(separator: " ") {
                project.system(.library(String(name)), phase(of: section), Evidence(file.path, line: line))
            }
        }
        var executables: [String] = []
        for field in cabal.fields where field.section == "executable" && !executables.contains(field.component) {
            executables.append(field.component)
        }
        return executables
    }

    /// hpack's form of a package; answers the names of its executables.
    private func readHpack(
        _ file: CheckoutFile, takesModules: Bool, _ project: inout ProjectFindings
    ) -> [String] {
        guard let root = project.repository.yaml(file.path) else { return [] }
        var parts: [(section: String, node: YAMLNode)] = [("", root)]
        for (key, section) in [("library", "library"), ("executable", "executable")] {
            if let node = root[key] { parts.append((section, node)) }
        }
        for (key, section) in [("executables", "executable"), ("tests", "test-suite"), ("benchmarks", "benchmark")] {
            parts += root[key]?.mapping?.map { (section, $0.value) } ?? []
        }
        for (section, node) in parts {
            let dependencies =
                node["dependencies"]?.sequence?.compactMap { item in
                    (item.string ?? item["name"]?.string).map { ($0, item.line) }
                } ?? node["dependencies"]?.mapping?.compactMap { pair in
                    pair.key.string.map { ("\($0) \(pair.value.string ?? "")", pair.key.line) }
                } ?? []
            for (text, line) in dependencies {
                let name = String(text.prefix { $0.isLetter || $0.isNumber || $0 == "-" })
                let place = Evidence(file.path, line: line)
                if name == "base", let constraint = GHCReleases.constraint(ofBase: String(text.dropFirst(4))) {
                    project.toolchain("ghc", .range, constraint, place)
                }
                addNeeds(of: name, section: section, takesModules: takesModules, place, &project)
            }
            for item in node["extra-libraries"]?.sequence ?? [] {
                guard let name = item.string else { continue }
                project.system(.library(name), phase(of: section), Evidence(file.path, line: item.line))
            }
            for item in node["pkg-config-dependencies"]?.sequence ?? [] {
                guard let name = item.string?.split(separator: " ").first else { continue }
                project.system(.pkgConfig(String(name)), phase(of: section), Evidence(file.path, line: item.line))
            }
        }
        if let node = root["tested-with"] {
            for version in node.strings.flatMap(testedVersions) {
                project.toolchain("ghc", .hint, version, Evidence(file.path, line: node.line))
            }
        }
        return root["executables"]?.mapping?.compactMap(\.key.string) ?? []
    }

    private func addNeeds(
        of name: String, section: String, takesModules: Bool, _ place: Evidence, _ project: inout ProjectFindings
    ) {
        guard !name.isEmpty, section != "benchmark" else { return }
        project.needs(of: name, in: haskellNeeds, place)
        if let service = haskellServices[name] { project.service(service, isSuggestion: true, place) }
        guard takesModules, section != "custom-setup", !GHCReleases.bootPackages.contains(name) else { return }
        project.system(.module(language: "haskell", name: name), phase(of: section), place)
    }

    private func addManagers(
        first: CheckoutFile, cabalProject: CheckoutFile?, stack: CheckoutFile?, _ executables: [String],
        _ project: inout ProjectFindings
    ) {
        let repository = project.repository
        if cabalProject != nil || stack == nil { addCabal(first, cabalProject, executables, &project) }
        if let stack {
            let lockfile = joinPath(stack.directory, "stack.yaml.lock")
            let place = Evidence(stack.path)
            project.packageManager(
                "stack", lockfile: repository.contains(lockfile) ? lockfile : nil, in: stack.directory, place)
            guard cabalProject == nil else { return }
            project.toolchain("stack", .hint, "", place)
            project.task("install", "stack build --test --only-dependencies", .inferred, in: stack.directory, place)
            project.task("build", "stack build", .inferred, in: stack.directory, place)
            project.task("test", "stack test", .inferred, in: stack.directory, place)
            if executables.count == 1 {
                project.task("start", "stack run", .inferred, in: stack.directory, place)
            }
        }
    }

    private func addCabal(
        _ first: CheckoutFile, _ cabalProject: CheckoutFile?, _ executables: [String], _ project: inout ProjectFindings
    ) {
        let main = cabalProject ?? first
        let place = Evidence(main.path)
        let lockfile = joinPath(main.directory, "cabal.project.freeze")
        project.packageManager(
            "cabal", lockfile: project.repository.contains(lockfile) ? lockfile : nil, in: main.directory, place)
        project.system(.program("cabal"), place)
        var generate = ""
        if main.name == "package.yaml" {
            project.system(.program("hpack"), place)
            generate = "hpack && "
        }
        project.task(
            "install", "\(generate)cabal update && cabal build all --enable-tests --only-dependencies", .inferred,
            in: main.directory, place)
        project.task("build", "cabal build all", .inferred, in: main.directory, place)
        project.task("test", "cabal test all", .inferred, in: main.directory, place)
        if executables.count == 1, let name = executables.first, shellQuoted(name) == name, !name.isEmpty {
            project.task("start", "cabal run \(name)", .inferred, in: main.directory, place)
        }
    }

    private func phase(of section: String) -> SystemFinding.Phase {
        section == "test-suite" || section == "benchmark" ? .test : .build
    }

    /// The versions in `GHC == 9.2.8 || == 9.4.*` and `GHC == { 9.2.8, 9.4.7 }`.
    private func testedVersions(_ text: String) -> [String] {
        guard !text.contains(">"), !text.contains("<") else { return [] }
        let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "." && $0 != "*" }
        return words.compactMap { word in
            let version = word.hasSuffix(".*") ? word.dropLast(2) : word
            let isVersion = version.first?.isNumber == true && version.contains(".")
            return isVersion && version.allSatisfy { $0.isNumber || $0 == "." } ? String(version) : nil
        }
    }
}

extension Repository {
    /// Files of the project itself with this ending, nearest to the root first.
    func packages(withExtension ext: String) -> [CheckoutFile] {
        files(withExtension: ext).filter { !isSecondary($0.path) && (!$0.path.hasPrefix(".") || $0.depth == 0) }
    }

    /// Whether a `package.yaml` is hpack's: pnpm's has the same name.
    func isHpack(_ path: String) -> Bool {
        let root = yaml(path)
        let keys = ["library", "executables", "executable", "tests", "ghc-options", "default-extensions"]
        return keys.contains { root?[$0] != nil } || root?["dependencies"]?.sequence != nil
    }
}

private let haskellNeeds = PackageNeeds("Haskell/system-packages.tsv")
private let haskellServices = [
    "postgresql-simple": "postgres", "postgresql-libpq": "postgres", "persistent-postgresql": "postgres",
    "hasql": "postgres", "beam-postgres": "postgres", "mysql-simple": "mysql", "mysql-haskell": "mysql",
    "persistent-mysql": "mysql", "hedis": "redis", "mongoDB": "mongodb", "amqp": "rabbitmq", "hw-kafka-client": "kafka",
    "cql-io": "cassandra", "memcache": "memcached",
]
