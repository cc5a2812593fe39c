//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import YAML

/// Reads CircleCI's jobs ([Configuration reference](https://circleci.com/docs/reference/configuration-reference/)).
struct CircleDetector: Detector {
    let name = "circleci"
    let summary = ".circleci/config.yml: images, services, commands, steps, orbs"
    let sources = [
        DetectorSource(".circleci/config.yml", "toolchains, packages, services, variables, tests", kind: .hint)
    ]

    func findings(in repository: Repository) -> [Finding] {
        var jobs: [CIJob] = []
        for path in [".circleci/config.yml", ".circleci/continue_config.yml", ".circleci/config.yaml"]
        where repository.contains(path) {
            guard let root = repository.yaml(path) else { continue }
            jobs += CircleConfiguration(repository, path: path, root: root).jobs
        }
        var survey = CISurvey(repository)
        survey.read(jobs)
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
            guard let name = pair.key.string else { return nil }
            var result: CIJob?
            for given in uses(of: name) {
                guard let job = job(name, pair.value, given, line: pair.key.line) else { continue }
                if result == nil { result = job } else { result?.merge(job) }
            }
            result?.settle()
            return result
        }
    }

    /// The parameters that the workflows give a job: once for each use and each entry of its matrix.
    private func uses(of name: String) -> [[String: String]] {
        var uses: [[String: String]] = []
        for workflow in root["workflows"]?.mapping ?? [] {
            for use in workflow.value["jobs"]?.sequence ?? [] {
                guard let pair = use.mapping?.first, pair.key.string == name else { continue }
                let fixed = texts(pair.value)
                let axes = (pair.value["matrix"]?["parameters"]?.mapping ?? []).map { axis in
                    (axis.key.string ?? "", axis.value.strings)
                }
                uses += combinations(axes).map { $0.merging(fixed) { matrix, _ in matrix } }
            }
        }
        return uses.isEmpty ? [[:]] : Array(uses.prefix(100))
    }

    private func texts(_ node: YAMLNode?) -> [String: String] {
        Dictionary(
            (node?.mapping ?? []).compactMap { pair in
                pair.key.string.flatMap { key in pair.value.string.map { (key, $0) } }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The values of parameters: those given, otherwise the defaults.
    private func parameters(_ node: YAMLNode?, _ given: [String: String]) -> [String: String] {
        var values: [String: String] = [:]
        for parameter in node?.mapping ?? [] {
            guard let key = parameter.key.string, let text = parameter.value["default"]?.string else { continue }
            values[key] = text
        }
        return values.merging(given) { _, given in given }
    }

    private func job(_ name: String, _ node: YAMLNode, _ given: [String: String], line: Int) -> CIJob? {
        let parameters = self.parameters(node["parameters"], given)
        let executor = (node["executor"]?["name"] ?? node["executor"])?.string.map { expanded($0, parameters) }
        let environment = executor.flatMap { root["executors"]?[$0] }
        // An executor has parameters of its own.
        let inner = self.parameters(
            environment?["parameters"], texts(node["executor"]).mapValues { expanded($0, parameters) })
        if node["macos"] != nil || environment?["macos"] != nil { return nil }
        var job = CIJob(name: name, evidence: Evidence(path, line: line))
        if let containers = node["docker"]?.sequence {
            readContainers(containers, parameters, into: &job)
        } else if let containers = environment?["docker"]?.sequence {
            readContainers(containers, inner, into: &job)
        } else if let executor, let slash = executor.firstIndex(of: "/") {
            readOrbExecutor(String(executor[..<slash]), node["executor"], parameters, into: &job)
        }
        if let machine = (node["machine"] ?? environment?["machine"])?["image"],
            let suite = machine.string.flatMap(ubuntuSuite)
        {
            job.bases.append(BaseFinding(suite: suite, kind: .hint, evidence: Evidence(path, line: machine.line)))
        }
        job.addVariables(environment?["environment"], path)
        job.addVariables(node["environment"], path)
        let folder = (node["working_directory"]?.string).map { expanded($0, parameters) } ?? ""
        job.steps = steps(
            node["steps"], parameters, into: &job, directory: folder.contains("/") ? own(folder) : "", depth: 0)
        return job
    }

    /// The first container runs the job, the others beside it are services.
    private func readContainers(_ containers: [YAMLNode], _ parameters: [String: String], into job: inout CIJob) {
        for (index, container) in containers.enumerated() {
            guard let node = container["image"], let text = node.string else { continue }
            let evidence = Evidence(path, line: node.line)
            if index == 0 {
                job.use(ImageReference(expanded(text, parameters)), evidence: evidence)
                job.addVariables(container["environment"], path)
            } else {
                job.addService(expanded(text, parameters), evidence)
            }
        }
    }

    /// `executor: { name: python/default, tag: "3.11" }` runs in the orb's image of that tag.
    private func readOrbExecutor(
        _ orb: String, _ executor: YAMLNode?, _ parameters: [String: String], into job: inout CIJob
    ) {
        guard let tool = orbTool(orb), let tag = executor?["tag"] ?? executor?["version"], let text = tag.string,
            let hint = toolchainHint(tool, expanded(text, parameters), evidence: Evidence(path, line: tag.line))
        else { return }
        job.toolchains.append(hint)
    }

    /// The tool that an orb is for: `circleci/python@2` behind the name that the configuration gives it.
    private func orbTool(_ name: String) -> String? {
        guard let address = root["orbs"]?[name]?.string else { return nil }
        let orb = address.split(separator: "/").last?.prefix { $0 != "@" } ?? ""
        let tool = toolName(String(orb))
        return ["python", "node", "ruby", "go", "rust", "java", "php", "elixir", "terraform"].contains(tool)
            ? tool : nil
    }

    /// The folder in the repository, which lies in the home folder's `project` unless the job says otherwise.
    private func own(_ folder: String) -> String {
        let path = folder.hasPrefix("~/project/") ? String(folder.dropFirst(10)) : folder
        return path.hasPrefix("~") || path.hasPrefix("/") || path.contains("<<") ? "" : joinPath("", path)
    }

    private func steps(
        _ node: YAMLNode?, _ parameters: [String: String], into job: inout CIJob, directory: String, depth: Int
    ) -> [CIJob.Step] {
        guard depth < 6 else { return [] }
        var result: [CIJob.Step] = []
        for step in node?.sequence ?? [] {
            if let run = step["run"] {
                let command = run["command"] ?? run
                guard let text = command.string else { continue }
                let folder = run["working_directory"]?.string.map { own(expanded($0, parameters)) } ?? directory
                result.append(
                    CIJob.Step(
                        script: expanded(text, parameters),
                        evidence: Evidence(path, line: scriptLine(of: command, path, repository)), directory: folder,
                        variables: texts(run["environment"])))
            } else if let when = step["when"] ?? step["unless"], when.mapping != nil {
                result += steps(when["steps"], parameters, into: &job, directory: directory, depth: depth + 1).map {
                    var conditional = $0
                    conditional.isConditional = true
                    return conditional
                }
            } else if let name = step.string ?? step.mapping?.first?.key.string {
                let arguments = step.mapping?.first?.value
                if let command = root["commands"]?[name] {
                    let given = self.parameters(
                        command["parameters"], texts(arguments).mapValues { expanded($0, parameters) })
                    result += steps(command["steps"], given, into: &job, directory: directory, depth: depth + 1)
                } else if let slash = name.firstIndex(of: "/") {
                    readOrbStep(String(name[..<slash]), arguments, parameters, into: &job)
                }
            }
        }
        return result
    }

    /// `node/install: { node-version: "20" }`.
    private func readOrbStep(
        _ orb: String, _ arguments: YAMLNode?, _ parameters: [String: String], into job: inout CIJob
    ) {
        if orb == "browser-tools" {
            job.packages.append(
                SystemFinding(.package("chromium"), phase: .test, evidence: Evidence(path, line: arguments?.line)))
            return
        }
        guard let tool = orbTool(orb) else { return }
        for key in ["\(tool)-version", "version", "tag"] {
            guard let node = arguments?[key], let text = node.string,
                let hint = toolchainHint(tool, expanded(text, parameters), evidence: Evidence(path, line: node.line))
            else { continue }
            job.toolchains.append(hint)
            return
        }
    }

    /// The text with `<< parameters.name >>` replaced; those of the pipeline have their defaults.
    private func expanded(_ text: String, _ parameters: [String: String]) -> String {
        guard text.range(ofText: "<<") != nil else { return text }
        var result = text
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            for form in ["<< parameters.\(name) >>", "<<parameters.\(name)>>", "<< matrix.\(name) >>"] {
                result = result.replacing(text: form, with: value)
            }
        }
        for parameter in root["parameters"]?.mapping ?? [] {
            guard let name = parameter.key.string, let value = parameter.value["default"]?.string else { continue }
            for form in ["<< pipeline.parameters.\(name) >>", "<<pipeline.parameters.\(name)>>"] {
                result = result.replacing(text: form, with: value)
            }
        }
        return result
    }
}
