//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import YAML

/// Reads GitLab's pipelines ([CI/CD YAML syntax](https://docs.gitlab.com/ci/yaml/)).
struct GitLabDetector: Detector {
    let name = "gitlab-ci"
    let summary = ".gitlab-ci.yml, with what it includes from the repository"
    let sources = [
        DetectorSource(".gitlab-ci.yml", "toolchains, packages, services, variables, tests", kind: .hint)
    ]

    func findings(in repository: Repository) -> [Finding] {
        guard repository.contains(".gitlab-ci.yml") else { return [] }
        var pipeline = GitLabPipeline(repository)
        pipeline.include(".gitlab-ci.yml", depth: 0)
        var survey = CISurvey(repository)
        survey.read(pipeline.jobs)
        return survey.findings
    }
}

private struct GitLabPipeline {
    /// A top-level entry, with the file that holds it.
    private struct Entry {
        let path: String
        let line: Int
        let node: YAMLNode
    }

    private let repository: Repository
    private var entries: [String: Entry] = [:]
    private var order: [String] = []
    private var included: Set<String> = []

    init(_ repository: Repository) { self.repository = repository }

    mutating func include(_ path: String, depth: Int) {
        guard depth < 6, repository.contains(path), included.insert(path).inserted, let root = repository.yaml(path)
        else { return }
        for node in root["include"].map({ $0.sequence ?? [$0] }) ?? [] {
            for name in (node["local"] ?? node).strings where name.range(ofText: "://") == nil {
                for file in repository.checkout.paths(matching: joinPath("", name)) { include(file, depth: depth + 1) }
            }
        }
        for pair in root.mapping ?? [] {
            guard let name = pair.key.string, name != "include" else { continue }
            if entries[name] == nil { order.append(name) }
            entries[name] = Entry(path: path, line: pair.key.line, node: pair.value)
        }
    }

    var jobs: [CIJob] {
        order.filter { !$0.hasPrefix(".") && !globalKeys.contains($0) }.compactMap(job)
    }

    /// A job, with what the entries of its matrix use.
    private func job(_ name: String) -> CIJob? {
        var result: CIJob?
        for variables in matrix(of: name) {
            guard let job = job(name, variables) else { continue }
            if result == nil { result = job } else { result?.merge(job) }
        }
        result?.settle()
        return result
    }

    /// The variables of `parallel: matrix:`, a list of mappings whose values may be lists.
    private func matrix(of name: String) -> [[String: String]] {
        let list = value("parallel", of: name)?.node["matrix"]?.sequence ?? []
        let entries = list.flatMap { entry in
            combinations((entry.mapping ?? []).map { ($0.key.string ?? "", $0.value.strings) })
        }
        return entries.isEmpty ? [[:]] : Array(entries.prefix(100))
    }

    private func job(_ name: String, _ matrix: [String: String]) -> CIJob? {
        guard let entry = entries[name], let script = value("script", of: name) else { return nil }
        if let tags = value("tags", of: name)?.node.strings, tags.contains(where: isForeignTag) { return nil }
        var job = CIJob(
            name: [name, entry.node["stage"]?.string ?? ""].joined(separator: " "),
            evidence: Evidence(entry.path, line: entry.line))
        var known: [String: String] = [:]
        for variables in [
            entries["variables"].map { ($0.path, $0.node) }, value("variables", of: name).map { ($0.path, $0.node) },
        ] {
            for pair in variables?.1.mapping ?? [] {
                guard let key = pair.key.string, let text = (pair.value["value"] ?? pair.value).string else { continue }
                known[key] = text
                job.variables.append(
                    VariableFinding(key, value: text, evidence: Evidence(variables?.0 ?? "", line: pair.key.line)))
            }
        }
        known.merge(matrix) { _, own in own }
        if let (path, node) = value("image", of: name) ?? global("image"), let text = (node["name"] ?? node).string {
            let image = ImageReference(substituted(text, known))
            job.use(image, evidence: Evidence(path, line: (node["name"] ?? node).line))
        }
        if let (path, node) = value("services", of: name) ?? global("services") {
            for service in node.sequence ?? [] {
                guard let text = (service["name"] ?? service).string else { continue }
                let image = ImageReference(substituted(text, known))
                guard image.name != "docker", !text.contains("dind"),
                    let finding = image.service(port: nil, evidence: Evidence(path, line: service.line))
                else { continue }
                job.services.append(finding)
            }
        }
        if let before = value("before_script", of: name) ?? global("before_script") {
            job.steps += steps(before.node, before.path)
        }
        job.steps += steps(script.node, script.path)
        for (name, value) in matrix {
            for index in job.steps.indices { job.steps[index].variables[name] = value }
        }
        return job
    }

    /// The value of a job's key: its own, or that of the nearest job it extends.
    private func value(_ key: String, of name: String, depth: Int = 0) -> (path: String, node: YAMLNode)? {
        guard depth < 11, let entry = entries[name] else { return nil }
        if let node = entry.node[key] { return (entry.path, node) }
        for parent in (entry.node["extends"]?.strings ?? []).reversed() {
            if let found = value(key, of: parent, depth: depth + 1) { return found }
        }
        return nil
    }

    private func global(_ key: String) -> (path: String, node: YAMLNode)? {
        if let entry = entries["default"], let node = entry.node[key] { return (entry.path, node) }
        return entries[key].map { ($0.path, $0.node) }
    }

    /// The lines of a script as one step; `!reference [job, key]` brings those of another job.
    private func steps(_ node: YAMLNode, _ path: String, depth: Int = 0) -> [CIJob.Step] {
        if node.tag == "!reference", let names = node.sequence?.compactMap(\.string), names.count == 2, depth < 10 {
            return value(names[1], of: names[0]).map { steps($0.node, $0.path, depth: depth + 1) } ?? []
        }
        guard let nodes = node.sequence else {
            guard let text = node.string else { return [] }
            return [CIJob.Step(script: text, evidence: Evidence(path, line: scriptLine(of: node, path, repository)))]
        }
        return joinedSteps(nodes.flatMap { steps($0, path, depth: depth + 1) })
    }
}

/// Steps that share a shell as one, so that what one sets is known to the next; lines of the file stay right where the
/// steps follow each other in it.
func joinedSteps(_ steps: [CIJob.Step]) -> [CIJob.Step] {
    var result: [CIJob.Step] = []
    for step in steps {
        guard let last = result.last, last.evidence.path == step.evidence.path, last.directory == step.directory,
            last.variables == step.variables, last.isConditional == step.isConditional,
            let start = last.evidence.line, let line = step.evidence.line
        else {
            result.append(step)
            continue
        }
        let gap = line - start - last.script.utf8.count { $0 == 0x0A }
        guard gap > 0, gap < 10_000 else {
            result.append(step)
            continue
        }
        result[result.count - 1].script = last.script + String(repeating: "\n", count: gap) + step.script
    }
    return result
}

extension CIJob {
    /// Takes over what an image says of the system and its tools.
    mutating func use(_ image: ImageReference, evidence: Evidence) {
        isForeign = image.isForeign
        if !isForeign, let suite = image.suite {
            bases.append(BaseFinding(suite: suite, kind: .hint, evidence: evidence))
        }
        toolchains += image.toolchains.compactMap { toolchainHint($0.tool, $0.version, evidence: evidence) }
    }
}

/// The text with `$NAME` and `${NAME}` replaced where they are known.
func substituted(_ text: String, _ variables: [String: String]) -> String {
    var result = text
    for _ in 0..<5 where result.contains("$") {
        for (name, value) in variables.sorted(by: { $0.key.utf8.count > $1.key.utf8.count }) {
            result = result.replacing(text: "${\(name)}", with: value).replacing(text: "$\(name)", with: value)
        }
    }
    return result
}

private func isForeignTag(_ tag: String) -> Bool {
    let tag = tag.lowercased()
    return ["windows", "macos", "osx", "arm", "aarch64", "freebsd"].contains { tag.range(ofText: $0) != nil }
}

private let globalKeys: Set<String> = [
    "default", "include", "stages", "variables", "workflow", "image", "services", "cache", "before_script",
    "after_script",
]
