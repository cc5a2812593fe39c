//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import TOML

/// Reads the files in which version managers for many languages pin tools, those of the root first.
struct VersionManagerDetector: Detector {
    let name = "version-managers"
    let summary =
        "mise.toml, .tool-versions, .sdkmanrc, .prototools, devbox.json, pixi.toml, environment.yml, flake.nix, devenv.nix"
    let sources = [
        DetectorSource("mise.local.toml", "tools, variables, tasks", kind: .pin),
        DetectorSource("mise.toml", "tools, variables, tasks", kind: .pin),
        DetectorSource(".mise/config.toml", "tools, variables, tasks", kind: .pin),
        DetectorSource(".config/mise/conf.d/*.toml", "tools, variables, tasks", kind: .pin),
        DetectorSource(".tool-versions", "tools", kind: .pin), DetectorSource(".sdkmanrc", "tools", kind: .pin),
        DetectorSource(".prototools", "tools", kind: .pin),
        DetectorSource("devbox.json", "tools, packages, scripts", kind: .pin),
        DetectorSource("pixi.toml", "tools, packages, tasks", kind: .range),
        DetectorSource("pixi.lock", "versions of tools", kind: .lock),
        DetectorSource("conda-lock.yml", "versions of tools", kind: .lock),
        DetectorSource("environment.yml", "tools", kind: .range),
        DetectorSource("mise.lock", "tools", kind: .lock), DetectorSource("devbox.lock", "tools", kind: .lock),
        DetectorSource("flake.nix", "tools, packages", kind: .hint),
        DetectorSource("devenv.nix", "languages, services", kind: .hint),
    ]

    func findings(in repository: Repository) -> [Finding] {
        var survey = VersionManagerSurvey(repository)
        survey.read(in: "")
        // A member of a monorepo may have files of its own.
        for folder in memberFolders(repository) { survey.read(in: folder) }
        survey.readNix()
        return survey.project.findings
    }

    private func memberFolders(_ repository: Repository) -> [String] {
        let names = [".tool-versions", "mise.toml", ".mise.toml", ".sdkmanrc", "devbox.json", ".prototools"]
        let folders = names.flatMap { repository.files(named: $0) }
            .filter { $0.depth > 0 && $0.depth <= 3 && !repository.isSecondary($0.path) }.map(\.directory)
            .filter { !$0.hasPrefix(".") }
        return Array(Set(folders).sorted().prefix(50))
    }
}

/// What the files of version managers say.
struct VersionManagerSurvey {
    var project: ProjectFindings
    /// Tools that a file of the root pins.
    private var pinned: Set<String> = []

    init(_ repository: Repository) { project = ProjectFindings(repository) }

    var repository: Repository { project.repository }

    /// Reads the files of one folder, the strongest first.
    mutating func read(in folder: String) {
        readMise(in: folder)
        readToolVersions(joinPath(folder, ".tool-versions"))
        readSDKMAN(joinPath(folder, ".sdkmanrc"))
        readProto(joinPath(folder, ".prototools"))
        readDevbox(in: folder)
        guard folder.isEmpty else { return }
        readPixi()
        readConda()
    }

    /// Reports the versions of a tool, the first of which is in force; one that names no release states the need alone.
    mutating func pin(
        _ tool: String, _ versions: [String], _ evidence: Evidence, kind: StatementKind = .pin, isMember: Bool = false
    ) {
        if let service = databaseTools[tool] {
            let version = versions.lazy.compactMap { toolVersion(tool, $0) }.first
            project.service(service, version: version, evidence)
            return
        }
        // In a member, another version than the root's holds for that member alone.
        let kind = isMember && pinned.contains(tool) ? .hint : kind
        let known = versions.compactMap { toolVersion(tool, $0) }
        for (index, version) in known.enumerated() {
            project.toolchain(tool, index == 0 ? kind : .hint, version, evidence)
        }
        if known.isEmpty, !versions.isEmpty { project.toolchain(tool, .hint, "", evidence) }
        if !isMember, kind == .pin { pinned.insert(tool) }
        if let program = programs[tool] { project.system(.program(program), .test, evidence) }
    }

    // MARK: asdf, SDKMAN!, proto

    /// asdf's file: a tool and its versions a line.
    private mutating func readToolVersions(_ path: String) {
        guard repository.contains(path) else { return }
        let lines = repository.lines(path).map { line in
            line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
        }
        let hasErlang = lines.contains { $0.first == "erlang" }
        for (index, words) in lines.enumerated() {
            guard let name = words.first, words.count > 1 else { continue }
            let evidence = Evidence(path, line: index + 1)
            pin(toolName(name), Array(words.dropFirst()), evidence, isMember: path.contains("/"))
            if name == "elixir", !hasErlang { pinErlang(of: words[1], evidence) }
        }
    }

    /// `1.16.2-otp-26` carries the release of Erlang that it was built for.
    mutating func pinErlang(of version: String, _ evidence: Evidence) {
        let sides = version.parts(separatedBy: "-otp-")
        guard sides.count == 2, let first = sides[1].first, first.isNumber else { return }
        project.toolchain("erlang", .hint, sides[1], evidence)
    }

    private mutating func readSDKMAN(_ path: String) {
        guard repository.contains(path) else { return }
        for (index, line) in repository.lines(path).enumerated() {
            let sides = line.prefix { $0 != "#" }.split(separator: "=", maxSplits: 1).map(\.trimmingSpaces)
            guard sides.count == 2 else { continue }
            pin(toolName(sides[0]), [sides[1]], Evidence(path, line: index + 1), isMember: path.contains("/"))
        }
    }

    /// proto's file ([.prototools](https://moonrepo.dev/docs/proto/config)): tools by name, and settings in tables.
    private mutating func readProto(_ path: String) {
        guard repository.contains(path), let root = repository.toml(path) else { return }
        for pair in root.table ?? [] {
            guard let version = pair.value.string, pair.key != "proto" else { continue }
            let evidence = Evidence(path, line: pair.value.line)
            let tool = toolName(pair.key)
            if let first = version.first, "^~<>=*".contains(first) {
                project.toolchain(tool, .range, version, evidence)
            } else {
                pin(tool, [version], evidence, isMember: path.contains("/"))
            }
        }
        for pair in root["env"]?.table ?? [] {
            guard let value = pair.value.string else { continue }
            project.add(
                .variable(VariableFinding(pair.key, value: value, evidence: Evidence(path, line: pair.value.line))))
        }
    }
}

/// Servers that version managers install beside tools.
private let databaseTools: [String: String] = [
    "postgres": "postgres", "postgresql": "postgres", "mysql": "mysql", "mariadb": "mariadb", "redis": "redis",
    "redis-cli": "redis", "mongodb": "mongo", "rabbitmq": "rabbitmq", "elasticsearch": "elasticsearch",
    "memcached": "memcached", "minio": "minio", "cockroach": "cockroachdb", "etcd": "etcd", "consul": "consul",
    "vault": "vault", "kafka": "kafka", "neo4j": "neo4j", "clickhouse": "clickhouse", "influxdb": "influxdb",
    "valkey": "valkey",
]

/// Tools that Debian carries as packages, by their programs.
private let programs: [String: String] = [
    "jq": "jq", "yq": "yq", "shellcheck": "shellcheck", "shfmt": "shfmt", "protoc": "protoc", "make": "make",
    "ninja": "ninja", "ripgrep": "rg", "just": "just", "bats": "bats", "ffmpeg": "ffmpeg", "graphviz": "dot",
    "pandoc": "pandoc", "sqlite": "sqlite3", "imagemagick": "convert", "meson": "meson", "ccache": "ccache",
    "mold": "mold", "direnv": "direnv", "gh": "gh", "fd": "fdfind", "fzf": "fzf", "age": "age", "protobuf": "protoc",
    "github-cli": "gh", "awscli": "aws", "tmux": "tmux",
]
