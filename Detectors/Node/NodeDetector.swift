//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import JSON

/// Reads Node's manifests, version files and lockfiles
/// ([package.json](https://docs.npmjs.com/cli/configuring-npm/package-json)).
struct NodeDetector: Detector {
    let name = "node"
    let summary = "package.json, .nvmrc, .node-version, lockfiles of npm, pnpm, yarn and bun"

    func findings(in repository: Repository) -> [Finding] {
        let manifests = repository.manifests(named: "package.json")
        guard let first = manifests.first(where: { $0.depth <= 1 && isProject($0.path, repository) }) else { return [] }
        var project = ProjectFindings(repository)
        let directory = first.directory
        project.language("node", Evidence(first.path))
        for folder in Set(["", directory]).sorted() {
            project.versionFile(".nvmrc", tool: "node", in: folder)
            project.versionFile(".node-version", tool: "node", in: folder)
            project.versionFile(".bun-version", tool: "bun", in: folder)
        }
        guard let root = repository.json(first.path) else { return project.findings }
        readEngines(root, first.path, &project)
        let manager = PackageManager(root, directory: directory, repository)
        if let version = manager.version {
            project.toolchain(manager.name, .pin, version, manager.evidence ?? Evidence(first.path))
        }
        project.dependency(manager.name, .project(backend: nil, isNative: false), in: directory, Evidence(first.path))
        if let lockfile = manager.lockfile {
            project.dependency(manager.name, .lockfile(lockfile), in: directory, Evidence(lockfile))
        }
        project.task("install", manager.install, .inferred, in: directory, manager.evidence ?? Evidence(first.path))
        readScripts(root, first, manager, &project)
        readNativePackages(root, first.path, manager, &project)
        return project.findings
    }

    /// Whether a manifest is of a package or an application, not only of tools for formatting and commits.
    private func isProject(_ path: String, _ repository: Repository) -> Bool {
        guard let root = repository.json(path) else { return false }
        if ["dependencies", "peerDependencies", "main", "exports", "bin", "workspaces", "module"].contains(where: {
            root[$0] != nil
        }) {
            return true
        }
        return ["test", "build", "start"].contains { root["scripts"]?[$0]?.string != nil }
    }

    private func readEngines(_ root: JSONNode, _ path: String, _ project: inout ProjectFindings) {
        if let node = root["volta"]?["node"], let version = node.string {
            project.toolchain("node", .pin, version, Evidence(path, line: node.line))
        }
        for runtime in root["devEngines"]?["runtime"].map({ $0.array ?? [$0] }) ?? [] {
            guard let tool = runtime["name"]?.string, let node = runtime["version"], let version = node.string else {
                continue
            }
            project.toolchain(tool, .range, version, Evidence(path, line: node.line))
        }
        for tool in ["node", "bun", "deno"] {
            guard let node = root["engines"]?[tool], let range = node.string else { continue }
            project.toolchain(tool, .range, range, Evidence(path, line: node.line))
        }
    }

    private func readScripts(
        _ root: JSONNode, _ file: CheckoutFile, _ manager: PackageManager, _ project: inout ProjectFindings
    ) {
        for member in root["scripts"]?.object ?? [] {
            guard let command = member.value.string, ["test", "build", "start", "lint"].contains(member.key),
                command.range(ofText: "no test specified") == nil
            else { continue }
            project.task(
                member.key, manager.run(member.key), .declared, in: file.directory,
                Evidence(file.path, line: member.line))
        }
    }

    /// Packages that build against libraries or run programs of the system, direct ones and, where npm's lockfile names
    /// them, those below.
    private func readNativePackages(
        _ root: JSONNode, _ path: String, _ manager: PackageManager, _ project: inout ProjectFindings
    ) {
        var seen: Set<String> = []
        for key in ["dependencies", "devDependencies", "optionalDependencies"] {
            for member in root[key]?.object ?? [] where seen.insert(member.key).inserted {
                project.needs(
                    of: member.key, in: packageNeeds, version: member.value.string ?? "",
                    Evidence(path, line: member.line))
            }
        }
        guard let lockfile = manager.lockfile, lockfile.hasSuffix(".json") else { return }
        for member in project.repository.json(lockfile)?["packages"]?.object ?? [] {
            let name = member.key.parts(separatedBy: "node_modules/").last ?? ""
            guard !name.isEmpty, seen.insert(name).inserted else { continue }
            project.needs(
                of: name, in: packageNeeds, version: member.value["version"]?.string ?? "",
                Evidence(lockfile, line: member.line))
        }
    }
}

private let packageNeeds = PackageNeeds("Node/system-packages.tsv")
