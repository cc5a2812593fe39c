//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import TOML
import YAML

extension VersionManagerSurvey {
    /// Reads pixi's workspace ([pixi.toml](https://pixi.sh/latest/reference/pixi_manifest/)), which may also stand in
    /// `pyproject.toml`.
    mutating func readPixi() {
        let own = repository.contains("pixi.toml") ? repository.toml("pixi.toml") : nil
        let shared = repository.contains("pyproject.toml") ? repository.toml("pyproject.toml")?["tool"]?["pixi"] : nil
        guard let root = own ?? shared else { return }
        let path = own == nil ? "pyproject.toml" : "pixi.toml"
        let version = root["workspace"]?["requires-pixi"] ?? root["project"]?["requires-pixi"]
        project.packageManager(
            "pixi", version: version?.string, lockfile: repository.contains("pixi.lock") ? "pixi.lock" : nil,
            Evidence(path, line: root["workspace"]?.line ?? root["project"]?.line ?? root.line))
        for pair in root["dependencies"]?.table ?? [] {
            let constraint = pair.value["version"]?.string ?? pair.value.string ?? ""
            condaPackage(pair.key, constraint, Evidence(path, line: pair.value.line))
        }
        for feature in root["feature"]?.table ?? [] where ["dev", "test", "build"].contains(feature.key) {
            for pair in feature.value["dependencies"]?.table ?? [] {
                let constraint = pair.value["version"]?.string ?? pair.value.string ?? ""
                condaPackage(pair.key, constraint, Evidence(path, line: pair.value.line))
            }
        }
        if repository.contains("pixi.lock") { condaLock("pixi.lock") }
        for pair in root["activation"]?["env"]?.table ?? [] {
            guard let value = pair.value.string, !value.contains("$") else { continue }
            project.add(
                .variable(VariableFinding(pair.key, value: value, evidence: Evidence(path, line: pair.value.line))))
        }
        let features = (root["feature"]?.table ?? []).compactMap { $0.value["tasks"]?.table }
        for pair in (root["tasks"]?.table ?? []) + features.joined() where commonTasks.contains(pair.key) {
            project.task(pair.key, "pixi run \(pair.key)", .declared, Evidence(path, line: pair.value.line))
        }
        project.task(
            "install", repository.contains("pixi.lock") ? "pixi install --locked" : "pixi install", .inferred,
            Evidence(path))
    }

    /// Reads conda's environment as far as it is about other tools than Python
    /// ([environment.yml](https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html)).
    mutating func readConda() {
        let names = ["environment.yml", "environment.yaml", "environment-dev.yml", "conda.yml", "conda.yaml"]
        let lockfile = ["conda-lock.yml", "conda-linux-64.lock"].first(where: repository.contains)
        defer { if let lockfile { condaLock(lockfile) } }
        guard let path = names.first(where: repository.contains), let root = repository.yaml(path) else {
            if let lockfile { project.packageManager("conda", lockfile: lockfile, Evidence(lockfile)) }
            return
        }
        guard let dependencies = root["dependencies"]?.sequence else { return }
        project.packageManager("conda", lockfile: lockfile, Evidence(path, line: root["dependencies"]?.line))
        for node in dependencies {
            guard let text = node.string else { continue }
            let spec = text.parts(separatedBy: "::").last?.trimmingSpaces ?? text
            let name = spec.prefix { !" =<>!~[".contains($0) }
            condaPackage(String(name), spec.dropFirst(name.count).trimmingSpaces, Evidence(path, line: node.line))
        }
    }

    /// The versions of tools that a lockfile holds for Linux on x86-64: by the addresses of the files in pixi.lock and in
    /// the lists that `conda list --explicit` makes, by names in conda-lock's
    /// ([output](https://conda.github.io/conda-lock/output/)).
    private mutating func condaLock(_ path: String) {
        guard let bytes = repository.largeBytes(path) else { return }
        var known: Set<String> = []
        var name = ""
        var version: (text: String, line: Int)?
        func found(_ name: String, _ version: String, _ line: Int) {
            guard let tool = name == "python" ? "python" : condaTools[name], version.first?.isNumber == true,
                known.insert(tool).inserted
            else { return }
            project.toolchain(tool, .lock, version, Evidence(path, line: line))
        }
        var lines = ByteLines(bytes)
        while let line = lines.next() {
            if line.hasPrefix("- name: ") {
                name = String(line.text.dropFirst(8))
                version = nil
            } else if line.hasPrefix("version: ") {
                version = (line.text.dropFirst(9).filter { $0 != "'" && $0 != "\"" }, line.number)
            } else if line.hasPrefix("platform: ") {
                if let version, line.hasPrefix("platform: linux-64") { found(name, version.text, version.line) }
            } else if line.hasPrefix("- conda: ") || line.hasPrefix("http"), line.bytes.count < 2_000 {
                // `…/linux-64/python-3.12.3-hab00c5b_0_cpython.conda#checksum`.
                let folders = line.text.prefix { $0 != "#" }.split(separator: "/")
                guard let file = folders.last, folders.dropLast().last == "linux-64" else { continue }
                let parts = file.split(separator: "-")
                guard parts.count > 2 else { continue }
                found(parts.dropLast(2).joined(separator: "-"), String(parts[parts.count - 2]), line.number)
            }
        }
    }

    /// A package of conda that is a tool; `=3.11`, `3.11.*` and `3.11` name a release line.
    private mutating func condaPackage(_ name: String, _ constraint: String, _ evidence: Evidence) {
        guard let tool = condaTools[name.lowercased()] else {
            for need in PackageNaming.conda.needs(of: name) {
                project.system(need, .build, reason: "conda's `\(name)`", evidence)
            }
            return
        }
        let first = constraint.split(separator: "|").first.map(String.init) ?? ""
        var text = first.filter { $0 != " " }
        let isSingle = !text.isEmpty && !text.contains(",") && (text.first == "=" || text.first?.isNumber == true)
        if isSingle {
            text = String(text.drop { $0 == "=" }.prefix { $0 != "=" })
            while text.hasSuffix("*") || text.hasSuffix(".") { text.removeLast() }
            project.toolchain(tool, .pin, text, evidence)
        } else if text.isEmpty || text == "*" {
            project.toolchain(tool, .hint, "", evidence)
        } else {
            project.toolchain(tool, .range, text, evidence)
        }
    }
}

private let condaTools: [String: String] = [
    "nodejs": "node", "openjdk": "java", "go": "go", "rust": "rust", "ruby": "ruby", "r-base": "r", "julia": "julia",
    "maven": "maven", "gradle": "gradle", "cmake": "cmake", "php": "php", "perl": "perl", "ghc": "ghc", "lua": "lua",
    "deno": "deno", "dotnet-sdk": "dotnet", "pnpm": "pnpm", "yarn": "yarn", "zig": "zig", "elixir": "elixir",
    "erlang": "erlang", "meson": "meson",
]
