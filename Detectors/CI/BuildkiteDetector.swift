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
    let summary = ".buildkite/pipeline.yml: commands, matrices, images and services of the docker plugins"
    let sources = [DetectorSource(".buildkite/*.yml", "toolchains, packages, services, tests", kind: .hint)]

    func findings(in repository: Repository) -> [Finding] {
        let paths =
            repository.files(in: ".buildkite").filter { isYAML($0.name) && $0.name.range(ofText: "pipeline") != nil }
            .map(\.path) + ["buildkite.yml", "buildkite.yaml"].filter(repository.contains)
        var jobs: [CIJob] = []
        for path in paths {
            guard let root = repository.yaml(path) else { continue }
            let pipeline = BuildkitePipeline(repository: repository, path: path, root: root)
            jobs += pipeline.steps(root["steps"] ?? root, depth: 0).compactMap(pipeline.job)
        }
        var survey = CISurvey(repository)
        survey.read(jobs)
        return survey.findings
    }
}

private struct BuildkitePipeline {
    let repository: Repository
    let path: String
    let root: YAMLNode

    func steps(_ node: YAMLNode, depth: Int) -> [YAMLNode] {
        guard depth < 4 else { return [] }
        return (node.sequence ?? []).flatMap { step in
            step["steps"].map { steps($0, depth: depth + 1) }
                ?? [step["command"] != nil || step["plugins"] != nil ? step : step["step"] ?? step]
        }
    }

    /// A step, with what the entries of its matrix use.
    func job(_ step: YAMLNode) -> CIJob? {
        let queue = (step["agents"] ?? root["agents"])?["queue"]?.string?.lowercased() ?? ""
        if ["windows", "macos", "mac", "arm"].contains(where: { queue.range(ofText: $0) != nil }) { return nil }
        if step["skip"]?.bool == true || step["skip"].flatMap({ $0.bool == nil ? $0.string : nil }) != nil {
            return nil
        }
        guard step.count(upTo: 10_000) < 10_000 else { return nil }
        var result: CIJob?
        for entry in matrix(step["matrix"]) {
            let node = entry.isEmpty ? step : step.mapTexts { filled($0, entry) }
            guard let job = entryJob(node) else { continue }
            if result == nil { result = job } else { result?.merge(job) }
        }
        result?.settle()
        if let branches = step["branches"]?.string, !namesMain(branches) { result?.isOptional = true }
        if let condition = step["if"]?.string, condition.range(ofText: "build.tag != null") != nil {
            result?.isOptional = true
        }
        if step["soft_fail"]?.bool == true { result?.isOptional = true }
        return result
    }

    /// The entries of a [matrix](https://buildkite.com/docs/pipelines/configure/workflows/build-matrix): a list, or axes
    /// with adjustments.
    private func matrix(_ node: YAMLNode?) -> [[String: String]] {
        guard let node else { return [[:]] }
        if node.sequence != nil { return node.strings.prefix(50).map { ["": $0] } }
        let setup = node["setup"]
        var entries =
            setup?.sequence != nil
            ? (setup?.strings ?? []).prefix(50).map { ["": $0] }
            : combinations((setup?.mapping ?? []).map { ($0.key.string ?? "", $0.value.strings) })
        for adjustment in node["adjustments"]?.sequence ?? [] {
            var with: [String: String] = [:]
            if let text = adjustment["with"]?.string { with[""] = text }
            for pair in adjustment["with"]?.mapping ?? [] {
                if let name = pair.key.string, let text = pair.value.string { with[name] = text }
            }
            let isSkipped = adjustment["skip"].map { $0.bool ?? ($0.string != nil) } ?? false
            if isSkipped {
                entries.removeAll { $0 == with }
            } else if !with.isEmpty, !entries.contains(with), entries.count < 100 {
                entries.append(with)
            }
        }
        return entries.isEmpty ? [[:]] : entries
    }

    private func filled(_ text: String, _ entry: [String: String]) -> String {
        guard text.range(ofText: "{{") != nil else { return text }
        var result = text
        for (name, value) in entry {
            let full = name.isEmpty ? "matrix" : "matrix.\(name)"
            result = result.replacing(text: "{{\(full)}}", with: value)
                .replacing(text: "{{ \(full) }}", with: value)
        }
        return result
    }

    private func namesMain(_ branches: String) -> Bool {
        branches.split(separator: " ").contains { name in
            name.hasPrefix("!") || ["main", "master", "develop", "*"].contains(name) || name.contains("*")
        }
    }

    private func entryJob(_ step: YAMLNode) -> CIJob? {
        let name = [step["label"], step["name"], step["key"]].compactMap { $0?.string }.joined(separator: " ")
        var job = CIJob(name: name, evidence: Evidence(path, line: step.line))
        var command = step["commands"] ?? step["command"]
        var directory = ""
        for plugin in step["plugins"]?.sequence ?? [step["plugins"]].compactMap({ $0 }) {
            for pair in plugin.mapping ?? [] {
                guard let key = pair.key.string else { continue }
                // `docker#v5.10.0`, `docker-compose#v5.2.0`, `owner/docker-service#v1`.
                let name = key.prefix { $0 != "#" }.split(separator: "/").last.map(String.init) ?? ""
                readPlugin(name.replacing(text: "-buildkite-plugin", with: ""), pair.value, &job, &command, &directory)
            }
        }
        if let image = step["image"], let text = image.string {
            job.use(ImageReference(text), evidence: Evidence(path, line: image.line))
        }
        guard let command else { return nil }
        job.addVariables(root["env"], path)
        job.addVariables(step["env"], path)
        job.addScript(command, path, repository, directory: directory)
        return job
    }

    private func readPlugin(
        _ name: String, _ node: YAMLNode, _ job: inout CIJob, _ command: inout YAMLNode?, _ directory: inout String
    ) {
        switch name {
        case "docker":
            if let image = node["image"], let text = image.string {
                job.use(ImageReference(text), evidence: Evidence(path, line: image.line))
            }
            if command == nil, let own = node["command"] { command = joined(own) }
            job.addVariables(node["environment"], path)
        case "docker-compose":
            if command == nil, node["run"] != nil, let own = node["command"] { command = joined(own) }
            if let service = node["run"]?.string { readCompose(service, node["config"], &job) }
            job.addVariables(node["env"] ?? node["environment"], path)
        case "docker-service":
            if let image = node["container"] ?? node["image"], let text = image.string {
                job.addService(text, Evidence(path, line: image.line))
            }
        default: break
        }
    }

    /// A command as a list of words is one line.
    private func joined(_ node: YAMLNode) -> YAMLNode {
        guard let words = node.sequence else { return node }
        let line = words.compactMap(\.string).map(shellQuoted).joined(separator: " ")
        return YAMLNode(.scalar(line, plain: false), line: node.line, column: node.column)
    }

    /// The image that runs the step, and the services that it depends on, in the Compose files that the plugin names.
    private func readCompose(_ service: String, _ configuration: YAMLNode?, _ job: inout CIJob) {
        let files = configuration?.strings ?? ["docker-compose.yml", "docker-compose.yaml", "compose.yaml"]
        for file in files where repository.contains(joinPath("", file)) {
            let file = joinPath("", file)
            guard let root = repository.yaml(file), let node = root["services"]?[service] else { continue }
            if let image = node["image"], let text = image.string, node["build"] == nil {
                job.use(ImageReference(text), evidence: Evidence(file, line: image.line))
            }
            let names = node["depends_on"].map { $0.strings + ($0.mapping ?? []).compactMap(\.key.string) } ?? []
            for name in names + (node["links"]?.strings ?? []).map({ String($0.prefix { $0 != ":" }) }) {
                guard let image = root["services"]?[name]?["image"], let text = image.string else { continue }
                job.addService(interpolated(text, [:]), Evidence(file, line: image.line))
            }
        }
    }
}
