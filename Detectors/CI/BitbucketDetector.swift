//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import YAML

/// Reads Bitbucket's pipelines
/// ([Configuration reference](https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/)).
struct BitbucketDetector: Detector {
    let name = "bitbucket-pipelines"
    let summary = "bitbucket-pipelines.yml: images, services, scripts"
    let sources = [
        DetectorSource("bitbucket-pipelines.yml", "toolchains, packages, services, tests", kind: .hint)
    ]

    func findings(in repository: Repository) -> [Finding] {
        let path = "bitbucket-pipelines.yml"
        guard repository.contains(path), let root = repository.yaml(path) else { return [] }
        var jobs: [CIJob] = []
        for pair in root["pipelines"]?.mapping ?? [] {
            // Pipelines by hand and for tags are for releases.
            guard let kind = pair.key.string, ["default", "branches", "pull-requests"].contains(kind) else { continue }
            let lists = pair.value.sequence.map { [$0] } ?? (pair.value.mapping ?? []).compactMap(\.value.sequence)
            for node in lists.joined() { jobs += steps(node, depth: 0).map { job($0, root, path, repository) } }
        }
        var survey = CISurvey(repository)
        survey.read(jobs)
        return survey.findings
    }

    /// The steps in a step, a stage or a group of parallel ones.
    private func steps(_ node: YAMLNode, depth: Int) -> [YAMLNode] {
        guard depth < 4 else { return [] }
        if let step = node["step"] { return [step] }
        let inner = node["parallel"] ?? node["stage"]
        return (inner?["steps"]?.sequence ?? inner?.sequence ?? []).flatMap { steps($0, depth: depth + 1) }
    }

    private func job(_ node: YAMLNode, _ root: YAMLNode, _ path: String, _ repository: Repository) -> CIJob {
        var job = CIJob(name: node["name"]?.string ?? "test", evidence: Evidence(path, line: node.line))
        if let image = node["image"] ?? root["image"], let text = (image["name"] ?? image).string {
            job.use(ImageReference(text), evidence: Evidence(path, line: (image["name"] ?? image).line))
        }
        for name in node["services"]?.strings ?? [] {
            guard let definition = root["definitions"]?["services"]?[name], let image = definition["image"],
                let text = (image["name"] ?? image).string
            else { continue }
            job.addService(text, Evidence(path, line: image.line))
        }
        job.addScript(node["script"], path, repository)
        return job
    }
}
