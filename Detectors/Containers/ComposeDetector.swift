//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import YAML

/// Reads the services of Compose files ([Compose file reference](https://docs.docker.com/reference/compose-file/)); a
/// service that is built from the repository is the project itself.
struct ComposeDetector: Detector {
    let name = "compose"
    let summary = "compose.yaml, docker-compose.yml: images, versions and ports of services"

    func findings(in repository: Repository) -> [Finding] {
        var findings: [Finding] = []
        for path in files where repository.contains(path) {
            for pair in repository.yaml(path)?["services"]?.mapping ?? [] where pair.value["build"] == nil {
                guard let node = pair.value["image"], let text = node.string else { continue }
                let image = ImageReference(withDefaults(text))
                // An image without a version of a name that is no service is the project's own or a tool.
                guard image.isService else { continue }
                let ports = pair.value["ports"]?.sequence ?? []
                let port = ports.lazy.compactMap { $0["target"]?.int ?? $0.string.flatMap(containerPort) }.first
                if let service = image.service(port: port, evidence: Evidence(path, line: node.line)) {
                    findings.append(.service(service))
                }
            }
        }
        return findings
    }

    /// `${TAG:-16}` with its default.
    private func withDefaults(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.range(ofText: "${"), let close = rest[open...].firstIndex(of: "}") {
            result += rest[..<open]
            let body = rest[open...].dropFirst(2).prefix { $0 != "}" }
            if let sign = body.range(ofText: "-") { result += body[sign...].dropFirst() }
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}

private let files = [
    "compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml", "docker/docker-compose.yml",
    ".devcontainer/docker-compose.yml", ".devcontainer/compose.yaml", "docker-compose.test.yml",
    "docker-compose.dev.yml",
]
