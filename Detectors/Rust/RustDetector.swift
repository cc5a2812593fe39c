//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import TOML

/// Reads Cargo's manifests and lockfiles, and rustup's toolchain files.
struct RustDetector: Detector {
    let name = "rust"
    let summary = "Cargo.toml, Cargo.lock, rust-toolchain"

    let sources = [
        DetectorSource("rust-toolchain", "version of rust", kind: .pin),
        DetectorSource("rust-toolchain.toml", "version of rust", kind: .pin),
        DetectorSource(".rust-version", "version of rust", kind: .pin),
        DetectorSource("Cargo.toml", "rust-version, edition", kind: .range),
        DetectorSource("clippy.toml", "msrv", kind: .range),
        DetectorSource("Cargo.toml", "dependencies, members"),
        DetectorSource("Cargo.lock", "crates that need libraries of the system"),
        DetectorSource("build.rs", "pkg-config modules"), DetectorSource(".cargo/config.toml", "linkers"),
    ]

    func findings(in repository: Repository) -> [Finding] {
        let files = repository.manifests(named: "Cargo.toml")
        guard let first = files.first else { return [] }
        var project = ProjectFindings(repository)
        let directory = first.directory
        let components = project.rustToolchain(in: directory)
        project.versionFile(".rust-version", tool: "rust", in: directory)

        let manifests = files.prefix(manifestLimit).compactMap { CargoManifest($0, repository) }
        guard let root = manifests.first(where: { $0.path == first.path }) ?? manifests.first else {
            project.language("rust", Evidence(first.path))
            return project.findings
        }
        let members = members(of: root, manifests, &project)
        for manifest in [root] + members where manifest.path == root.path || manifest.package != nil {
            project.language("rust", Evidence(manifest.path))
            project.rustVersions(manifest)
        }
        project.clippyVersion(in: directory)
        project.cargoConfiguration(in: directory)

        let evidence = Evidence(root.path)
        let lockfile = joinPath(directory, "Cargo.lock")
        let isLocked = repository.contains(lockfile)
        project.packageManager("cargo", lockfile: isLocked ? lockfile : nil, in: directory, evidence)
        project.dependency("cargo", .project(backend: nil, isNative: true), in: directory, evidence)
        let packages = ([root] + members).filter { $0.package != nil }
        let needs = CargoNeeds(packages)
        if isLocked, let bytes = repository.largeBytes(lockfile) {
            project.dependency("cargo", .lockfile(lockfile), in: directory, Evidence(lockfile))
            needs.report(CargoLockfile(bytes), at: lockfile, &project)
        } else {
            needs.report(&project)
        }
        needs.reportBuildScripts(&project)
        readOthers(files, besides: packages, &project)
        readTasks(root, packages, isLocked: isLocked, components, &project)
        return project.findings
    }

    /// The members of a workspace: those that patterns name, and those that it depends on by path.
    private func members(
        of root: CargoManifest, _ manifests: [CargoManifest], _ project: inout ProjectFindings
    ) -> [CargoManifest] {
        // Without a workspace, manifests beside each other are projects of one repository.
        guard let workspace = root.root["workspace"] else {
            return root.package == nil ? [] : manifests.filter { $0.directory != root.directory && isNear($0, root) }
        }
        var patterns = WorkspacePatterns()
        for node in workspace["members"]?.array ?? [] {
            if let text = node.string { patterns.add(text, line: node.line) }
        }
        for text in workspace["exclude"]?.strings ?? [] { patterns.add("!" + text, line: workspace.line) }
        var result: [CargoManifest] = []
        for file in project.repository.files(named: "Cargo.toml") {
            guard let folder = relative(file.directory, to: root.directory), !folder.isEmpty,
                let line = patterns.line(naming: folder), result.count < memberLimit,
                var manifest = CargoManifest(file, project.repository)
            else { continue }
            manifest.workspace = workspace
            result.append(manifest)
            project.member(manifest.name, in: file.directory, of: "cargo", Evidence(root.path, line: line))
        }
        // A path to a crate below the root makes it a member too.
        var known = Set(result.map(\.directory) + [root.directory])
        var open = [root] + result
        while let manifest = open.popLast(), result.count < memberLimit {
            for key in ["dependencies", "build-dependencies", "dev-dependencies"] {
                for pair in manifest.root[key]?.table ?? [] {
                    guard let path = pair.value["path"]?.string else { continue }
                    let folder = joinPath(manifest.directory, path)
                    guard known.insert(folder).inserted, relative(folder, to: root.directory) != nil,
                        let file = project.repository.checkout[joinPath(folder, "Cargo.toml")],
                        var member = CargoManifest(file, project.repository)
                    else { continue }
                    member.workspace = workspace
                    result.append(member)
                    open.append(member)
                    project.member(
                        member.name, in: folder, of: "cargo", Evidence(manifest.path, line: pair.value.line))
                }
            }
        }
        return result
    }

    /// Crates on which a package depends by path are built with it.
    private func isNear(_ manifest: CargoManifest, _ root: CargoManifest) -> Bool {
        ["dependencies", "build-dependencies", "dev-dependencies"].contains { key in
            (root.root[key]?.table ?? []).contains { pair in
                pair.value["path"]?.string.map { joinPath(root.directory, $0) == manifest.directory } ?? false
            }
        }
    }

    /// Lockfiles of projects beside the first one.
    private func readOthers(
        _ files: [CheckoutFile], besides packages: [CargoManifest], _ project: inout ProjectFindings
    ) {
        guard let first = files.first else { return }
        let lockfiles = project.repository.manifests(named: "Cargo.lock")
        for lockfile in lockfiles.prefix(20) where lockfile.directory != first.directory {
            guard let file = project.repository.checkout[joinPath(lockfile.directory, "Cargo.toml")],
                let manifest = CargoManifest(file, project.repository),
                let bytes = project.repository.largeBytes(lockfile.path)
            else { continue }
            project.language("rust", Evidence(file.path))
            project.packageManager("cargo", lockfile: lockfile.path, in: file.directory, Evidence(file.path))
            CargoNeeds(manifest.package == nil ? [] : [manifest]).report(
                CargoLockfile(bytes), at: lockfile.path, &project)
        }
    }

    private func readTasks(
        _ root: CargoManifest, _ packages: [CargoManifest], isLocked: Bool, _ components: [String],
        _ project: inout ProjectFindings
    ) {
        let repository = project.repository
        let directory = root.directory
        let evidence = Evidence(root.path)
        let locked = isLocked ? " --locked" : ""
        let workspace = root.root["workspace"]
        // Members that are no default ones are mostly for other systems.
        let scope = workspace != nil && workspace?["default-members"] == nil ? " --workspace" : ""
        project.task("install", "cargo fetch\(locked)", .inferred, in: directory, evidence)
        project.task("build", "cargo build\(locked)", .inferred, in: directory, evidence)
        project.task("test", "cargo test\(scope)", .inferred, in: directory, evidence)
        let clippy = ["clippy.toml", ".clippy.toml"].map { joinPath(directory, $0) }.first(where: repository.contains)
        if components.contains("clippy") || clippy != nil || root.root["lints"] != nil || workspace?["lints"] != nil {
            project.task(
                "lint", "cargo clippy\(scope)", .inferred, in: directory, Evidence(clippy ?? root.path))
        }
        let programs = packages.filter { manifest in
            repository.contains(joinPath(manifest.directory, "src/main.rs")) || manifest.root["bin"] != nil
        }
        if let program = programs.first(where: { $0.path == root.path }) ?? (programs.count == 1 ? programs.first : nil)
        {
            let names = (program.root["bin"]?.array ?? []).compactMap { $0["name"]?.string }
            let hasMain = repository.contains(joinPath(program.directory, "src/main.rs"))
            guard program.package?["default-run"] != nil || names.count + (hasMain && names.isEmpty ? 1 : 0) == 1 else {
                return
            }
            let choice = program.path == root.path ? "" : program.name.map { " -p \(shellQuoted($0))" } ?? ""
            project.task("start", "cargo run --release\(choice)", .inferred, in: directory, Evidence(program.path))
        }
    }
}

private let manifestLimit = 100
private let memberLimit = 500
