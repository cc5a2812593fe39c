//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import JSON
import YAML

extension ProjectFindings {
    /// What a Node project in `directory` says of the versions of Node and of other runtimes, the strongest first.
    mutating func nodeVersions(_ manifest: NodeManifest) {
        let before = findings.count
        let directory = manifest.directory
        for name in [".nvmrc", ".node-version"] { nodeVersionFile(name, in: directory) }
        if !directory.isEmpty { for name in [".nvmrc", ".node-version"] { nodeVersionFile(name, in: "") } }
        versionFile(".bun-version", tool: "bun", in: directory)
        volta(manifest.root, manifest.path, depth: 0)
        configuredNodeVersion(in: directory)
        for runtime in manifest.root["devEngines"]?["runtime"].map({ $0.array ?? [$0] }) ?? [] {
            guard let tool = runtime["name"]?.string, let node = runtime["version"], let version = node.string else {
                continue
            }
            toolchain(tool, .range, version, manifest.evidence(node))
        }
        for tool in ["node", "bun", "deno"] {
            guard let node = manifest.root["engines"]?[tool], let range = node.string, isRange(range) else { continue }
            toolchain(tool, .range, range, manifest.evidence(node))
        }
        nodeVersionFile(".n-node-version", in: directory)
        let isKnown = findings[before...].contains {
            if case .toolchain(let item) = $0 { item.tool == "node" } else { false }
        }
        if !isKnown, directory.isEmpty, let types = manifest.dependencies().first(where: { $0.name == "@types/node" }) {
            let major = types.range.drop { !$0.isNumber }.prefix { $0.isNumber }
            if !major.isEmpty { toolchain("node", .hint, String(major), Evidence(manifest.path, line: types.line)) }
        }
    }

    /// A file with a version or a name that nvm knows ([nvm](https://github.com/nvm-sh/nvm#nvmrc)).
    private mutating func nodeVersionFile(_ name: String, in directory: String) {
        let path = joinPath(directory, name)
        for (index, line) in repository.lines(path).enumerated() {
            let text = line.prefix { $0 != "#" }.trimmingSpaces
            guard !text.isEmpty else { continue }
            let evidence = Evidence(path, line: index + 1)
            guard let version = nodeVersion(text) else {
                return repository.warn(evidence, "`\(text)` is no version of Node")
            }
            return toolchain("node", .pin, version, evidence)
        }
    }

    /// Versions for [Volta](https://docs.volta.sh/advanced/workspaces), which another manifest may add to.
    private mutating func volta(_ root: JSONNode, _ path: String, depth: Int) {
        guard let volta = root["volta"] else { return }
        for tool in ["node", "npm", "pnpm", "yarn"] {
            guard let node = volta[tool], let version = node.string else { continue }
            toolchain(tool, .pin, version, Evidence(path, line: node.line))
        }
        guard let base = volta["extends"]?.string, depth < 5 else { return }
        let basePath = joinPath(parentPath(path), base)
        if basePath != path, let root = repository.json(basePath) { self.volta(root, basePath, depth: depth + 1) }
    }

    /// The version that pnpm runs scripts with: `use-node-version` in `.npmrc`, `useNodeVersion` in
    /// `pnpm-workspace.yaml`.
    private mutating func configuredNodeVersion(in directory: String) {
        let npmrc = joinPath(directory, ".npmrc")
        for (index, line) in repository.lines(npmrc).enumerated() {
            let sides = line.split(separator: "=", maxSplits: 1).map { $0.trimmingSpaces }
            guard sides.count == 2, sides[0] == "use-node-version" else { continue }
            toolchain("node", .pin, sides[1], Evidence(npmrc, line: index + 1))
        }
        let workspace = joinPath(directory, "pnpm-workspace.yaml")
        if repository.contains(workspace), let node = repository.yaml(workspace)?["useNodeVersion"],
            let version = node.string
        {
            toolchain("node", .pin, version, Evidence(workspace, line: node.line))
        }
    }
}

/// Whether `engines` holds a constraint, not words such as `please-use-pnpm`.
func isRange(_ text: String) -> Bool {
    text.contains { $0.isNumber || $0 == "*" } && !text.contains { $0.isLetter && !"vxX".contains($0) && $0 != "-" }
        || text.first?.isNumber == true || text.hasPrefix(">=")
}

/// What a name in a version file asks for: a version, empty for any, nil for none that is known.
private func nodeVersion(_ text: String) -> String? {
    var name = text.lowercased()
    for prefix in ["node-v", "node@", "nodejs@", "node-", "v"] where name.hasPrefix(prefix) {
        name = String(name.dropFirst(prefix.count))
        break
    }
    if name.first?.isNumber == true || name.hasPrefix(">") || name.hasPrefix("^") || name.hasPrefix("~") { return name }
    switch name {
    case "node", "stable", "latest", "current", "*", "system", "default", "unstable": return ""
    // Which line that is changes each year; any that is supported will do.
    case "lts/*", "lts", "--lts", "lts/latest", "lts-latest": return ""
    default:
        let codename = name.hasPrefix("lts/") ? String(name.dropFirst(4)) : name
        return releaseLines[codename]
    }
}

/// The lines with long-term support by their names ([Node.js releases](https://github.com/nodejs/Release)).
private let releaseLines = [
    "argon": "4", "boron": "6", "carbon": "8", "dubnium": "10", "erbium": "12", "fermium": "14", "gallium": "16",
    "hydrogen": "18", "iron": "20", "jod": "22", "krypton": "24",
]
