//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import JSON
import YAML

/// The packages that a Node project joins into one, and the tool that runs their tasks.
struct NodeWorkspace {
    /// The manifests of the members, by their folders.
    private(set) var members: [NodeManifest] = []
    /// The tool that runs a script in all of them: `turbo`, `nx`, `lerna`; nil for the package manager itself.
    private(set) var runner: (name: String, evidence: Evidence)?

    /// Reads what names members, and reports them.
    init(_ manifest: NodeManifest, _ manager: String, _ project: inout ProjectFindings) {
        let repository = project.repository
        let directory = manifest.directory
        let sources = memberSources(manifest, manager, repository)
        var seen: Set<String> = []
        for source in sources {
            for file in NodeManifest.names.flatMap({ repository.files(named: $0) }) {
                guard let folder = relative(file.directory, to: directory), !folder.isEmpty, !isInstalled(file.path),
                    let line = source.patterns.line(naming: folder), seen.insert(file.directory).inserted,
                    seen.count <= memberLimit, let member = NodeManifest(file, repository)
                else { continue }
                members.append(member)
                project.member(
                    member.name, in: file.directory, of: source.kind, Evidence(source.path, line: line))
            }
        }
        members.sort { $0.directory < $1.directory }
        readProjects(in: directory, &seen, &project)
        for (file, name) in taskRunners
        where runner == nil && repository.contains(joinPath(directory, file)) && manifest.depends(on: name) {
            runner = (name, Evidence(joinPath(directory, file)))
        }
    }

    /// The command that runs a script in all members.
    func run(_ script: String, _ manager: PackageManager) -> String {
        switch runner?.name {
        case "turbo": manager.execute("turbo run \(script)")
        case "nx": manager.execute("nx run-many -t \(script)")
        case "lerna": manager.execute("lerna run \(script)")
        default: manager.runEverywhere(script)
        }
    }

    /// Projects of [Nx](https://nx.dev/reference/project-configuration) without a manifest of their own.
    private func readProjects(in directory: String, _ seen: inout Set<String>, _ project: inout ProjectFindings) {
        let repository = project.repository
        guard repository.contains(joinPath(directory, "nx.json")) else { return }
        for file in repository.files(named: "project.json").prefix(memberLimit) {
            guard let folder = relative(file.directory, to: directory), !folder.isEmpty, !isInstalled(file.path),
                seen.insert(file.directory).inserted, let root = repository.json(file.path),
                root["targets"] != nil || root["sourceRoot"] != nil || root["projectType"] != nil
            else { continue }
            project.member(root["name"]?.string, in: file.directory, of: "nx", Evidence(file.path))
        }
    }
}

/// Where members are named.
private struct MemberSource {
    let kind: String
    let path: String
    var patterns = WorkspacePatterns()
}

/// What names members: the package manager's own list, or that of a tool above it.
private func memberSources(_ manifest: NodeManifest, _ manager: String, _ repository: Repository) -> [MemberSource] {
    var sources: [MemberSource] = []
    func add(_ kind: String, _ path: String, _ patterns: [(text: String?, line: Int)]) {
        var source = MemberSource(kind: kind, path: path)
        for pattern in patterns { if let text = pattern.text { source.patterns.add(text, line: pattern.line) } }
        if !source.patterns.isEmpty { sources.append(source) }
    }
    func path(_ name: String) -> String { joinPath(manifest.directory, name) }

    let pnpm = path("pnpm-workspace.yaml")
    if repository.contains(pnpm) {
        add("pnpm", pnpm, (repository.yaml(pnpm)?["packages"]?.sequence ?? []).map { ($0.string, $0.line) })
    }
    let list = manifest.root["workspaces"].flatMap { $0.array ?? $0["packages"]?.array } ?? []
    if sources.isEmpty { add(manager, manifest.path, list.map { ($0.string, $0.line) }) }
    let lerna = path("lerna.json")
    if sources.isEmpty, repository.contains(lerna), let root = repository.json(lerna) {
        add("lerna", lerna, (root["packages"]?.array ?? []).map { ($0.string, $0.line) })
        if sources.isEmpty { add("lerna", lerna, [("packages/*", 1)]) }
    }
    let moon = path(".moon/workspace.yml")
    if sources.isEmpty, repository.contains(moon), let projects = repository.yaml(moon)?["projects"] {
        let globs = projects.sequence ?? projects["globs"]?.sequence ?? []
        let named = (projects["sources"] ?? projects).mapping?.map(\.value) ?? []
        add("moon", moon, (globs + named).map { ($0.string, $0.line) })
    }
    return sources
}

/// The part of `path` below `directory`; nil where it is elsewhere.
func relative(_ path: String, to directory: String) -> String? {
    if directory.isEmpty || path == directory { return directory.isEmpty ? path : "" }
    return path.hasPrefix(directory + "/") ? String(path.dropFirst(directory.count + 1)) : nil
}

private func isInstalled(_ path: String) -> Bool {
    path.split(separator: "/").contains { $0 == "node_modules" || $0 == "bower_components" }
}

private let taskRunners = [
    ("turbo.json", "turbo"), ("turbo.jsonc", "turbo"), ("nx.json", "nx"), ("lerna.json", "lerna"),
]
private let memberLimit = 1_000
