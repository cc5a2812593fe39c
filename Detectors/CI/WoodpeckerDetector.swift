//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import YAML

/// Reads the pipelines of Drone ([Pipelines](https://docs.drone.io/pipeline/docker/overview/)) and Woodpecker
/// ([Workflow syntax](https://woodpecker-ci.org/docs/usage/workflow-syntax)), each step of which runs in an image.
struct WoodpeckerDetector: Detector {
    let name = "woodpecker"
    let summary = ".drone.yml, .woodpecker.yml, .woodpecker/: images, services, commands"
    let sources = [
        DetectorSource(".drone.yml", "toolchains, packages, services, tests", kind: .hint),
        DetectorSource(".woodpecker.yml", "toolchains, packages, services, tests", kind: .hint),
        DetectorSource(".woodpecker/*.yml", "toolchains, packages, services, tests", kind: .hint),
    ]

    func findings(in repository: Repository) -> [Finding] {
        let paths =
            [".drone.yml", ".woodpecker.yml", ".woodpecker.yaml"].filter(repository.contains)
            + repository.files(in: ".woodpecker").filter { isYAML($0.name) }.map(\.path)
        var jobs: [CIJob] = []
        for path in paths {
            for document in repository.yamlDocuments(path) { jobs += self.jobs(document, path, repository) }
        }
        var survey = CISurvey(repository)
        survey.read(jobs)
        return survey.findings
    }

    private func jobs(_ root: YAMLNode, _ path: String, _ repository: Repository) -> [CIJob] {
        if let kind = root["kind"]?.string, kind != "pipeline" { return [] }
        if let type = root["type"]?.string, !["docker", "kubernetes"].contains(type) { return [] }
        let platform = root["platform"]?["arch"]?.string ?? root["platform"]?.string ?? ""
        if platform.range(ofText: "arm") != nil || root["platform"]?["os"]?.string == "windows" { return [] }
        var services: [(name: String, port: Int?, evidence: Evidence)] = []
        for (_, node) in entries(root["services"]) {
            guard let image = node["image"], let text = image.string else { continue }
            let port = node["ports"]?.sequence?.lazy.compactMap { $0.int }.first
            services.append((text, port, Evidence(path, line: image.line)))
        }
        var jobs: [CIJob] = []
        for (name, node) in entries(root["steps"] ?? root["pipeline"]) {
            let commands = node["commands"]
            guard let image = node["image"], let text = image.string, commands != nil else { continue }
            var result: CIJob?
            for variables in matrix(root["matrix"]) {
                var job = CIJob(
                    name: [root["name"]?.string ?? "", name].joined(separator: " "),
                    evidence: Evidence(path, line: node.line))
                job.use(ImageReference(substituted(text, variables)), evidence: Evidence(path, line: image.line))
                job.addVariables(node["environment"], path)
                for service in services { job.addService(service.name, port: service.port, service.evidence) }
                job.addScript(commands, path, repository, expanding: variables)
                if result == nil { result = job } else { result?.merge(job) }
            }
            result?.settle()
            if let result { jobs.append(result) }
        }
        return jobs
    }

    /// A list of steps with names, or a mapping by their names.
    private func entries(_ node: YAMLNode?) -> [(String, YAMLNode)] {
        (node?.sequence ?? []).map { ($0["name"]?.string ?? "", $0) }
            + (node?.mapping ?? []).map { ($0.key.string ?? "", $0.value) }
    }

    private func matrix(_ node: YAMLNode?) -> [[String: String]] {
        if let included = node?["include"]?.sequence ?? node?.sequence {
            return included.prefix(50).map { entry in
                Dictionary(
                    (entry.mapping ?? []).compactMap { pair in
                        pair.key.string.flatMap { key in pair.value.string.map { (key, $0) } }
                    }, uniquingKeysWith: { first, _ in first })
            }
        }
        return combinations((node?.mapping ?? []).map { ($0.key.string ?? "", $0.value.strings) })
    }
}

/// Every combination of the axes' values, as far as there are not too many.
func combinations(_ axes: [(name: String, values: [String])]) -> [[String: String]] {
    var entries: [[String: String]] = [[:]]
    for axis in axes where !axis.values.isEmpty {
        entries = Array(
            entries.flatMap { entry in
                axis.values.map { value in entry.merging([axis.name: value]) { _, new in new } }
            }.prefix(100))
    }
    return entries
}
