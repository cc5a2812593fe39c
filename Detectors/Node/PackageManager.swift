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
    /// The version that the manifest names, or a range that the lockfile's format needs.
    private(set) var version: String?
    /// Whether the manifest or a setting names the version.
    private(set) var isPinned = false
    private(set) var lockfile: String?
    /// What shows it.
    private(set) var evidence: Evidence
    /// Lockfiles of other managers, and the names of those.
    private(set) var others: [(manager: String, lockfile: String)] = []
    /// Whether it is yarn 2 or later.
    private(set) var isModernYarn = false

    init(_ manifest: NodeManifest, _ repository: Repository) {
        let root = manifest.root
        let directory = manifest.directory
        // `"npm": "please-use-pnpm"` forbids one.
        func isForbidden(_ tool: String) -> Bool { root["engines"]?[tool]?.string.map { !isRange($0) } ?? false }
        let present = lockfiles.filter { repository.contains(joinPath(directory, $0.file)) }
        evidence = Evidence(manifest.path)
        if let node = root["packageManager"], let text = node.string, !text.isEmpty {
            // `pnpm@10.4.1+sha512.…`
            let parts = text.split(separator: "@", maxSplits: 1)
            name = parts.first.map(String.init) ?? "npm"
            version = parts.count > 1 ? String(parts[1].prefix { $0 != "+" }) : nil
            isPinned = version != nil
            evidence = manifest.evidence(node)
        } else if let entry = root["devEngines"]?["packageManager"],
            let choice = entry.array?.first ?? Optional(entry), let text = choice["name"]?.string
        {
            name = text
            version = choice["version"]?.string
            evidence = manifest.evidence(choice["name"])
        } else if let first = present.first(where: { !isForbidden($0.manager) }) ?? present.first {
            name = first.manager
            evidence = Evidence(joinPath(directory, first.file))
        } else if repository.contains(joinPath(directory, "pnpm-workspace.yaml")) {
            name = "pnpm"
            evidence = Evidence(joinPath(directory, "pnpm-workspace.yaml"))
        } else if repository.contains(joinPath(directory, ".yarnrc.yml")) {
            name = "yarn"
            evidence = Evidence(joinPath(directory, ".yarnrc.yml"))
        } else if repository.contains(joinPath(directory, "bunfig.toml")) {
            name = "bun"
            evidence = Evidence(joinPath(directory, "bunfig.toml"))
        } else if let tool = ["pnpm", "yarn", "bun"].first(where: { root["volta"]?[$0] != nil }) {
            name = tool
            evidence = manifest.evidence(root["volta"]?[tool])
        } else {
            let engines = root["engines"]
            let tool = ["pnpm", "yarn", "bun"].first { tool in
                engines?[tool]?.string.map(isRange) == true && (engines?["npm"] == nil || isForbidden("npm"))
                    && (tool != "bun" || engines?["node"] == nil)
            }
            name = tool ?? "npm"
            if let tool { evidence = manifest.evidence(engines?[tool]) }
        }
        let name = name
        lockfile = present.first { $0.manager == name }.map { joinPath(directory, $0.file) }
        others = present.filter { $0.manager != name }.map { ($0.manager, joinPath(directory, $0.file)) }
        if name == "yarn" { readYarn(directory, repository) }
        readLockfileVersion(repository)
        let engine = root["engines"]?[name]?.string
        if version == nil, let engine, isRange(engine) { version = engine }
    }

    /// Which yarn runs: `.yarnrc.yml` is of version 2 and later, and both kinds of settings may name a release.
    private mutating func readYarn(_ directory: String, _ repository: Repository) {
        let modern = joinPath(directory, ".yarnrc.yml")
        let classic = joinPath(directory, ".yarnrc")
        for path in [modern, classic] where version == nil {
            for (index, line) in repository.lines(path).enumerated()
            where line.hasPrefix("yarnPath:") || line.hasPrefix("yarn-path ") {
                // `.yarn/releases/yarn-4.1.0.cjs`
                let file = line.split(separator: "/").last.map(String.init) ?? ""
                let number = file.drop { !$0.isNumber }.prefix { $0.isNumber || $0 == "." }
                guard number.contains(".") else { continue }
                version = String(number.last == "." ? number.dropLast() : number)
                isPinned = true
                evidence = Evidence(path, line: index + 1)
            }
        }
        if let version, let major = version.split(separator: ".").first { isModernYarn = !major.hasSuffix("1") }
        if version == nil { isModernYarn = repository.contains(modern) }
    }

    /// What the lockfile's format says of the manager's version.
    private mutating func readLockfileVersion(_ repository: Repository) {
        guard let lockfile, let bytes = repository.largeBytes(lockfile) else { return }
        if lockfile.hasSuffix(".lockb") { return }
        var range: String?
        // The version stands among the first lines, but for npm behind the name.
        for line in ByteLines(bytes).prefix(20) {
            let text = line.text
            if name == "pnpm", text.hasPrefix("lockfileVersion:") {
                range = pnpmVersions[text.dropFirst(16).filter { $0.isNumber || $0 == "." }]
            } else if name == "npm", text.hasPrefix("\"lockfileVersion\":") {
                let number = Int(text.filter(\.isNumber)) ?? 1
                if number > 1 { range = ">=7" }
            } else if name == "yarn", text.hasPrefix("# yarn lockfile v1") {
                range = "1"
            } else if name == "yarn", text == "__metadata:" {
                isModernYarn = true
            } else if name == "yarn", line.indent == 2, text.hasPrefix("version:") {
                range = yarnVersions[text.filter(\.isNumber)]
                break
            } else if name == "bun", text.hasPrefix("\"lockfileVersion\":") {
                range = ">=1.1.39"
            }
        }
        if version == nil { version = range }
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
        return "\(name) run \(shellQuoted(script))"
    }

    /// The command that runs a script in all packages of a workspace that have it.
    func runEverywhere(_ script: String) -> String {
        switch name {
        case "pnpm": "pnpm -r run \(script)"
        case "yarn": isModernYarn ? "yarn workspaces foreach -A run \(script)" : "yarn workspaces run \(script)"
        case "bun": "bun run --filter '*' \(script)"
        default: "npm run \(script) --workspaces --if-present"
        }
    }

    /// The command that runs a program of a dependency.
    func execute(_ command: String) -> String {
        switch name {
        case "pnpm": "pnpm exec \(command)"
        case "yarn": "yarn \(command)"
        case "bun": "bunx \(command)"
        default: "npx \(command)"
        }
    }
}

private let lockfiles: [(file: String, manager: String)] = [
    ("pnpm-lock.yaml", "pnpm"), ("bun.lock", "bun"), ("bun.lockb", "bun"), ("yarn.lock", "yarn"),
    ("npm-shrinkwrap.json", "npm"), ("package-lock.json", "npm"),
]
/// The versions of pnpm that write a lockfile's format ([Compatibility](https://pnpm.io/installation)).
private let pnpmVersions = [
    "5.1": "4", "5.2": "5", "5.3": "6", "5.4": "7", "6.0": "8", "6.1": "8", "7.0": "9", "9.0": ">=9",
]
/// The versions of yarn by the version in `__metadata`.
private let yarnVersions = ["4": "2", "5": "3", "6": "3", "7": "4", "8": "4"]
