//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import JSON
import Versions

/// Reads OCaml's packages and projects: `*.opam` and their locked forms, `dune-project`, `esy.json`.
struct OCamlDetector: Detector {
    let name = "ocaml"
    let summary = "*.opam, dune-project, .ocamlformat, esy.json"

    var sources: [DetectorSource] {
        [
            DetectorSource("*.opam.locked", "version of ocaml", kind: .lock),
            DetectorSource("*.opam", "versions of ocaml and dune", kind: .range),
            DetectorSource("*.opam", "system packages by depexts and conf packages, packages, tasks"),
            DetectorSource("dune-project", "versions of dune and ocaml", kind: .range),
            DetectorSource("dune, discover.ml", "libraries and pkg-config modules of C stubs"),
            DetectorSource("esy.json, package.json", "version of ocaml", kind: .range),
            DetectorSource(".ocamlformat", "version of ocamlformat", kind: .pin),
        ]
    }

    func findings(in repository: Repository) -> [Finding] {
        var project = ProjectFindings(repository)
        let opams = repository.packages(withExtension: "opam") + repository.manifests(named: "opam")
        let dune = repository.manifests(named: "dune-project").first
        guard let first = dune ?? opams.first ?? repository.manifests(named: "esy.json").first else {
            readBareProject(&project)
            return project.findings
        }
        project.language("ocaml", Evidence(first.path))
        for file in repository.packages(withExtension: "locked") where file.name.hasSuffix(".opam.locked") {
            readLocked(file, &project)
        }
        for file in opams { readOpam(file, &project) }
        if let dune { readDune(dune, hasOpam: !opams.isEmpty, &project) }
        readEsy(&project)
        if let file = opams.first ?? dune { addManager(file, hasOpam: !opams.isEmpty, &project) }
        // Where nothing speaks of a version, any will do.
        if !project.findings.contains(where: { if case .toolchain(let it) = $0 { it.tool == "ocaml" } else { false } })
        {
            project.toolchain("ocaml", .hint, "", Evidence(first.path))
        }
        for finding in stubLibraries(repository) { project.add(finding) }
        addTasks(first: first, dune: dune, opam: opams.first, &project)
        project.readFormat()
        return project.findings
    }

    /// A project that a makefile or a script builds: a library with a description for findlib, or calls of the compiler.
    private func readBareProject(_ project: inout ProjectFindings) {
        let repository = project.repository
        guard let source = repository.packages(withExtension: "ml").first else { return }
        let marks = ["META", "META.in", "_oasis", "_tags", "OMakefile", "myocamlbuild.ml"].flatMap {
            repository.manifests(named: $0)
        }
        let makefile = MakeRules(in: "", of: repository)?.path
        let callsCompiler = makefile.map { path in
            repository.lines(path).contains {
                $0.contains("ocamlopt") || $0.contains("ocamlfind") || $0.contains("ocamlc")
            }
        }
        guard let place = marks.first?.path ?? (callsCompiler == true ? makefile : nil) else { return }
        project.language("ocaml", Evidence(source.path))
        project.toolchain("ocaml", .hint, "", Evidence(place))
        for finding in stubLibraries(repository) { project.add(finding) }
    }

    /// What `opam lock` recorded.
    private func readLocked(_ file: CheckoutFile, _ project: inout ProjectFindings) {
        let opam = OpamFile(project.repository.text(file.path) ?? "")
        for item in opam["depends"]?.items ?? [] where item.string == "ocaml" || item.string == "ocaml-base-compiler" {
            guard !item.constraint.isEmpty else { continue }
            project.toolchain("ocaml", .lock, item.constraint, Evidence(file.path, line: item.line))
        }
    }

    private func readOpam(_ file: CheckoutFile, _ project: inout ProjectFindings) {
        let opam = OpamFile(project.repository.text(file.path) ?? "")
        for item in (opam["depends"]?.items ?? []) {
            guard let name = item.string, !item.names("with-doc"), !item.names("with-dev-setup") else { continue }
            let place = Evidence(file.path, line: item.line)
            switch name {
            case "ocaml", "ocaml-base-compiler", "dune":
                let tool = name == "dune" ? "dune" : "ocaml"
                if !item.constraint.isEmpty { project.toolchain(tool, .range, item.constraint, place) }
            case _ where name.hasPrefix("conf-"):
                for package in confPackages[name]?.split(separator: " ") ?? [] {
                    project.system(.package(String(package)), .build, reason: name, place)
                }
                // Most are called like the module that they ask pkg-config for.
                if confPackages[name] == nil {
                    project.system(.pkgConfig(String(name.dropFirst(5))), .build, isOptional: true, place)
                }
            // The compiler's package of the archive brings it along.
            case "ocamlfind": break
            case "ocamlbuild", "menhir", "camlp5", "cppo", "oasis":
                project.system(.program(name), place)
            case _ where name.hasPrefix("base-") || name.hasPrefix("ocaml-"): break
            default:
                if let service = ocamlServices[name] { project.service(service, isSuggestion: true, place) }
                // A package of the repository itself is in no archive.
                if project.repository.files(named: "\(name).opam").isEmpty {
                    let phase: SystemFinding.Phase = item.names("with-test") ? .test : .build
                    project.system(.module(language: "ocaml", name: name), phase, place)
                }
            }
        }
        for group in opam["depexts"]?.items ?? [] { addExternal(group, file, &project) }
    }

    /// `["libgmp-dev"] {os-family = "debian"}`, `["pkg-config"]` for every system, or the older `[["debian"] ["libgmp-dev"]]`.
    private func addExternal(_ group: OpamFile.Item, _ file: CheckoutFile, _ project: inout ProjectFindings) {
        var packages = group.items
        if let systems = group.items.first?.items, !systems.isEmpty {
            guard systems.contains(where: { $0.string == "debian" || $0.string == "ubuntu" }) else { return }
            packages = group.items.dropFirst().flatMap(\.items)
        } else {
            let isForDebian = group.filter.indices.contains { index in
                let token = group.filter[index]
                guard token.isString, ["debian", "ubuntu"].contains(token.text), index > 0 else { return false }
                return group.filter[index - 1].text == "="
            }
            guard isForDebian || group.filter.isEmpty else { return }
        }
        for package in packages {
            guard let name = package.string else { continue }
            project.system(.package(name), reason: "depexts", Evidence(file.path, line: package.line))
        }
    }

    private func readDune(_ file: CheckoutFile, hasOpam: Bool, _ project: inout ProjectFindings) {
        for (index, line) in project.repository.lines(file.path).enumerated() {
            let place = Evidence(file.path, line: index + 1)
            let words = line.split { $0 == " " || $0 == "\t" || $0 == "(" || $0 == ")" }.map(String.init)
            if words.count >= 3, words[0] == "lang", words[1] == "dune" {
                project.toolchain("dune", .range, ">=\(words[2])", place)
            }
            // opam's file is generated from these.
            guard !hasOpam, let start = words.firstIndex(of: "ocaml") else { continue }
            var rest = words[(start + 1)...].drop { $0 == "and" }
            var parts: [String] = []
            while rest.count >= 2, let comparison = rest.popFirst(), let version = rest.popFirst(),
                ["=", ">=", "<=", ">", "<"].contains(comparison), version.first?.isNumber == true
            {
                parts.append(comparison + version)
            }
            if !parts.isEmpty { project.toolchain("ocaml", .range, parts.joined(separator: ", "), place) }
        }
    }

    /// esy's manifest, which has the form of npm's.
    private func readEsy(_ project: inout ProjectFindings) {
        let repository = project.repository
        for name in ["esy.json", "package.json"] {
            guard let file = repository.manifests(named: name).first, let root = repository.json(file.path),
                name == "esy.json" || root["esy"] != nil
            else { continue }
            for key in ["dependencies", "devDependencies"] {
                guard let node = root[key]?["ocaml"], let version = node.string else { continue }
                project.add(
                    .toolchain(
                        ToolchainFinding(
                            tool: "ocaml", kind: .range, constraint: version, dialect: .npm,
                            evidence: Evidence(file.path, line: node.line))))
            }
            let lockfile = ["esy.lock/index.json", "esy.lock.json"].map { joinPath(file.directory, $0) }
                .first(where: repository.contains)
            project.packageManager("esy", lockfile: lockfile, in: file.directory, Evidence(lockfile ?? file.path))
            project.task("install", "esy install", .inferred, in: file.directory, Evidence(file.path))
            project.task("build", "esy build", .inferred, in: file.directory, Evidence(file.path))
        }
    }

    private func addManager(_ file: CheckoutFile, hasOpam: Bool, _ project: inout ProjectFindings) {
        let lockfile = project.repository.files(in: file.directory).first { $0.name.hasSuffix(".opam.locked") }?.path
        guard hasOpam || lockfile != nil else { return }
        project.packageManager("opam", lockfile: lockfile, in: file.directory, Evidence(lockfile ?? file.path))
        project.system(.program("opam"), Evidence(file.path))
        project.task(
            "install", "opam install . --yes --deps-only --with-test\(lockfile == nil ? "" : " --locked")", .inferred,
            in: file.directory, Evidence(file.path))
    }

    private func addTasks(
        first: CheckoutFile, dune: CheckoutFile?, opam: CheckoutFile?, _ project: inout ProjectFindings
    ) {
        if let dune {
            let place = Evidence(dune.path)
            project.system(.program("dune"), place)
            project.task("build", "dune build", .inferred, in: dune.directory, place)
            project.task("test", "dune runtest", .inferred, in: dune.directory, place)
            if project.repository.contains(joinPath(dune.directory, ".ocamlformat")) {
                project.task("lint", "dune build @fmt", .inferred, in: dune.directory, place)
            }
        } else if let opam, project.repository.contains("_oasis") {
            let place = Evidence("_oasis")
            project.task(
                "build", "ocaml setup.ml -configure && ocaml setup.ml -build", .inferred, in: opam.directory, place)
            project.task("test", "ocaml setup.ml -test", .inferred, in: opam.directory, place)
        }
    }
}

extension ProjectFindings {
    fileprivate mutating func readFormat() {
        guard let file = repository.manifests(named: ".ocamlformat").first else { return }
        for (index, line) in repository.lines(file.path).enumerated() {
            let sides = line.split(separator: "=", maxSplits: 1).map(\.trimmingSpaces)
            guard sides.count == 2, sides[0] == "version" else { continue }
            toolchain("ocamlformat", .pin, sides[1], Evidence(file.path, line: index + 1))
        }
    }
}

private let confPackages = DataTable("OCaml/conf-packages.tsv").dictionary
private let ocamlServices = [
    "postgresql": "postgres", "pgx": "postgres", "pgx_lwt": "postgres", "caqti-driver-postgresql": "postgres",
    "pgocaml": "postgres", "mariadb": "mysql", "mysql8": "mysql", "caqti-driver-mariadb": "mysql", "redis": "redis",
    "redis-lwt": "redis", "amqp-client": "rabbitmq",
]
