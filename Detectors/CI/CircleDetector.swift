//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import YAML

/// Reads CircleCI's jobs ([Configuration reference](https://circleci.com/docs/reference/configuration-reference/)).
struct CircleDetector: Detector {
    let name = "circleci"
    let summary = ".circleci/config.yml: images, services, commands and steps"

    func findings(in repository: Repository) -> [Finding] {
        let path = ".circleci/config.yml"
        guard repository.contains(path), let root = repository.yaml(path) else { return [] }
        let reader = CircleConfiguration(repository, path: path, root: root)
        var survey = CISurvey(repository)
        survey.read(reader.jobs)
        return survey.findings
    }
}

private struct CircleConfiguration {
    private let repository: Repository
    private let path: String
    private let root: YAMLNode

    init(_ repository: Repository, path: String, root: YAMLNode) {
        self.repository = repository
        self.path = path
        self.root = root
    }

    var jobs: [CIJob] {
        (root["jobs"]?.mapping ?? []).compactMap { pair in
            pair.key.string.flatMap { job($0, pair.value, line: pair.key.line) }
        }
    }

    private func job(_ name: String, _ node: YAMLNode, line: Int) -> CIJob? {
        let executor = (node["executor"]?["name"] ?? node["executor"])?.string
        let environment = executor.flatMap { root["executors"]?[$0] }
        if node["macos"] != nil || environment?["macos"] != nil { return nil }
        var parameters: [String: String] = [:]
        for parameter in node["parameters"]?.mapping ?? [] {
            guard let key = parameter.key.string, let text = parameter.value["default"]?.string else { continue }
            parameters[key] = text
        }
        var job = CIJob(name: name, evidence: Evidence(path, line: line))
        for (index, container) in ((node["docker"] ?? environment?["docker"])?.sequence ?? []).enumerated() {
            guard let text = container["image"]?.string else { continue }
            let image = ImageReference(expanded(text, parameters))
            let evidence = Evidence(path, line: container["image"]?.line)
            if index > 0 {
                if let service = image.service(port: nil, evidence: evidence) { job.services.append(service) }
                continue
            }
            job.use(image, evidence: evidence)
        }
        for pair in node["environment"]?.mapping ?? [] {
            guard let key = pair.key.string else { continue }
            job.variables.append(
                VariableFinding(key, value: pair.value.string, evidence: Evidence(path, line: pair.key.line)))
        }
        job.steps = steps(node["steps"], parameters, depth: 0)
        return job
    }

    private func steps(_ node: YAMLNode?, _ parameters: [String: String], depth: Int) -> [CIJob.Step] {
        guard depth < 6 else { return [] }
        var result: [CIJob.Step] = []
        for step in node?.sequence ?? [] {
            if let run = step["run"] {
                let command = run["command"] ?? run
                guard let text = command.string else { continue }
                let folder = run["working_directory"]?.string ?? ""
                result.append(
                    CIJob.Step(
                        script: expanded(text, parameters),
                        evidence: Evidence(path, line: scriptLine(of: command, path, repository)),
                        directory: folder.hasPrefix("~") || folder.hasPrefix("/") ? "" : joinPath("", folder)))
            } else if let when = step["when"] ?? step["unless"] {
                result += steps(when["steps"], parameters, depth: depth + 1).map { inner in
                    var conditional = inner
                    conditional.isConditional = true
                    return conditional
                }
            } else if let name = step.string ?? step.mapping?.first?.key.string, let command = root["commands"]?[name] {
                var given = parameters
                for pair in command["parameters"]?.mapping ?? [] {
                    guard let key = pair.key.string, let text = pair.value["default"]?.string else { continue }
                    given[key] = text
                }
                for pair in step.mapping?.first?.value.mapping ?? [] {
                    guard let key = pair.key.string, let text = pair.value.string else { continue }
                    given[key] = expanded(text, parameters)
                }
                result += steps(command["steps"], given, depth: depth + 1)
            }
        }
        return result
    }

    /// The text with `<< parameters.name >>` replaced.
    private func expanded(_ text: String, _ parameters: [String: String]) -> String {
        var result = text
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            result = result.replacing(text: "<< parameters.\(name) >>", with: value)
                .replacing(text: "<<parameters.\(name)>>", with: value)
        }
        return result
    }
}
