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

    let sources = [
        DetectorSource(".nvmrc", "version of node", kind: .pin),
        DetectorSource(".node-version", "version of node", kind: .pin),
        DetectorSource(".bun-version", "version of bun", kind: .pin),
        DetectorSource("package.json", "volta, packageManager", kind: .pin),
        DetectorSource(".npmrc", "use-node-version; names of variables", kind: .pin),
        DetectorSource("package.json", "devEngines, engines", kind: .range),
        DetectorSource("package.json", "scripts, dependencies, workspaces"),
        DetectorSource(".n-node-version", "version of node", kind: .pin),
        DetectorSource("pnpm-workspace.yaml", "members; useNodeVersion"),
        DetectorSource("pnpm-lock.yaml", "packages; version of pnpm", kind: .lock),
        DetectorSource("bun.lock", "packages", kind: .lock),
        DetectorSource("yarn.lock", "packages; version of yarn", kind: .lock),
        DetectorSource("package-lock.json", "packages; version of npm", kind: .lock),
        DetectorSource("npm-shrinkwrap.json", "packages; version of npm", kind: .lock),
        DetectorSource("lerna.json", "members"), DetectorSource("rush.json", "members; version of node", kind: .range),
        DetectorSource("nx.json", "tasks of members"), DetectorSource("turbo.json", "tasks of members"),
        DetectorSource(".moon/workspace.yml", "members"),
    ]

    func findings(in repository: Repository) -> [Finding] {
        let files = NodeManifest.names.flatMap { repository.manifests(named: $0) }.filter { $0.depth <= 2 }
            .sorted { $0.isNearer(than: $1) }
        var project = ProjectFindings(repository)
        var members: Set<String> = []
        var projects: [String] = []
        readRush(&project, &members)
        for file in files where !members.contains(file.directory) && !projects.contains(file.directory) {
            // What lies below a project and is none of its members is deeper than one folder only in its own right.
            guard projects.count < projectLimit, file.depth <= 1 || projects.isEmpty,
                let manifest = NodeManifest(file, repository), manifest.isProject(repository)
            else { continue }
            projects.append(file.directory)
            let workspace = read(
                manifest, isPartOfAnother: projects.first == "" || rootManifests.contains(where: repository.contains),
                &project)
            members.formUnion(workspace.members.map(\.directory))
        }
        return project.findings
    }

    /// - Parameter isPartOfAnother: Whether the commands of the repository are those of a project above it.
    private func read(_ manifest: NodeManifest, isPartOfAnother: Bool, _ project: inout ProjectFindings)
        -> NodeWorkspace
    {
        let repository = project.repository
        let directory = manifest.directory
        project.language("node", Evidence(manifest.path))
        project.nodeVersions(manifest)
        let manager = PackageManager(manifest, repository)
        let workspace = NodeWorkspace(manifest, manager.name, &project)
        readTypeScript(manifest, workspace, &project)
        readManagers(manifest, manager, &project)
        let isNative = project.nodeSources(in: directory)
        project.dependency(
            manager.name, .project(backend: nil, isNative: isNative), in: directory, Evidence(manifest.path))
        if let lockfile = manager.lockfile {
            project.dependency(manager.name, .lockfile(lockfile), in: directory, Evidence(lockfile))
        }
        if directory.isEmpty || !isPartOfAnother {
            project.task("install", manager.install, .inferred, in: directory, manager.evidence)
            project.nodeTasks(
                manifest, manager, workspace, standing: servesAnother(directory, repository) ? .inferred : .declared)
        }
        project.nodePrograms(manifest)
        project.nodeVariables(in: directory)
        project.nodeNeeds([manifest] + workspace.members, lockfile: manager.lockfile)
        return workspace
    }

    /// Whether a manifest is for the scripts and styles of an application in another language.
    private func servesAnother(_ directory: String, _ repository: Repository) -> Bool {
        let rails = joinPath(directory, "config/application.rb")
        if repository.contains(joinPath(directory, "Gemfile")), repository.contains(rails) { return true }
        return repository.json(joinPath(directory, "composer.json"))?["require"] != nil
    }

    /// A repository of [Rush](https://rushjs.io/pages/configs/rush_json/), which has no manifest at its root and brings
    /// its package manager itself.
    private func readRush(_ project: inout ProjectFindings, _ members: inout Set<String>) {
        let path = "rush.json"
        guard project.repository.contains(path), let root = project.repository.json(path) else { return }
        let evidence = Evidence(path)
        project.language("node", evidence)
        if let node = root["nodeSupportedVersionRange"], let range = node.string {
            project.toolchain("node", .range, range, Evidence(path, line: node.line))
        }
        for tool in ["pnpm", "yarn", "npm"] {
            guard let node = root["\(tool)Version"], let version = node.string else { continue }
            let lockfiles = ["common/config/rush/pnpm-lock.yaml", "common/config/rush/yarn.lock"]
            project.packageManager(
                tool, version: version, lockfile: lockfiles.first(where: project.repository.contains),
                Evidence(path, line: node.line))
        }
        var manifests: [NodeManifest] = []
        for entry in (root["projects"]?.array ?? []).prefix(1_000) {
            guard let folder = entry["projectFolder"]?.string, members.insert(joinPath("", folder)).inserted else {
                continue
            }
            let line = entry["projectFolder"]?.line
            project.member(
                entry["packageName"]?.string, in: joinPath("", folder), of: "rush", Evidence(path, line: line))
            if let manifest = NodeManifest(in: joinPath("", folder), project.repository) { manifests.append(manifest) }
        }
        let rush = "node common/scripts/install-run-rush.js"
        for task in ["install", "build"] { project.task(task, "\(rush) \(task)", .inferred, evidence) }
        if manifests.contains(where: { $0.script("test") != nil }) {
            project.task("test", "\(rush) test", .inferred, evidence)
        }
        let lockfile = "common/config/rush/pnpm-lock.yaml"
        project.nodeNeeds(manifests, lockfile: project.repository.contains(lockfile) ? lockfile : nil)
    }

    /// The package manager, others whose lockfiles are there too, and constraints on them.
    private func readManagers(_ manifest: NodeManifest, _ manager: PackageManager, _ project: inout ProjectFindings) {
        let directory = manifest.directory
        project.packageManager(
            manager.name, version: manager.version, lockfile: manager.lockfile, in: directory, manager.evidence)
        for other in manager.others {
            project.packageManager(other.manager, lockfile: other.lockfile, in: directory, Evidence(other.lockfile))
        }
        if let version = manager.version, manager.isPinned {
            project.toolchain(manager.name, .pin, version, manager.evidence)
        }
        for tool in ["npm", "pnpm", "yarn"] {
            guard let node = manifest.root["engines"]?[tool], let range = node.string, isRange(range) else { continue }
            project.toolchain(tool, .range, range, manifest.evidence(node))
        }
        // The binary lockfile does not tell the release.
        if manager.name == "bun", manager.version == nil { project.toolchain("bun", .hint, "", manager.evidence) }
        if let version = manager.version, !manager.isPinned, manager.name != "npm", let lockfile = manager.lockfile,
            manifest.root["engines"]?[manager.name]?.string != version
        {
            project.toolchain(manager.name, .lock, version, Evidence(lockfile))
        }
    }

    /// TypeScript is a language of its own, which its compiler's settings or its sources show.
    private func readTypeScript(
        _ manifest: NodeManifest, _ workspace: NodeWorkspace, _ project: inout ProjectFindings
    ) {
        let repository = project.repository
        let folders = [manifest.directory] + workspace.members.map(\.directory)
        if let path = folders.map({ joinPath($0, "tsconfig.json") }).first(where: repository.contains) {
            return project.language("typescript", Evidence(path))
        }
        let source = ["ts", "tsx", "mts"].lazy.flatMap { repository.files(withExtension: $0) }.first { file in
            // Declarations accompany JavaScript too; Qt's translations are XML.
            !file.name.hasSuffix(".d.ts") && !repository.isSecondary(file.path)
                && relative(file.directory, to: manifest.directory) != nil
                && repository.bytes(file.path)?.first { $0 > 0x20 } != UInt8(ascii: "<")
        }
        if let source { project.language("typescript", Evidence(source.path)) }
    }
}

private let rootManifests = [
    "go.mod", "go.work", "Cargo.toml", "pyproject.toml", "setup.py", "requirements.txt", "pom.xml", "build.gradle",
    "build.gradle.kts", "Gemfile", "composer.json", "mix.exs", "CMakeLists.txt", "meson.build", "configure.ac",
    "Package.swift",
]
private let projectLimit = 20
