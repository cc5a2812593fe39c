//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import JSON

/// The package manager of a Node project: the one that the manifest names, else the one whose lockfile is there.
struct PackageManager {
    /// `npm`, `pnpm`, `yarn` or `bun`.
    let name: String
    /// The version that the manifest names.
    private(set) var version: String?
    private(set) var lockfile: String?
    private(set) var evidence: Evidence?
    /// Whether it is yarn 2 or later.
    private var isModernYarn = false

    init(_ root: JSONNode, directory: String, _ repository: Repository) {
        let manifest = joinPath(directory, "package.json")
        let present = lockfiles.first { repository.contains(joinPath(directory, $0.file)) }
        if let node = root["packageManager"], let text = node.string {
            // `pnpm@10.4.1+sha512.…`
            let parts = text.split(separator: "@", maxSplits: 1)
            name = parts.first.map(String.init) ?? "npm"
            version = parts.count > 1 ? String(parts[1].prefix { $0 != "+" }) : nil
            evidence = Evidence(manifest, line: node.line)
        } else if let entry = root["devEngines"]?["packageManager"],
            let text = (entry.array?.first ?? entry)["name"]?.string
        {
            name = text
            evidence = Evidence(manifest, line: entry.line)
        } else if let present {
            name = present.manager
            evidence = Evidence(joinPath(directory, present.file))
        } else {
            name =
                ["pnpm", "yarn", "bun"].first { root["engines"]?[$0] != nil && root["engines"]?["npm"] == nil } ?? "npm"
        }
        let name = name
        lockfile = lockfiles.first { $0.manager == name && repository.contains(joinPath(directory, $0.file)) }
            .map { joinPath(directory, $0.file) }
        if name == "yarn" {
            isModernYarn = repository.contains(joinPath(directory, ".yarnrc.yml")) || version?.hasPrefix("1.") == false
        }
    }

    /// The command that installs the dependencies.
    var install: String {
        let isLocked = lockfile != nil
        return switch name {
        case "pnpm": "pnpm install" + (isLocked ? " --frozen-lockfile" : "")
        case "yarn": "yarn install" + (isLocked ? (isModernYarn ? " --immutable" : " --frozen-lockfile") : "")
        case "bun": "bun install" + (isLocked ? " --frozen-lockfile" : "")
        default: isLocked ? "npm ci" : "npm install"
        }
    }

    /// The command that runs a script of the manifest.
    func run(_ script: String) -> String {
        if script == "test" || script == "start", name != "bun" { return "\(name) \(script)" }
        return "\(name) run \(script)"
    }
}

private let lockfiles: [(file: String, manager: String)] = [
    ("pnpm-lock.yaml", "pnpm"), ("bun.lock", "bun"), ("bun.lockb", "bun"), ("yarn.lock", "yarn"),
    ("package-lock.json", "npm"), ("npm-shrinkwrap.json", "npm"),
]
