//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import YAML

/// Reads Azure Pipelines ([YAML schema](https://learn.microsoft.com/en-us/azure/devops/pipelines/yaml-schema/)).
struct AzureDetector: Detector {
    let name = "azure-pipelines"
    let summary = "azure-pipelines.yml and .azure-pipelines/, with templates of the repository"
    let sources = [
        DetectorSource("azure-pipelines.yml", "toolchains, packages, services, variables, tests", kind: .hint),
        DetectorSource(".azure-pipelines/*.yml", "toolchains, packages, services, variables, tests", kind: .hint),
    ]

    func findings(in repository: Repository) -> [Finding] {
        let paths =
            ["azure-pipelines.yml", "azure-pipelines.yaml", ".azure-pipelines.yml"].filter(repository.contains)
            + [".azure-pipelines", ".ci"].flatMap { folder in
                repository.files(in: folder).map(\.path).filter { isYAML($0) && $0.range(ofText: "azure") != nil }
            }
        var jobs: [CIJob] = []
        for path in paths {
            guard let root = repository.yaml(path) else { continue }
            jobs += AzurePipeline(repository, path: path, root: root).jobs
        }
        var survey = CISurvey(repository)
        survey.read(jobs)
        return survey.findings
    }
}

private struct AzurePipeline {
    private let repository: Repository
    private let path: String
    private let root: YAMLNode

    init(_ repository: Repository, path: String, root: YAMLNode) {
        self.repository = repository
        self.path = path
        self.root = root
    }

    var jobs: [CIJob] { jobs(of: root, pool: nil, depth: 0) }

    /// The variables of a pipeline, a stage or a job: a mapping, or a list with names.
    private func variables(_ node: YAMLNode?) -> [String: String] {
        var values: [String: String] = [:]
        for pair in node?.mapping ?? [] {
            if let name = pair.key.string, let text = pair.value.string { values[name] = text }
        }
        for item in node?.sequence ?? [] {
            if let name = item["name"]?.string, let text = item["value"]?.string { values[name] = text }
        }
        return values
    }

    /// The image that a job runs in, by the name of a resource or by its own, and the services beside it.
    private func readContainers(_ node: YAMLNode, _ entry: [String: String], into job: inout CIJob) {
        func image(_ node: YAMLNode) -> (text: String, line: Int)? {
            guard let text = (node["image"] ?? node).string.map({ substitutedMacros($0, entry) }) else { return nil }
            for resource in root["resources"]?["containers"]?.sequence ?? [] {
                guard resource["container"]?.string == text, let image = resource["image"] else { continue }
                return image.string.map { (substitutedMacros($0, entry), image.line) }
            }
            return (text, node.line)
        }
        if let node = node["container"], let (text, line) = image(node), !text.isEmpty, !text.contains("$") {
            job.use(ImageReference(text), evidence: Evidence(path, line: line))
        }
        for pair in node["services"]?.mapping ?? [] {
            if let (text, line) = image(pair.value) { job.addService(text, Evidence(path, line: line)) }
        }
    }

    private func jobs(of node: YAMLNode, pool: YAMLNode?, depth: Int) -> [CIJob] {
        guard depth < 6 else { return [] }
        let pool = node["pool"] ?? pool
        var result: [CIJob] = []
        for stage in node["stages"]?.sequence ?? [] { result += jobs(of: stage, pool: pool, depth: depth + 1) }
        for job in node["jobs"]?.sequence ?? [] {
            if let name = job["template"]?.string {
                let file = joinPath(parentPath(path), name)
                guard repository.contains(file), let template = repository.yaml(file) else { continue }
                result += AzurePipeline(repository, path: file, root: template).jobs(
                    of: template, pool: pool, depth: depth + 1)
            } else if let job = self.job(job, pool: job["pool"] ?? pool) {
                result.append(job)
            }
        }
        if node["steps"] != nil, let job = job(node, pool: pool) { result.append(job) }
        return result
    }

    private func job(_ node: YAMLNode, pool: YAMLNode?) -> CIJob? {
        var result: CIJob?
        for values in entries(node["strategy"]?["matrix"]) {
            let common = variables(root["variables"]).merging(variables(node["variables"])) { _, own in own }
            let entry = common.merging(values) { _, own in own }
            let image = substitutedMacros((pool?["vmImage"] ?? pool)?.string ?? "", entry).lowercased()
            if ["windows", "macos", "vs20", "win", "osx"].contains(where: { image.range(ofText: $0) != nil }) {
                continue
            }
            let name = [node["job"], node["displayName"]].compactMap { $0?.string }.joined(separator: " ")
            var job = CIJob(name: name, evidence: Evidence(path, line: node.line))
            if let suite = ubuntuSuite(image) {
                job.bases.append(
                    BaseFinding(
                        suite: suite, kind: .hint, evidence: Evidence(path, line: pool?["vmImage"]?.line ?? pool?.line))
                )
            }
            readContainers(node, entry, into: &job)
            for (name, value) in common.sorted(by: { $0.key < $1.key }) where !name.contains(".") {
                job.variables.append(
                    VariableFinding(
                        name, value: value,
                        evidence: Evidence(path, line: (node["variables"] ?? root["variables"])?.line)))
            }
            readSteps(node["steps"], entry, into: &job, depth: 0)
            if result == nil { result = job } else { result?.merge(job) }
        }
        result?.settle()
        return result
    }

    private func entries(_ matrix: YAMLNode?) -> [[String: String]] {
        let entries = (matrix?.mapping ?? []).map { entry in
            Dictionary(
                (entry.value.mapping ?? []).compactMap { pair in
                    pair.key.string.flatMap { key in pair.value.string.map { (key, $0) } }
                }, uniquingKeysWith: { _, last in last })
        }
        return entries.isEmpty ? [[:]] : entries
    }

    private func readSteps(_ node: YAMLNode?, _ entry: [String: String], into job: inout CIJob, depth: Int) {
        for step in node?.sequence ?? [] {
            if let condition = step["condition"]?.string, isForeign(condition) { continue }
            if let name = step["template"]?.string, depth < 4 {
                let file = joinPath(parentPath(path), name)
                guard repository.contains(file), let template = repository.yaml(file) else { continue }
                AzurePipeline(repository, path: file, root: template).readSteps(
                    template["steps"], entry, into: &job, depth: depth + 1)
            } else if let script = step["script"] ?? step["bash"], let text = script.string {
                let folder = step["workingDirectory"]?.string ?? ""
                job.steps.append(
                    CIJob.Step(
                        script: substitutedMacros(text, entry),
                        evidence: Evidence(path, line: scriptLine(of: script, path, repository)),
                        directory: folder.contains("$") ? "" : joinPath("", folder),
                        isConditional: step["condition"] != nil))
            } else if let task = step["task"]?.string, let line = command(of: task, step["inputs"]) {
                let folder = step["inputs"]?["workingDirectory"]?.string ?? ""
                job.steps.append(
                    CIJob.Step(
                        script: substitutedMacros(line.text, entry), evidence: Evidence(path, line: line.line),
                        directory: folder.contains("$") ? "" : joinPath("", folder),
                        isConditional: step["condition"] != nil))
            } else if let task = step["task"]?.string,
                let (tool, key) = tasks[String(task.prefix { $0 != "@" }).lowercased()]
            {
                guard let input = step["inputs"]?[key], let text = input.string,
                    let hint = toolchainHint(
                        tool, substitutedMacros(text, entry), evidence: Evidence(path, line: input.line))
                else { continue }
                job.toolchains.append(hint)
            }
        }
    }

    /// The command that a task stands for, with its line.
    private func command(of task: String, _ inputs: YAMLNode?) -> (text: String, line: Int?)? {
        switch task.prefix(while: { $0 != "@" }).lowercased() {
        case "bash", "cmdline", "shellscript":
            guard let script = inputs?["script"], let text = script.string else { return nil }
            return (text, scriptLine(of: script, path, repository))
        case "maven":
            let goals = inputs?["goals"]?.string ?? "package"
            return ("mvn \(inputs?["options"]?.string ?? "") \(goals)", inputs?.line)
        case "gradle":
            return ("./gradlew \(inputs?["tasks"]?.string ?? "build")", inputs?.line)
        case "dotnetcorecli":
            guard let verb = inputs?["command"]?.string, verb != "custom" else { return nil }
            let projects = inputs?["projects"]?.string ?? ""
            return ("dotnet \(verb) \(projects.contains("*") ? "" : projects)", inputs?.line)
        case "npm":
            let verb = inputs?["command"]?.string ?? "install"
            return ("npm \(verb == "custom" ? inputs?["customCommand"]?.string ?? "" : verb)", inputs?.line)
        default: return nil
        }
    }

    private func isForeign(_ condition: String) -> Bool {
        condition.range(ofText: "eq(variables['Agent.OS'], 'Windows_NT')") != nil && !condition.hasPrefix("ne(")
            || condition.range(ofText: "eq(variables['Agent.OS'], 'Darwin')") != nil && !condition.hasPrefix("ne(")
            || condition.range(ofText: "ne(variables['Agent.OS'], 'Linux')") != nil
    }

    /// The text with `$(name)` replaced by the matrix's values.
    private func substitutedMacros(_ text: String, _ entry: [String: String]) -> String {
        var result = text.replacing(text: "$(Build.SourcesDirectory)", with: "/workspace")
            .replacing(text: "$(System.DefaultWorkingDirectory)", with: "/workspace")
        for (name, value) in entry.sorted(by: { $0.key < $1.key }) {
            result = result.replacing(text: "$(\(name))", with: value)
                .replacing(text: "${{ variables.\(name) }}", with: value)
        }
        return result
    }
}

private let tasks: [String: (String, String)] = [
    "usepythonversion": ("python", "versionSpec"), "nodetool": ("node", "versionSpec"), "usenode": ("node", "version"),
    "gotool": ("go", "version"), "userubyversion": ("ruby", "versionSpec"),
    "javatoolinstaller": ("java", "versionSpec"), "usedotnet": ("dotnet", "version"),
    "goinstaller": ("go", "version"), "nodetoolinstaller": ("node", "versionSpec"),
]
