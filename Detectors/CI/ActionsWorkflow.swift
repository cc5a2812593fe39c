//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import YAML

/// A workflow of GitHub Actions
/// ([Workflow syntax](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax)).
struct ActionsWorkflow {
    let repository: Repository
    let path: String
    let node: YAMLNode

    init(_ repository: Repository, path: String, node: YAMLNode) {
        self.repository = repository
        self.path = path
        self.node = node
    }

    /// Whether a push to the main branch or a pull request starts it.
    var runsOnPush: Bool {
        guard let triggers = node["on"] else { return false }
        if triggers.strings.contains(where: pushEvents.contains) { return true }
        return triggers.mapping?.contains { pair in
            guard let event = pair.key.string, pushEvents.contains(event) else { return false }
            // A push of tags alone is a release.
            let keys = Set(pair.value.mapping?.compactMap(\.key.string) ?? [])
            return
                !(event == "push" && keys.contains("tags")
                && keys.isDisjoint(with: ["branches", "branches-ignore", "paths"]))
        } ?? false
    }

    /// Its jobs that run on Linux.
    func jobs(inputs: [String: ActionsValue], depth: Int) -> [CIJob] {
        var jobs: [CIJob] = []
        for pair in node["jobs"]?.mapping ?? [] {
            guard let id = pair.key.string else { continue }
            if let called = pair.value["uses"]?.string {
                jobs += reusedJobs(called, pair.value, inputs: inputs, depth: depth)
            } else if let job = job(id, pair.value, inputs: inputs, line: pair.key.line) {
                jobs.append(job)
            }
        }
        return jobs
    }

    /// The jobs of a reusable workflow of the repository.
    private func reusedJobs(_ called: String, _ job: YAMLNode, inputs: [String: ActionsValue], depth: Int) -> [CIJob] {
        guard called.hasPrefix("./"), depth < 4 else { return [] }
        let path = joinPath("", called)
        guard repository.contains(path), let workflow = repository.yaml(path) else { return [] }
        var given = defaults(workflow["on"]?["workflow_call"]?["inputs"])
        var jobs: [CIJob] = []
        let needs = outputs(ofJobsThat: job, inputs: inputs, depth: 0)
        for entry in matrixEntries(job["strategy"]?["matrix"], context: self.context(inputs, needs)) {
            let context = self.context(inputs, entry.merging(needs) { own, _ in own })
            if let condition = job["if"]?.string, context.holds(condition) == false { continue }
            for pair in job["with"]?.mapping ?? [] {
                guard let name = pair.key.string, let text = pair.value.string else { continue }
                given["inputs.\(name)"] = text.contains("${{") ? context.evaluate(text) : .text(text)
            }
            let read = ActionsWorkflow(repository, path: path, node: workflow).jobs(inputs: given, depth: depth + 1)
            // The entries of a matrix call the same jobs with other versions.
            for job in read {
                if let index = jobs.firstIndex(where: { $0.evidence == job.evidence }) {
                    jobs[index].merge(job)
                } else {
                    jobs.append(job)
                }
            }
        }
        return jobs
    }

    private func context(_ inputs: [String: ActionsValue], _ entry: [String: ActionsValue]) -> ActionsContext {
        var context = ActionsContext(inputs.merging(entry) { _, new in new })
        for (name, value) in environment(node["env"], context) {
            context.values["env.\(name)"] = value.map { .text($0) } ?? .unknown
        }
        return context
    }

    /// The outputs of the jobs that a job waits for, as far as scripts write plain text into them: mostly the axes of a
    /// matrix.
    private func outputs(ofJobsThat job: YAMLNode, inputs: [String: ActionsValue], depth: Int) -> [String:
        ActionsValue]
    {
        var values: [String: ActionsValue] = [:]
        guard depth < 2 else { return values }
        for name in (job["needs"]?.strings ?? []).prefix(20) {
            guard let other = node["jobs"]?[name], let outputs = other["outputs"]?.mapping else { continue }
            var known = context(inputs, self.outputs(ofJobsThat: other, inputs: inputs, depth: depth + 1))
            for (name, value) in environment(other["env"], known) {
                known.values["env.\(name)"] = value.map { .text($0) } ?? .unknown
            }
            var steps = ActionsSteps(repository, path: path, context: known, directory: "")
            var ignored = CIJob(name: "", evidence: Evidence(path))
            steps.read(other["steps"]?.sequence ?? [], into: &ignored)
            for pair in outputs {
                guard let key = pair.key.string, let text = pair.value.string else { continue }
                let value = steps.context.expand(text)
                if !value.contains("$") { values["needs.\(name).outputs.\(key)"] = .text(value) }
            }
        }
        return values
    }

    private func job(_ id: String, _ job: YAMLNode, inputs: [String: ActionsValue], line: Int) -> CIJob? {
        let stem = path.split(separator: "/").last?.prefix { $0 != "." } ?? ""
        let name = [String(stem), id, withoutExpressions(job["name"]?.string ?? "")].joined(separator: " ")
        var result: CIJob?
        let needs = outputs(ofJobsThat: job, inputs: inputs, depth: 0)
        for entry in matrixEntries(job["strategy"]?["matrix"], context: context(inputs, needs)) {
            var context = self.context(inputs, entry.merging(needs) { own, _ in own })
            if let condition = job["if"]?.string, context.holds(condition) == false { continue }
            if let flag = job["continue-on-error"],
                flag.bool == true || flag.string.map({ context.holds($0) == true && $0 != "false" }) == true
            {
                continue
            }
            guard let runner = runner(job["runs-on"], context) else { continue }
            var one = CIJob(name: name, evidence: Evidence(path, line: line))
            if let base = runner.base { one.bases.append(base) }
            for variables in [node["env"], job["env"]] {
                for (name, value) in environment(variables, context) {
                    context.values["env.\(name)"] = value.map { .text($0) } ?? .unknown
                    one.variables.append(
                        VariableFinding(name, value: value, evidence: Evidence(path, line: variables?.line)))
                }
            }
            readContainer(job["container"], context, into: &one)
            readServices(job["services"], context, into: &one)
            let folder =
                [job, node].lazy.compactMap { $0["defaults"]?["run"]?["working-directory"]?.string }.first ?? ""
            var steps = ActionsSteps(
                repository, path: path, context: context, directory: joinPath("", context.expand(folder)))
            steps.read(job["steps"]?.sequence ?? [], into: &one)
            if result == nil { result = one } else { result?.merge(one) }
        }
        result?.settle()
        return result
    }

    /// What runs the job; nil for a system that is not Linux on x86-64.
    private func runner(_ node: YAMLNode?, _ context: ActionsContext) -> (base: BaseFinding?, Void)? {
        guard let node else { return (nil, ()) }
        let labels = (node["labels"] ?? node["group"] ?? node).strings.map { context.expand($0).lowercased() }
        if labels.contains(where: { label in foreignRunners.contains { label.range(ofText: $0) != nil } }) {
            return nil
        }
        let base = labels.lazy.compactMap { label -> BaseFinding? in
            ubuntuSuite(label).map { BaseFinding(suite: $0, kind: .hint, evidence: Evidence(path, line: node.line)) }
        }.first
        return (base, ())
    }

    /// Reads the image that the job runs in.
    private func readContainer(_ node: YAMLNode?, _ context: ActionsContext, into job: inout CIJob) {
        guard let image = (node?["image"] ?? node)?.string, let node else { return }
        let text = context.expand(image)
        if text.isEmpty || text.contains("${{") { return }
        job.bases = []
        job.use(ImageReference(text), evidence: Evidence(path, line: (node["image"] ?? node).line))
        for (name, value) in environment(node["env"], context) {
            job.variables.append(VariableFinding(name, value: value, evidence: Evidence(path, line: node["env"]?.line)))
        }
    }

    private func readServices(_ node: YAMLNode?, _ context: ActionsContext, into job: inout CIJob) {
        for pair in node?.mapping ?? [] {
            guard let image = pair.value["image"]?.string else { continue }
            let reference = ImageReference(context.expand(image))
            let port = pair.value["ports"]?.sequence?.compactMap { $0.string.flatMap(containerPort) }.first
            if let service = reference.service(port: port, evidence: Evidence(path, line: pair.value["image"]?.line)) {
                job.services.append(service)
            }
        }
    }
}

/// The text without its expressions.
private func withoutExpressions(_ text: String) -> String {
    text.parts(separatedBy: "${{").enumerated().map { index, part in
        index == 0 ? part : part.parts(separatedBy: "}}").dropFirst().joined()
    }.joined()
}

/// The variables of an `env:` mapping, in order; nil for a value that is not known.
func environment(_ node: YAMLNode?, _ context: ActionsContext) -> [(name: String, value: String?)] {
    (node?.mapping ?? []).compactMap { pair in
        guard let name = pair.key.string, case .scalar(let text, _) = pair.value.value else { return nil }
        let value = context.expand(text)
        return (name, value.contains("${{") ? nil : value)
    }
}

/// The defaults of a workflow's or an action's inputs.
func defaults(_ inputs: YAMLNode?) -> [String: ActionsValue] {
    var values: [String: ActionsValue] = [:]
    for pair in inputs?.mapping ?? [] {
        guard let name = pair.key.string else { continue }
        values["inputs.\(name)"] = .text(pair.value["default"]?.string ?? "")
    }
    return values
}

extension CIJob {
    /// Adds what another entry of the same job's matrix uses.
    mutating func merge(_ other: CIJob) {
        for base in other.bases where !bases.contains(base) { bases.append(base) }
        for tool in other.toolchains where !toolchains.contains(tool) { toolchains.append(tool) }
        for package in other.packages where !packages.contains(package) { packages.append(package) }
        for service in other.services where !services.contains(service) { services.append(service) }
        for variable in other.variables where !variables.contains(variable) { variables.append(variable) }
        for step in other.steps
        where !steps.contains(where: {
            $0.evidence == step.evidence && $0.script == step.script && $0.directory == step.directory
        }) {
            steps.append(step)
        }
    }

    /// Marks the steps whose scripts are another one in each entry.
    mutating func settle() {
        var counts: [Evidence: Int] = [:]
        for step in steps { counts[step.evidence, default: 0] += 1 }
        for index in steps.indices where counts[steps[index].evidence] != 1 { steps[index].varies = true }
        // Of the versions of a service the newest comes first.
        services = services.enumerated().sorted { left, right in
            guard left.element.name == right.element.name else { return left.offset < right.offset }
            let (first, second) = (numbers(left.element.version), numbers(right.element.version))
            return first == second ? left.offset < right.offset : second.lexicographicallyPrecedes(first)
        }.map(\.element)
        // Variables with several values belong to the matrix.
        var values: [String: Set<String?>] = [:]
        for variable in variables { values[variable.name, default: []].insert(variable.value) }
        variables.removeAll { values[$0.name]?.count != 1 }
    }
}

private func numbers(_ version: String?) -> [Int] {
    (version ?? "").split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
}

private let pushEvents: Set<String> = ["push", "pull_request", "pull_request_target", "merge_group"]
private let foreignRunners = [
    "windows", "macos", "osx", "arm64", "aarch64", "-arm", "s390x", "ppc64", "riscv", "freebsd",
]
