//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import TOML

/// Reads Cargo's manifests and lockfiles, and rustup's toolchain files
/// ([The Cargo Book](https://doc.rust-lang.org/cargo/reference/manifest.html),
/// [Overrides](https://rust-lang.github.io/rustup/overrides.html)).
struct RustDetector: Detector {
    let name = "rust"
    let summary = "Cargo.toml, Cargo.lock, rust-toolchain"

    func findings(in repository: Repository) -> [Finding] {
        let manifests = repository.manifests(named: "Cargo.toml")
        guard let first = manifests.first else { return [] }
        var project = ProjectFindings(repository)
        readToolchainFile(&project)
        project.versionFile(".rust-version", tool: "rust")
        for manifest in manifests.prefix(manifestLimit) { readManifest(manifest, &project) }
        let lockfiles = repository.manifests(named: "Cargo.lock")
        for lockfile in lockfiles { readLockfile(lockfile.path, &project) }
        if lockfiles.isEmpty {
            for manifest in manifests.prefix(manifestLimit) { readDependencies(manifest.path, &project) }
        }

        let evidence = Evidence(first.path)
        let locked = lockfiles.contains { $0.directory == first.directory }
        project.dependency("cargo", .project(backend: nil, isNative: true), in: first.directory, evidence)
        if locked {
            let path = joinPath(first.directory, "Cargo.lock")
            project.dependency("cargo", .lockfile(path), in: first.directory, Evidence(path))
        }
        project.task("build", "cargo build" + (locked ? " --locked" : ""), .inferred, in: first.directory, evidence)
        let isWorkspace = repository.toml(first.path)?["workspace"] != nil
        project.task(
            "test", "cargo test" + (isWorkspace ? " --workspace" : ""), .inferred, in: first.directory, evidence)
        return project.findings
    }

    /// `rust-toolchain.toml`, or `rust-toolchain` as TOML or as the bare name of a toolchain.
    private func readToolchainFile(_ project: inout ProjectFindings) {
        for path in ["rust-toolchain.toml", "rust-toolchain"] where project.repository.contains(path) {
            let lines = project.repository.lines(path)
            var channel: (name: String, line: Int)?
            if path.hasSuffix(".toml") || lines.contains(where: { $0.trimmingSpaces == "[toolchain]" }) {
                let node = project.repository.toml(path)?["toolchain"]?["channel"]
                channel = node.flatMap { node in node.string.map { ($0, node.line) } }
            } else if let index = lines.firstIndex(where: { !$0.trimmingSpaces.isEmpty }) {
                channel = (lines[index].trimmingSpaces, index + 1)
            }
            guard let channel else { continue }
            // `1.70-x86_64-unknown-linux-gnu` carries the host behind the version.
            let version = channel.name.prefix { $0.isNumber || $0 == "." }
            let text = version.isEmpty ? channel.name : String(version)
            project.toolchain("rust", .pin, text == "stable" ? "" : text, Evidence(path, line: channel.line))
            return
        }
    }

    private func readManifest(_ file: CheckoutFile, _ project: inout ProjectFindings) {
        guard let root = project.repository.toml(file.path) else { return }
        project.language("rust", Evidence(file.path))
        for package in [root["package"], root["workspace"]?["package"]].compactMap({ $0 }) {
            if let node = package["rust-version"], let version = node.string {
                project.toolchain("rust", .range, ">=\(version)", Evidence(file.path, line: node.line))
            } else if let node = package["edition"], let edition = node.string, let version = editionFloors[edition] {
                project.toolchain("rust", .range, ">=\(version)", Evidence(file.path, line: node.line))
            }
        }
    }

    /// Crates that link to C libraries or run programs when they are built.
    private func readLockfile(_ path: String, _ project: inout ProjectFindings) {
        let packages = project.repository.toml(path)?["package"]?.array ?? []
        let names = Set(packages.compactMap { $0["name"]?.string })
        for package in packages {
            guard let name = package["name"]?.string else { continue }
            // A crate that carries the library's sources builds them.
            if let source = sourceCrates[name], names.contains(source) { continue }
            project.needs(
                of: name, in: crateNeeds, version: package["version"]?.string ?? "",
                Evidence(path, line: package["name"]?.line))
        }
    }

    private func readDependencies(_ path: String, _ project: inout ProjectFindings) {
        let root = project.repository.toml(path)
        for key in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for pair in root?[key]?.table ?? [] where pair.value["optional"]?.bool != true {
                project.needs(
                    of: pair.value["package"]?.string ?? pair.key, in: crateNeeds, Evidence(path, line: pair.value.line)
                )
            }
        }
    }
}

private let crateNeeds = PackageNeeds("Rust/system-packages.tsv")
private let sourceCrates = ["openssl-sys": "openssl-src", "luajit-sys": "luajit-src", "mlua-sys": "lua-src"]
private let editionFloors = ["2018": "1.31", "2021": "1.56", "2024": "1.85"]
private let manifestLimit = 100
