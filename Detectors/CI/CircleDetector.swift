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

    /// A job as a workflow uses it.
    private struct Use {
        var given: [String: String] = [:]
        /// Parameters that are lists of steps.
        var steps: [String: YAMLNode] = [:]
        var before: YAMLNode?
        /// Whether a push to the main branch starts it.
        var runsOnPush = true
    }

    var jobs: [CIJob] {
        // A small file can be large by its aliases, and every use of a job copies it.
        guard root.count(upTo: 50_000) < 50_000 else { return [] }
        var jobs: [CIJob] = []
        for pair in root["jobs"]?.mapping ?? [] {
            guard let name = pair.key.string, let job = job(named: name, pair.value, line: pair.key.line) else {
                continue
            }
            jobs.append(job)
        }
        for orb in root["orbs"]?.mapping ?? [] {
            guard let prefix = orb.key.string else { continue }
            for pair in orb.value["jobs"]?.mapping ?? [] {
                guard let name = pair.key.string,
                    let job = job(named: "\(prefix)/\(name)", pair.value, line: pair.key.line)
                else { continue }
                jobs.append(job)
            }
        }
        return jobs + orbJobs
    }

    /// A job, with what all its uses bring together.
    private func job(named name: String, _ node: YAMLNode, line: Int) -> CIJob? {
        var result: CIJob?
        let uses = uses(of: name)
        for use in uses.isEmpty ? [Use()] : uses {
            guard let job = job(name, node, use, line: line) else { continue }
            if result == nil { result = job } else { result?.merge(job) }
        }
        result?.settle()
        // What no workflow runs on a push is left over, or for releases.
        result?.isOptional =
            uses.isEmpty ? root["workflows"]?.mapping?.isEmpty == false : !uses.contains(where: \.runsOnPush)
        return result
    }

    /// The uses of a job in workflows: one for each entry of its matrix.
    private func uses(of name: String) -> [Use] {
        var uses: [Use] = []
        for workflow in root["workflows"]?.mapping ?? [] {
            let isOnPush = runsOnPush(workflow.value)
            for node in workflow.value["jobs"]?.sequence ?? [] {
                if node.string == name { uses.append(Use(runsOnPush: isOnPush)) }
                guard let pair = node.mapping?.first, pair.key.string == name else { continue }
                var use = Use(runsOnPush: isOnPush && runsOnBranches(pair.value["filters"]))
                for argument in pair.value.mapping ?? [] {
                    if let key = argument.key.string, argument.value.sequence != nil { use.steps[key] = argument.value }
                }
                use.before = pair.value["pre-steps"]
                let matrix = pair.value["matrix"]
                let axes = (matrix?["parameters"]?.mapping ?? []).map { axis in
                    (axis.key.string ?? "", axis.value.strings)
                }
                let excluded = (matrix?["exclude"]?.sequence ?? []).map(texts)
                for entry in combinations(axes) where !excluded.contains(entry) && uses.count < 100 {
                    var one = use
                    let fixed = texts(pair.value).mapValues { expanded($0, entry) }
                    one.given = entry.merging(fixed) { matrix, _ in matrix }
                    uses.append(one)
                }
            }
        }
        return uses
    }

    /// Whether a workflow runs on a push, as far as its condition and its triggers say.
    private func runsOnPush(_ workflow: YAMLNode) -> Bool {
        let triggers = workflow["triggers"]?.sequence ?? []
        if !triggers.isEmpty, triggers.allSatisfy({ $0["schedule"] != nil }) { return false }
        if let condition = workflow["when"], holds(condition, [:]) == false { return false }
        if let condition = workflow["unless"], holds(condition, [:]) == true { return false }
        return true
    }

    /// Whether a job's filters admit the main branch; tags come beside branches.
    private func runsOnBranches(_ filters: YAMLNode?) -> Bool {
        guard let branches = filters?["branches"] else { return true }
        if let ignored = branches["ignore"]?.strings, ignored.contains(where: { $0 == "/.*/" }) { return false }
        guard let only = branches["only"]?.strings, !only.isEmpty else { return true }
        return only.contains { name in
            ["main", "master", "develop", "trunk"].contains(name)
                || name.hasPrefix("/")
                    && ["main", "master"].contains {
                        GitLabExpression("$REF =~ \(name)", ["REF": $0]).holds != false
                    }
        }
    }

    /// Jobs of published orbs that run the tests of a language.
    private var orbJobs: [CIJob] {
        var jobs: [CIJob] = []
        for workflow in root["workflows"]?.mapping ?? [] {
            for node in workflow.value["jobs"]?.sequence ?? [] {
                let pair = node.mapping?.first
                let name = pair?.key.string ?? node.string ?? ""
                let parts = name.split(separator: "/").map(String.init)
                guard parts.count == 2, parts[1] == "test", let tool = orbTool(parts[0]) else { continue }
                let evidence = Evidence(path, line: pair?.key.line ?? node.line)
                var job = CIJob(name: name, evidence: evidence)
                let given = pair?.value
                let versions =
                    (given?["version"] ?? given?["tag"]).map { [$0] } ?? []
                    + (given?["matrix"]?["parameters"]?["version"]?.sequence ?? [])
                for version in versions {
                    guard let text = version.string,
                        let hint = toolchainHint(tool, text, evidence: Evidence(path, line: version.line))
                    else { continue }
                    job.toolchains.append(hint)
                }
                let manager = given?["pkg-manager"]?.string ?? "npm"
                let program = manager.hasPrefix("yarn") ? "yarn" : manager.hasPrefix("pnpm") ? "pnpm" : "npm"
                let script =
                    tool == "node"
                    ? "\(program) run \(given?["run-command"]?.string ?? "test")"
                    : tool == "python" ? given?["test-tool"]?.string ?? "pytest" : nil
                if let script {
                    let folder = given?["app-dir"]?.string.map(own) ?? ""
                    job.steps.append(CIJob.Step(script: script, evidence: evidence, directory: folder))
                }
                jobs.append(job)
            }
        }
        return jobs
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
            guard let key = parameter.key.string, let value = parameter.value["default"] else { continue }
            values[key] = value.string ?? (value.sequence == nil ? "" : nil)
        }
        return values.merging(given) { _, given in given }
    }

    /// The lists of steps among the parameters.
    private func stepLists(_ node: YAMLNode?, _ given: [String: YAMLNode]) -> [String: YAMLNode] {
        var values: [String: YAMLNode] = [:]
        for parameter in node?.mapping ?? [] where parameter.value["type"]?.string == "steps" {
            guard let key = parameter.key.string else { continue }
            values[key] = given[key] ?? parameter.value["default"]
        }
        return values
    }

    /// What a name stands for in the configuration, or behind a slash in an orb that it holds itself.
    private func definition(_ kind: String, _ name: String) -> YAMLNode? {
        if let slash = name.firstIndex(of: "/") {
            return root["orbs"]?[String(name[..<slash])]?[kind]?[String(name[slash...].dropFirst())]
        }
        return root[kind]?[name]
    }

    private func job(_ name: String, _ original: YAMLNode, _ use: Use, line: Int) -> CIJob? {
        let parameters = self.parameters(original["parameters"], use.given)
        let lists = stepLists(original["parameters"], use.steps)
        let node = original.mapTexts { expanded($0, parameters) }
        let executor = (node["executor"]?["name"] ?? node["executor"])?.string
        var environment = executor.flatMap { definition("executors", $0) }
        // An executor has parameters of its own.
        if let found = environment {
            let inner = self.parameters(found["parameters"], texts(node["executor"]))
            environment = found.mapTexts { expanded($0, inner) }
        }
        if node["macos"] != nil || environment?["macos"] != nil { return nil }
        var job = CIJob(name: name, evidence: Evidence(path, line: line))
        if let containers = (node["docker"] ?? environment?["docker"])?.sequence {
            readContainers(containers, into: &job)
        } else if let executor, let slash = executor.firstIndex(of: "/") {
            readOrbExecutor(String(executor[..<slash]), node["executor"], into: &job)
        }
        let machine = node["machine"] ?? environment?["machine"]
        if let image = machine?["image"] {
            let text = image.string ?? ""
            if text.hasPrefix("windows") { return nil }
            if let suite = ubuntuSuite(text) {
                job.bases.append(BaseFinding(suite: suite, kind: .hint, evidence: Evidence(path, line: image.line)))
            }
        }
        if let resource = (node["resource_class"] ?? environment?["resource_class"])?.string,
            resource.hasPrefix("arm.") || resource.hasPrefix("windows")
        {
            return nil
        }
        job.addVariables(environment?["environment"], path)
        job.addVariables(node["environment"], path)
        let folder = (node["working_directory"] ?? environment?["working_directory"])?.string ?? ""
        let directory = folder.contains("/") ? own(folder) : ""
        let scope = Scope(parameters: parameters, lists: lists, directory: directory)
        job.steps =
            steps(use.before, scope, into: &job, depth: 0) + steps(node["steps"], scope, into: &job, depth: 0)
        return job
    }

    /// The first container runs the job, the others beside it are services.
    private func readContainers(_ containers: [YAMLNode], into job: inout CIJob) {
        for (index, container) in containers.enumerated() {
            guard let node = container["image"], let text = node.string else { continue }
            let evidence = Evidence(path, line: node.line)
            if index == 0 {
                job.use(ImageReference(text), evidence: evidence)
                job.addVariables(container["environment"], path)
            } else {
                job.addService(text, evidence)
            }
        }
    }

    /// `executor: { name: python/default, tag: "3.11" }` runs in the orb's image of that tag.
    private func readOrbExecutor(_ orb: String, _ executor: YAMLNode?, into job: inout CIJob) {
        guard let tool = orbTool(orb), let tag = executor?["tag"] ?? executor?["version"], let text = tag.string,
            let hint = toolchainHint(tool, text, evidence: Evidence(path, line: tag.line))
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

    // MARK: Steps

    private struct Scope {
        var parameters: [String: String]
        var lists: [String: YAMLNode]
        var directory: String
    }

    private func steps(_ node: YAMLNode?, _ scope: Scope, into job: inout CIJob, depth: Int) -> [CIJob.Step] {
        guard depth < 6 else { return [] }
        if let text = node?.string, let list = parameterName(text).flatMap({ scope.lists[$0] }) {
            return steps(list, scope, into: &job, depth: depth + 1)
        }
        var result: [CIJob.Step] = []
        for step in (node?.sequence ?? []).prefix(500) {
            if let run = step["run"] {
                if let step = self.step(run, scope) { result.append(step) }
            } else if let when = step["when"] ?? step["unless"], when.mapping != nil {
                let outcome = when["condition"].flatMap { holds($0, scope.parameters) }
                let isWanted = step["when"] != nil
                if outcome == !isWanted { continue }
                result += steps(when["steps"], scope, into: &job, depth: depth + 1).map {
                    var step = $0
                    if outcome == nil { step.isConditional = true }
                    return step
                }
            } else if let list = step["steps"] ?? step.string.flatMap({ parameterName($0) == nil ? nil : step }) {
                result += steps(list, scope, into: &job, depth: depth + 1)
            } else if let name = step.string ?? step.mapping?.first?.key.string {
                let arguments = step.mapping?.first?.value
                if let command = definition("commands", name) {
                    let given = self.parameters(
                        command["parameters"], texts(arguments).mapValues { expanded($0, scope.parameters) })
                    var own: [String: YAMLNode] = [:]
                    for pair in arguments?.mapping ?? [] {
                        guard let key = pair.key.string else { continue }
                        own[key] =
                            pair.value.string.flatMap(parameterName).flatMap { scope.lists[$0] }
                            ?? (pair.value.sequence == nil ? nil : pair.value)
                    }
                    let inner = Scope(
                        parameters: given, lists: stepLists(command["parameters"], own), directory: scope.directory)
                    result += steps(
                        command["steps"]?.mapTexts { expanded($0, given) }, inner, into: &job, depth: depth + 1)
                } else if let slash = name.firstIndex(of: "/") {
                    readOrbStep(String(name[..<slash]), arguments, scope.parameters, into: &job)
                }
            }
        }
        return Array(result.prefix(2_000))
    }

    private func step(_ run: YAMLNode, _ scope: Scope) -> CIJob.Step? {
        let command = run["command"] ?? run
        guard let text = command.string else { return nil }
        let folder = run["working_directory"]?.string.map { own(expanded($0, scope.parameters)) } ?? scope.directory
        let isOnFailure = run["when"]?.string == "on_fail"
        return CIJob.Step(
            script: expanded(text, scope.parameters),
            evidence: Evidence(path, line: scriptLine(of: command, path, repository)), directory: folder,
            variables: texts(run["environment"]).mapValues { expanded($0, scope.parameters) },
            isConditional: isOnFailure)
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

    // MARK: Expressions

    /// The text with `<< parameters.name >>` replaced; those of the pipeline have their defaults.
    private func expanded(_ text: String, _ parameters: [String: String]) -> String {
        guard text.range(ofText: "<<") != nil else { return text }
        var result = ""
        for (index, part) in text.parts(separatedBy: "<<").enumerated() {
            guard index > 0, let end = part.range(ofText: ">>") else {
                result += index > 0 ? "<<" + part : part
                continue
            }
            let name = part[..<end].trimmingSpaces
            let value: String?
            if name.hasPrefix("parameters.") {
                value = parameters[String(name.dropFirst(11))]
            } else if name.hasPrefix("matrix.") {
                value = parameters[String(name.dropFirst(7))]
            } else if name.hasPrefix("pipeline.parameters.") {
                value = root["parameters"]?[String(name.dropFirst(20))]?["default"]?.string
            } else {
                value = pipelineValues[name]
            }
            result += value ?? "<<" + part[..<end] + ">>"
            result += part[end...].dropFirst(2)
        }
        return result
    }

    /// The name in `<< parameters.name >>`, where that is all.
    private func parameterName(_ text: String) -> String? {
        let text = text.trimmingSpaces
        guard text.hasPrefix("<<"), text.hasSuffix(">>") else { return nil }
        let name = text.dropFirst(2).dropLast(2).trimmingSpaces
        return name.hasPrefix("parameters.") ? String(name.dropFirst(11)) : nil
    }

    /// Whether a [logic statement](https://circleci.com/docs/reference/configuration-reference/#logic-statements) holds;
    /// nil where that is not known.
    private func holds(_ node: YAMLNode, _ parameters: [String: String], depth: Int = 0) -> Bool? {
        guard depth < 20 else { return nil }
        if let condition = node["condition"], node.mapping?.count == 1 {
            return holds(condition, parameters, depth: depth + 1)
        }
        if let parts = node["and"]?.sequence {
            let values = parts.map { holds($0, parameters, depth: depth + 1) }
            return values.contains(false) ? false : values.contains(nil) ? nil : true
        }
        if let parts = node["or"]?.sequence {
            let values = parts.map { holds($0, parameters, depth: depth + 1) }
            return values.contains(true) ? true : values.contains(nil) ? nil : false
        }
        if let inner = node["not"] { return holds(inner, parameters, depth: depth + 1).map { !$0 } }
        if let parts = node["equal"]?.sequence {
            let values = parts.map { expanded($0.string ?? "", parameters) }
            if values.contains(where: { $0.range(ofText: "<<") != nil }) { return nil }
            return values.allSatisfy { $0 == values.first }
        }
        if let matches = node["matches"], let pattern = matches["pattern"]?.string, let text = matches["value"]?.string
        {
            let value = expanded(text, parameters)
            if value.range(ofText: "<<") != nil { return nil }
            return LinePattern(pattern, needsGroup: false)?.matches(value)
        }
        guard case .scalar(let text, _) = node.value else { return nil }
        let value = expanded(text, parameters)
        if value.range(ofText: "<<") != nil { return nil }
        return !["", "false", "0", "null"].contains(value)
    }
}

/// What the service knows of a push to the main branch.
private let pipelineValues = [
    "pipeline.git.branch": "main", "pipeline.git.branch.is_default": "true", "pipeline.git.tag": "",
    "pipeline.trigger_source": "webhook",
]
