//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import YAML

/// Reads the services of Compose files ([Compose file reference](https://docs.docker.com/reference/compose-file/)). A
/// service that is built from the repository is the project itself: its ports and the names of its variables are.
struct ComposeDetector: Detector {
    let name = "compose"
    let summary = "compose.yaml, docker-compose.yml: images, versions and ports of services"
    let sources = [
        DetectorSource("compose.yaml", "services, ports, names of variables"),
        DetectorSource("docker-compose*.yml", "services, ports, names of variables"),
    ]

    func findings(in repository: Repository) -> [Finding] {
        var survey = ComposeSurvey(repository)
        for path in composeFiles(repository) { survey.read(path, depth: 0) }
        return survey.project.findings
    }

    /// Compose's own names first, then the variants beside them, then other folders.
    private func composeFiles(_ repository: Repository) -> [String] {
        let named = mainNames.filter(repository.contains)
        let folders = ["", ".devcontainer", "docker", ".docker", "compose", "dev", "deploy", "docker-compose", "infra"]
        let others = folders.flatMap { folder in
            repository.files(in: folder).map(\.path).filter { path in
                let name = path.split(separator: "/").last.map(String.init) ?? path
                return isYAML(name) && (name.hasPrefix("compose") || name.hasPrefix("docker-compose"))
            }
        }
        let nested = mainNames.flatMap { repository.files(named: $0) }.map(\.path).filter {
            !repository.isSecondary($0) && $0.split(separator: "/").count <= 3
        }
        var seen: Set<String> = []
        return (named + others + nested).filter { seen.insert($0).inserted }
    }
}

/// What the Compose files of a repository say.
struct ComposeSurvey {
    var project: ProjectFindings
    /// The names of the services, which are their hosts within the network of the containers.
    private(set) var hosts: Set<String> = []
    private var read: Set<String> = []

    init(_ repository: Repository) { project = ProjectFindings(repository) }

    private var repository: Repository { project.repository }

    /// Reads a file and those that it includes, once.
    mutating func read(_ path: String, depth: Int) {
        guard depth < 5, repository.contains(path), read.insert(path).inserted, let root = repository.yaml(path) else {
            return
        }
        let folder = parentPath(path)
        let variables = environmentFile(joinPath(folder, ".env"))
        for pair in root["services"]?.mapping ?? (root["version"] == nil ? olderServices(root) : []) {
            if let name = pair.key.string { hosts.insert(name) }
            readService(pair.value, path, variables)
        }
        for node in root["include"]?.sequence ?? [] {
            for name in (node["path"] ?? node).strings { read(joinPath(folder, name), depth: depth + 1) }
        }
    }

    /// The first version of the format had services at the top.
    private func olderServices(_ root: YAMLNode) -> [YAMLPair] {
        (root.mapping ?? []).filter { $0.value["image"] != nil || $0.value["build"] != nil }
    }

    private mutating func readService(_ node: YAMLNode, _ path: String, _ variables: [String: String]) {
        let ports = (node["ports"]?.sequence ?? []).compactMap { port -> (number: Int, line: Int)? in
            let number = port["target"]?.int ?? port.string.flatMap { containerPort(interpolated($0, variables)) }
            return number.map { ($0, port.line) }
        }
        let port =
            ports.first?.number ?? node["expose"]?.sequence?.lazy.compactMap { $0.string.flatMap(containerPort) }.first
        if let build = node["build"] {
            if let image = serviceImage(of: build, path, variables) {
                add(image, port, Evidence(path, line: build.line))
                return
            }
            for port in ports where (1...65_535).contains(port.number) {
                project.add(.port(PortFinding(port.number, evidence: Evidence(path, line: port.line))))
            }
            readVariables(node["environment"], path)
            for file in node["env_file"].map({ $0.sequence ?? [$0] }) ?? [] {
                guard let name = (file["path"] ?? file).string else { continue }
                readNames(joinPath(parentPath(path), name))
            }
            return
        }
        guard let image = node["image"], let text = image.string else { return }
        add(ImageReference(interpolated(text, variables)), port, Evidence(path, line: image.line))
    }

    /// An image of a name that is no service's is the project's own or a tool.
    private mutating func add(_ image: ImageReference, _ port: Int?, _ evidence: Evidence) {
        guard image.isService, let service = image.service(port: port, evidence: evidence) else { return }
        project.add(.service(service))
    }

    /// The service's image that a Dockerfile of the repository only adapts; nil for the project's own program.
    private func serviceImage(of build: YAMLNode, _ path: String, _ variables: [String: String]) -> ImageReference? {
        let context = joinPath(parentPath(path), interpolated((build["context"] ?? build).string ?? "", variables))
        let file = joinPath(context, build["dockerfile"]?.string ?? "Dockerfile")
        guard repository.contains(file) else { return nil }
        let dockerfile = Dockerfile(repository.lines(file))
        guard dockerfile.stages.count == 1, let stage = dockerfile.stages.first else { return nil }
        let image = ImageReference(interpolated(stage.image, dockerfile.arguments))
        return image.isService ? image : nil
    }

    /// The names of what the program is given; the values hold for the network of the containers only.
    private mutating func readVariables(_ node: YAMLNode?, _ path: String) {
        for pair in node?.mapping ?? [] {
            guard let name = pair.key.string else { continue }
            project.add(.variable(VariableFinding(name, value: nil, evidence: Evidence(path, line: pair.key.line))))
        }
        for item in node?.sequence ?? [] {
            guard let text = item.string else { continue }
            let name = String(text.prefix { $0 != "=" }).trimmingSpaces
            guard !name.isEmpty, !name.contains("$") else { continue }
            project.add(.variable(VariableFinding(name, value: nil, evidence: Evidence(path, line: item.line))))
        }
    }

    /// The names in a file of variables.
    private mutating func readNames(_ path: String) {
        for (index, line) in repository.lines(path).enumerated() where line.utf8.count < 10_000 {
            guard let sign = line.firstIndex(of: "="), line.first?.isLetter == true else { continue }
            let name = line[..<sign].trimmingSpaces
            guard isVariableName(name) else { continue }
            project.add(.variable(VariableFinding(name, value: nil, evidence: Evidence(path, line: index + 1))))
        }
    }

    /// The values of the `.env` beside a file, which Compose reads by itself.
    private func environmentFile(_ path: String) -> [String: String] {
        var values: [String: String] = [:]
        for line in repository.lines(path) where line.utf8.count < 10_000 && !line.hasPrefix("#") {
            guard let sign = line.firstIndex(of: "=") else { continue }
            values[line[..<sign].trimmingSpaces] = line[line.index(after: sign)...].trimmingSpaces.filter {
                $0 != "\"" && $0 != "'"
            }
        }
        return values
    }
}

private let mainNames = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"]
