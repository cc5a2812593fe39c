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
            ["azure-pipelines.yml", "azure-pipelines.yaml", ".azure-pipelines.yml", ".vsts-ci.yml"].filter(
                repository.contains)
            + [".azure-pipelines", ".ci"].flatMap { folder in
                repository.files(in: folder).map(\.path).filter { isYAML($0) && $0.range(ofText: "azure") != nil }
            }
        var jobs: [CIJob] = []
        for path in paths {
            guard let template = AzureTemplate(path, [:], variables: [:], in: repository) else { continue }
            jobs += AzurePipeline(repository, template).jobs
        }
        var survey = CISurvey(repository)
        survey.read(jobs)
        return survey.findings
    }
}

/// The jobs of a pipeline or of a template.
private struct AzurePipeline {
    private let repository: Repository
    private let template: AzureTemplate
    private let depth: Int
    private var path: String { template.path }
    private var root: YAMLNode { template.root }

    init(_ repository: Repository, _ template: AzureTemplate, depth: Int = 0) {
        self.repository = repository
        self.template = template
        self.depth = depth
    }

    var jobs: [CIJob] { jobs(of: root, Setting(), depth: 0) }

    /// What stages and pipelines say for the jobs in them.
    private struct Setting {
        var pool: YAMLNode?
        var variables: [(name: String, value: String, evidence: Evidence)] = []
        /// A stage whose condition does not hold, or that is for something else by its name.
        var name = ""
    }

    /// The variables of a pipeline, a stage or a job, with those of templates.
    private func variables(_ node: YAMLNode?, in template: AzureTemplate) -> [(
        name: String, value: String, evidence: Evidence
    )] {
        var result = azureVariables(node).map { ($0.name, $0.value, Evidence(template.path, line: node?.line)) }
        for item in node?.sequence ?? [] {
            guard let name = item["template"]?.string, let file = template.file(name), file != template.path,
                let other = AzureTemplate(
                    file, template.arguments(item["parameters"]), variables: template.context.variables,
                    in: repository)
            else { continue }
            result += azureVariables(other.root["variables"]).map {
                ($0.name, $0.value, Evidence(file, line: other.root["variables"]?.line))
            }
        }
        return result
    }

    private func opened(_ node: YAMLNode) -> AzureTemplate? {
        guard depth < 8, let name = node["template"]?.string, let file = template.file(name) else { return nil }
        return AzureTemplate(
            file, template.arguments(node["parameters"]), variables: template.context.variables, in: repository)
    }

    private func jobs(of node: YAMLNode, _ outer: Setting, depth: Int) -> [CIJob] {
        guard depth < 6 else { return [] }
        if let condition = node["condition"]?.string, template.context.evaluate(condition).isTrue == false { return [] }
        var setting = outer
        setting.pool = node["pool"] ?? outer.pool
        setting.variables += variables(node["variables"], in: template)
        if let stage = node["stage"]?.string { setting.name += " " + stage }
        var result: [CIJob] = []
        if let extended = node["extends"], let template = opened(extended) {
            result += AzurePipeline(repository, template, depth: self.depth + 1).jobs(
                of: template.root, setting, depth: 0)
        }
        for stage in node["stages"]?.sequence ?? [] {
            if let template = opened(stage) {
                result += AzurePipeline(repository, template, depth: self.depth + 1)
                    .jobs(of: template.root, setting, depth: 0)
            } else if stage["template"] == nil {
                result += jobs(of: stage, setting, depth: depth + 1)
            }
        }
        for job in node["jobs"]?.sequence ?? [] {
            if let template = opened(job) {
                result += AzurePipeline(repository, template, depth: self.depth + 1)
                    .jobs(of: template.root, setting, depth: 0)
            } else if job["template"] == nil, let job = self.job(job, setting) {
                result.append(job)
            }
        }
        if node["steps"] != nil, let job = job(node, setting) { result.append(job) }
        return result
    }

    private func job(_ node: YAMLNode, _ setting: Setting) -> CIJob? {
        if node["deployment"] != nil { return nil }
        let pool = node["pool"] ?? setting.pool
        var common = setting.variables
        if node["jobs"] == nil, node.line != root.line { common += variables(node["variables"], in: template) }
        let isTolerated =
            node["continueOnError"]?.bool == true || node["continueOnError"]?.string?.lowercased() == "true"
        var result: CIJob?
        for entry in entries(node["strategy"]?["matrix"]) {
            var context = template.context
            for variable in common { context.values["variables.\(variable.name.lowercased())"] = .text(variable.value) }
            for (name, value) in entry { context.values["variables.\(name.lowercased())"] = .text(value) }
            if let condition = node["condition"]?.string, context.evaluate(condition).isTrue == false { continue }
            let image = context.expand((pool?["vmImage"] ?? pool?["name"] ?? pool)?.string ?? "").lowercased()
            if ["windows", "macos", "vs20", "win", "osx", "arm64"].contains(where: { image.range(ofText: $0) != nil }) {
                continue
            }
            let name = [node["job"], node["displayName"]].compactMap { $0?.string }.joined(separator: " ")
            var job = CIJob(
                name: name + setting.name, evidence: Evidence(node.originalPath ?? path, line: node.line))
            job.isOptional = isTolerated
            if let suite = ubuntuSuite(image) {
                job.bases.append(
                    BaseFinding(
                        suite: suite, kind: .hint, evidence: Evidence(path, line: pool?["vmImage"]?.line ?? pool?.line))
                )
            }
            readContainers(node, context, into: &job)
            var seen: Set<String> = []
            for variable in common.reversed() where !variable.name.contains(".") {
                guard seen.insert(variable.name).inserted else { continue }
                let value = context.expand(variable.value)
                job.variables.insert(
                    VariableFinding(variable.name, value: value, evidence: variable.evidence), at: 0)
            }
            readSteps(node["steps"], context, into: &job, depth: 0)
            // Agents set variables as the environment of scripts, in upper case and with underscores.
            for (name, value) in entry {
                let variable = name.uppercased().replacing(text: ".", with: "_")
                for index in job.steps.indices { job.steps[index].variables[variable] = value }
            }
            if result == nil { result = job } else { result?.merge(job) }
        }
        result?.settle()
        return result
    }

    private func entries(_ matrix: YAMLNode?) -> [[String: String]] {
        let entries = (matrix?.mapping ?? []).prefix(100).map { entry in
            Dictionary(
                (entry.value.mapping ?? []).compactMap { pair in
                    pair.key.string.flatMap { key in pair.value.string.map { (key, $0) } }
                }, uniquingKeysWith: { _, last in last })
        }
        return entries.isEmpty ? [[:]] : entries
    }

    /// The image that a job runs in, by the name of a resource or by its own, and the services beside it.
    private func readContainers(_ node: YAMLNode, _ context: AzureContext, into job: inout CIJob) {
        func image(_ node: YAMLNode) -> (text: String, line: Int)? {
            guard let text = (node["image"] ?? node).string.map({ context.expand($0) }) else { return nil }
            for resource in root["resources"]?["containers"]?.sequence ?? [] {
                guard resource["container"]?.string == text, let image = resource["image"] else { continue }
                return image.string.map { (context.expand($0), image.line) }
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

    private func readSteps(_ node: YAMLNode?, _ context: AzureContext, into job: inout CIJob, depth: Int) {
        for step in (node?.sequence ?? []).prefix(1_000) {
            let path = step.originalPath ?? self.path
            if step["enabled"]?.bool == false { continue }
            var isConditional = false
            if let condition = step["condition"]?.string {
                guard let holds = context.evaluate(condition).isTrue else {
                    isConditional = true
                    readStep(step, path, context, isConditional: isConditional, into: &job)
                    continue
                }
                if !holds { continue }
            }
            if step["template"] != nil {
                guard depth < 6, let inner = opened(step) else { continue }
                var values = inner.context
                values.values.merge(context.values.filter { $0.key.hasPrefix("variables.") }) { _, outer in outer }
                AzurePipeline(repository, inner, depth: self.depth + 1).readSteps(
                    inner.root["steps"], values, into: &job, depth: depth + 1)
                continue
            }
            readStep(step, path, context, isConditional: isConditional, into: &job)
        }
    }

    private func readStep(
        _ step: YAMLNode, _ path: String, _ context: AzureContext, isConditional: Bool, into job: inout CIJob
    ) {
        let inputs = step["inputs"]
        func add(_ script: String, _ line: Int?, _ folder: YAMLNode?) {
            var variables: [String: String] = [:]
            for pair in step["env"]?.mapping ?? [] {
                guard let name = pair.key.string, let text = pair.value.string.map({ context.expand($0) }),
                    !text.contains("$")
                else { continue }
                variables[name] = text
            }
            job.steps.append(
                CIJob.Step(
                    script: context.expand(script), evidence: Evidence(path, line: line),
                    directory: directory(folder, context), variables: variables, isConditional: isConditional))
        }
        if let script = step["script"] ?? step["bash"], let text = script.string {
            add(text, scriptLine(of: script, path, repository), step["workingDirectory"])
            return
        }
        guard let task = step["task"]?.string?.prefix(while: { $0 != "@" }).lowercased() else { return }
        if let line = command(of: task, inputs, path) {
            add(line.text, line.line, inputs?["workingDirectory"] ?? inputs?["workingDir"])
        }
        for (tool, key) in tasks[task] ?? [] {
            guard let input = inputs?[key], let text = input.string.map({ context.expand($0) }) else { continue }
            // `1.11` of a JDK is 11, and `3.x` is any.
            let version = tool == "java" && text.hasPrefix("1.1") ? String(text.dropFirst(2)) : text
            if let hint = toolchainHint(tool, version, evidence: Evidence(path, line: input.line)) {
                job.toolchains.append(hint)
            }
        }
    }

    /// The folder that a step runs in, from the root.
    private func directory(_ node: YAMLNode?, _ context: AzureContext) -> String {
        guard let text = node?.string.map({ context.expand($0) }), !text.contains("$") else { return "" }
        return joinPath("", text.hasPrefix("/workspace") ? String(text.dropFirst(10)) : text)
    }

    /// The command that a task stands for, with its line.
    private func command(of task: String, _ inputs: YAMLNode?, _ path: String) -> (text: String, line: Int?)? {
        func text(_ key: String) -> String { inputs?[key]?.string ?? "" }
        switch task {
        case "bash", "cmdline", "shellscript":
            if let script = inputs?["script"] {
                return script.string.map { ($0, scriptLine(of: script, path, repository)) }
            }
            guard let file = inputs?["filePath"] ?? inputs?["scriptPath"], let name = file.string else { return nil }
            return ("bash \(name) \(text("arguments"))\(text("args"))", file.line)
        case "maven", "mavenauthenticate":
            guard task == "maven" else { return nil }
            let goals = inputs?["goals"]?.string ?? "package"
            let file = text("mavenPomFile")
            let folder = file.isEmpty || file == "pom.xml" ? "" : " -f \(file)"
            return ("mvn\(folder) \(text("options")) \(goals)", inputs?.line)
        case "gradle":
            let wrapper = inputs?["gradleWrapperFile"]?.string ?? "gradlew"
            return ("./\(wrapper) \(inputs?["tasks"]?.string ?? "build") \(text("options"))", inputs?.line)
        case "dotnetcorecli":
            guard let verb = inputs?["command"]?.string else { return nil }
            if verb == "custom" { return ("dotnet \(text("custom")) \(text("arguments"))", inputs?.line) }
            let projects = text("projects")
            let target = projects.contains("*") || projects.contains("\n") ? "" : projects
            return ("dotnet \(verb) \(target)", inputs?.line)
        case "npm":
            let verb = inputs?["command"]?.string ?? "install"
            return ("npm \(verb == "custom" ? text("customCommand") : verb)", inputs?.line)
        case "yarn", "yarntask": return ("yarn \(text("arguments"))", inputs?.line)
        case "go": return ("go \(text("command")) \(text("arguments"))", inputs?.line)
        case "cmake": return ("cmake \(text("cmakeArgs"))", inputs?.line)
        case "make": return ("make \(text("target"))", inputs?.line)
        case "pythonscript":
            let file = text("scriptPath")
            return file.isEmpty ? nil : ("python \(file) \(text("arguments"))", inputs?.line)
        default: return nil
        }
    }
}

extension AzureContext {
    /// The variables that a template sees of the file that names it.
    fileprivate var variables: [String: AzureValue] { values.filter { $0.key.hasPrefix("variables.") } }
}

/// The inputs of tasks that name a tool's version, by the tasks' names in lower case.
private let tasks: [String: [(tool: String, key: String)]] = [
    "usepythonversion": [("python", "versionSpec")], "condaenvironment": [],
    "nodetool": [("node", "versionSpec")], "usenode": [("node", "version")],
    "nodetoolinstaller": [("node", "versionSpec")],
    "gotool": [("go", "version")], "goinstaller": [("go", "version")],
    "userubyversion": [("ruby", "versionSpec")], "javatoolinstaller": [("java", "versionSpec")],
    "maven": [("java", "jdkVersionOption"), ("java", "jdkVersion")],
    "gradle": [("java", "jdkVersionOption"), ("java", "jdkVersion")],
    "usedotnet": [("dotnet", "version")], "dotnetcoreinstaller": [("dotnet", "version")],
    "rustinstaller": [("rust", "rustVersion")], "flutterinstall": [("flutter", "customVersion")],
    "terraforminstaller": [("terraform", "terraformVersion")],
    "terraformtoolinstaller": [("terraform", "terraformVersion")],
]
