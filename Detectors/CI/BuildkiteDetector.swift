//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import YAML

/// Reads Buildkite's pipelines ([Defining steps](https://buildkite.com/docs/pipelines/configure/defining-steps)).
struct BuildkiteDetector: Detector {
    let name = "buildkite"
    let summary = ".buildkite/pipeline.yml: commands, images of the docker plugin"
    let sources = [DetectorSource(".buildkite/*.yml", "toolchains, packages, tests", kind: .hint)]

    func findings(in repository: Repository) -> [Finding] {
        let paths =
            repository.files(in: ".buildkite").filter { isYAML($0.name) && $0.name.range(ofText: "pipeline") != nil }
            .map(\.path) + ["buildkite.yml", "buildkite.yaml"].filter(repository.contains)
        var jobs: [CIJob] = []
        for path in paths {
            guard let root = repository.yaml(path) else { continue }
            for step in steps(root["steps"] ?? root, depth: 0) {
                if let job = job(step, root, path, repository) { jobs.append(job) }
            }
        }
        var survey = CISurvey(repository)
        survey.read(jobs)
        return survey.findings
    }

    private func steps(_ node: YAMLNode, depth: Int) -> [YAMLNode] {
        guard depth < 4 else { return [] }
        return (node.sequence ?? []).flatMap { step in
            step["steps"].map { steps($0, depth: depth + 1) } ?? [step["command"] != nil ? step : step["step"] ?? step]
        }
    }

    private func job(_ step: YAMLNode, _ root: YAMLNode, _ path: String, _ repository: Repository) -> CIJob? {
        guard let commands = step["commands"] ?? step["command"] else { return nil }
        let queue = step["agents"]?["queue"]?.string?.lowercased() ?? ""
        if ["windows", "macos", "mac", "arm"].contains(where: { queue.range(ofText: $0) != nil }) { return nil }
        let name = [step["label"], step["name"], step["key"]].compactMap { $0?.string }.joined(separator: " ")
        var job = CIJob(name: name, evidence: Evidence(path, line: step.line))
        for plugin in step["plugins"]?.sequence ?? [step["plugins"]].compactMap({ $0 }) {
            for pair in plugin.mapping ?? [] {
                guard let key = pair.key.string, key.range(ofText: "docker#") != nil, let image = pair.value["image"],
                    let text = image.string
                else { continue }
                job.use(ImageReference(text), evidence: Evidence(path, line: image.line))
            }
        }
        if let image = step["image"], let text = image.string {
            job.use(ImageReference(text), evidence: Evidence(path, line: image.line))
        }
        job.addVariables(root["env"], path)
        job.addVariables(step["env"], path)
        job.addScript(commands, path, repository)
        return job
    }
}
