//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import JSON

/// Reads development containers ([devcontainer.json](https://containers.dev/implementors/json_reference/)), with the
/// Dockerfiles and Compose files that they name.
struct DevcontainerDetector: Detector {
    let name = "devcontainer"
    let summary = "devcontainer.json: image, features, variables, ports, commands"
    let sources = [
        DetectorSource(".devcontainer/devcontainer.json", "toolchains, packages, variables, ports", kind: .hint),
        DetectorSource(".devcontainer.json", "toolchains, packages, variables, ports", kind: .hint),
        DetectorSource(".devcontainer/*/devcontainer.json", "toolchains, packages, variables, ports", kind: .hint),
    ]

    func findings(in repository: Repository) -> [Finding] {
        let nested = repository.files(named: "devcontainer.json").map(\.path).filter { path in
            path.hasPrefix(".devcontainer/") && path.split(separator: "/").count <= 3
        }
        var reader = DevcontainerReader(repository)
        let main = [".devcontainer/devcontainer.json", ".devcontainer.json"].filter(repository.contains)
        for path in main + nested where !main.contains(path) || reader.isUnread(path) { reader.read(path) }
        return reader.project.findings
    }
}

private struct DevcontainerReader {
    var project: ProjectFindings
    private var done: Set<String> = []

    init(_ repository: Repository) { project = ProjectFindings(repository) }

    private var repository: Repository { project.repository }

    func isUnread(_ path: String) -> Bool { !done.contains(path) }

    mutating func read(_ path: String) {
        guard done.insert(path).inserted, let root = repository.json(path) else { return }
        if let node = root["image"], let text = node.string { readImage(ImageReference(text), path, node.line) }
        let hosts = readBuild(root, path)
        for member in root["features"]?.object ?? [] { readFeature(member, path) }
        for key in ["containerEnv", "remoteEnv"] {
            for member in root[key]?.object ?? [] {
                let evidence = Evidence(path, line: member.line)
                guard member.key != "PATH", let value = member.value.string else { continue }
                project.add(
                    .variable(
                        VariableFinding(member.key, value: isKnown(value, hosts) ? value : nil, evidence: evidence))
                )
            }
        }
        for key in ["forwardPorts", "appPort"] {
            for node in root[key].map({ $0.array ?? [$0] }) ?? [] {
                // `db:5432` is another container's; a database's own port is not the program's.
                guard
                    let port = node.int
                        ?? node.string.flatMap({ Int($0) ?? (key == "appPort" ? containerPort($0) : nil) }),
                    (1...65_535).contains(port), !servicePorts.contains(port)
                else { continue }
                project.add(.port(PortFinding(port, evidence: Evidence(path, line: node.line))))
            }
        }
        for key in ["onCreateCommand", "updateContentCommand", "postCreateCommand"] {
            if let node = root[key] { readCommand(node, path) }
        }
    }

    private mutating func readImage(_ image: ImageReference, _ path: String, _ line: Int) {
        let evidence = Evidence(path, line: line)
        if let suite = image.suite, !image.isForeign {
            project.add(.base(BaseFinding(suite: suite, kind: .hint, evidence: evidence)))
        }
        for (tool, version) in image.toolchains {
            if let hint = toolchainHint(tool, version, evidence: evidence) { project.add(.toolchain(hint)) }
        }
    }

    /// Whether a value is known outside of the containers' network: no host of it, and nothing to be filled in.
    private func isKnown(_ value: String, _ hosts: Set<String>) -> Bool {
        if value.contains("$") { return false }
        let words = value.split { !$0.isLetter && !$0.isNumber && !"-_.".contains($0) }.map(String.init)
        return value.contains(":") || value.contains("/") || words.count == 1
            ? !words.contains(where: hosts.contains) : true
    }

    /// The Dockerfile with the arguments that it is built with, and the Compose files, of which the names of the services
    /// are returned.
    private mutating func readBuild(_ root: JSONNode, _ path: String) -> Set<String> {
        let folder = parentPath(path)
        if let name = root["build"]?["dockerfile"]?.string ?? root["dockerFile"]?.string {
            let file = joinPath(folder, name)
            var arguments: [String: String] = [:]
            for member in root["build"]?["args"]?.object ?? [] {
                if let text = member.value.string, !text.contains("$") { arguments[member.key] = text }
            }
            if repository.contains(file) {
                var reader = DockerfileReader(
                    repository, path: file, arguments: arguments, target: root["build"]?["target"]?.string)
                reader.read()
                for finding in reader.project.findings {
                    // What the image starts is the container's business.
                    if case .task = finding { continue }
                    project.add(finding)
                }
            }
        }
        var compose = ComposeSurvey(repository)
        for name in root["dockerComposeFile"]?.strings ?? [] { compose.read(joinPath(folder, name), depth: 0) }
        for finding in compose.project.findings { project.add(finding) }
        return compose.hosts
    }

    private mutating func readFeature(_ member: JSONMember, _ path: String) {
        let evidence = Evidence(path, line: member.line)
        let name = String((member.key.split(separator: "/").last ?? "").prefix { $0 != ":" && $0 != "@" }).lowercased()
        let version = member.value["version"]?.string ?? member.value.string
        if name.hasPrefix("apt"), let packages = member.value["packages"]?.string {
            for word in packages.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
                if let package = debianPackageName(String(word)) { project.system(.package(package), .run, evidence) }
            }
            return
        }
        var stem = name
        for suffix in [
            "-asdf", "-sdkman", "-apt-get", "-rbenv", "-npm", "-homebrew", "-via-rust", "-via-npm", "-binary",
        ]
        where stem.hasSuffix(suffix) {
            stem = String(stem.dropLast(suffix.count))
        }
        if let program = featurePrograms[stem] {
            project.system(.package(program), .run, evidence)
            return
        }
        let server = stem.hasSuffix("-server") ? String(stem.dropLast(7)) : stem
        if let service = featureServices[server] {
            project.service(service, version: version.flatMap { toolVersion(service, $0) }, evidence)
            return
        }
        let tool = toolName(stem)
        guard featureTools.contains(tool) else { return }
        add(tool, version, evidence)
        // The options of one feature install other tools.
        for (key, other) in [
            ("mavenVersion", "maven"), ("gradleVersion", "gradle"), ("pnpmVersion", "pnpm"), ("antVersion", "ant"),
        ] {
            if let text = member.value[key]?.string { add(other, text, evidence) }
        }
    }

    /// A version that a feature installs; for `latest` and the like, only the need.
    private mutating func add(_ tool: String, _ version: String?, _ evidence: Evidence) {
        if version == "none" { return }
        if let version, let hint = toolchainHint(tool, version, evidence: evidence) {
            project.add(.toolchain(hint))
        } else {
            project.toolchain(tool, .hint, "", evidence)
        }
    }

    /// A command as a line, as words, or as several of them by name.
    private mutating func readCommand(_ node: JSONNode, _ path: String) {
        func line(_ node: JSONNode) -> String {
            node.string ?? node.strings.map(shellQuoted).joined(separator: " ")
        }
        let scripts = node.object?.map { ($0.line, line($0.value)) } ?? [(node.line, line(node))]
        for (number, script) in scripts {
            for finding in setupFindings(script, path, line: number, project.repository) { project.add(finding) }
            if scripts.count == 1, !script.isEmpty, !script.contains("sudo "), !script.contains("${") {
                project.task("install", script, .inferred, Evidence(path, line: number))
            }
        }
    }
}

/// What a script that prepares a machine for development installs.
func setupFindings(_ script: String, _ path: String, line: Int, _ repository: Repository) -> [Finding] {
    var tracer = ShellTracer(repository)
    tracer.trace(script, path: path, firstLine: line)
    var findings: [Finding] = []
    for command in tracer.commands {
        for name in debianPackages(installedBy: command.call, input: command.input) ?? [] {
            findings.append(.system(SystemFinding(.package(name), phase: .run, evidence: command.evidence)))
        }
        guard !command.isConditional else { continue }
        for (tool, version) in toolchains(installedBy: command.call) {
            if let hint = toolchainHint(tool, version, evidence: command.evidence) { findings.append(.toolchain(hint)) }
        }
    }
    return findings
}

/// Ports on which services listen by default.
let servicePorts: Set<Int> = [
    1433, 1521, 2181, 2379, 3306, 4222, 5432, 5672, 6379, 7687, 8529, 8983, 9042, 9092, 9200, 9300, 11_211, 15_672,
    27_017, 1025, 8025,
]

private let featureTools: Set<String> = [
    "python", "node", "go", "rust", "java", "ruby", "php", "dotnet", "terraform", "elixir", "erlang", "deno", "bun",
    "kotlin", "scala", "sbt", "gradle", "maven", "julia", "r", "perl", "swift", "zig", "crystal", "dart", "flutter",
    "pnpm", "yarn", "poetry", "uv", "ghc", "ocaml", "cmake", "clojure", "leiningen", "gleam", "nim", "lua", "bazel",
    "opentofu", "hugo", "ant",
]
private let featurePrograms: [String: String] = [
    "shellcheck": "shellcheck", "protoc": "protobuf-compiler", "just": "just", "ripgrep": "ripgrep",
    "graphviz": "graphviz", "pandoc": "pandoc", "sqlite": "sqlite3", "xvfb": "xvfb", "imagemagick": "imagemagick",
]
private let featureServices: [String: String] = [
    "postgres": "postgres", "postgresql": "postgres", "redis": "redis", "mysql": "mysql", "mongodb": "mongo",
    "mongo": "mongo", "mariadb": "mariadb", "rabbitmq": "rabbitmq", "memcached": "memcached",
    "localstack": "localstack",
]
