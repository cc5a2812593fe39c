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
        var survey = CISurvey(repository)
        survey.read(GitLabPipeline([".gitlab-ci.yml"], in: repository).jobs)
        return survey.findings
    }
}

/// The jobs of a pipeline for a push to the main branch or for a merge request.
private struct GitLabPipeline {
    private let repository: Repository
    private let configuration: GitLabConfiguration
    private let depth: Int
    /// The jobs that build images by freedesktop.org's templates, by their distributions.
    private var imageBuilders: [String: [String]] = [:]

    init(_ paths: [String], in repository: Repository, depth: Int = 0) {
        self.repository = repository
        self.depth = depth
        var configuration = GitLabConfiguration(repository)
        for path in paths { configuration.include(path) }
        self.configuration = configuration
        for name in configuration.jobNames {
            guard
                let distribution = templateDistribution(name, kinds: ["container-build", "container-ifnot-exists"])
            else { continue }
            imageBuilders[distribution, default: []].append(name)
        }
    }

    var jobs: [CIJob] {
        configuration.jobNames.flatMap { name -> [CIJob] in
            if let child = children(of: name) { return child }
            return job(name).map { [$0] } ?? []
        }
    }

    /// The jobs of a child pipeline of the repository
    /// ([Downstream pipelines](https://docs.gitlab.com/ci/pipelines/downstream_pipelines/)).
    private func children(of name: String) -> [CIJob]? {
        guard depth < 3, let (_, node) = configuration.value("trigger", of: name), let include = node["include"] else {
            return nil
        }
        let paths = (include.sequence ?? [include]).flatMap { ($0["local"] ?? $0).strings }.map { joinPath("", $0) }
        let outcome = outcome(of: name, [:])
        if outcome == .absent { return [] }
        return GitLabPipeline(paths, in: repository, depth: depth + 1).jobs.map { job in
            var job = job
            job.name += " \(name)"
            if outcome == .optional { job.isOptional = true }
            return job
        }
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
        let list = configuration.value("parallel", of: name)?.node["matrix"]?.sequence ?? []
        let entries = list.flatMap { entry in
            combinations((entry.mapping ?? []).map { ($0.key.string ?? "", $0.value.strings) })
        }
        return entries.isEmpty ? [[:]] : Array(entries.prefix(100))
    }

    private func outcome(of name: String, _ variables: [String: String]) -> GitLabRules.Outcome {
        GitLabRules(configuration, repository).outcome(of: name, variables)
    }

    private func job(_ name: String, _ matrix: [String: String]) -> CIJob? {
        guard let entry = configuration.entries[name], let script = configuration.value("script", of: name) else {
            return nil
        }
        if let tags = configuration.value("tags", of: name)?.node.strings, tags.contains(where: isForeignTag) {
            return nil
        }
        var known: [String: String] = [:]
        let variables = configuration.variables(of: name)
        for variable in variables { known[variable.name] = variable.value }
        known.merge(matrix) { _, own in own }
        let outcome = outcome(of: name, known)
        if outcome == .absent { return nil }
        let stage = configuration.value("stage", of: name)?.node.string ?? ""
        var job = CIJob(
            name: [name, stage].joined(separator: " "), evidence: Evidence(entry.path, line: entry.line))
        job.isOptional = outcome == .optional
        for variable in variables {
            job.variables.append(
                VariableFinding(
                    variable.name, value: variable.value, evidence: Evidence(variable.path, line: variable.line)))
            if let value = known[variable.name],
                let hint = toolchainHint(
                    variable: variable.name, value, evidence: Evidence(variable.path, line: variable.line))
            {
                job.toolchains.append(hint)
            }
        }
        if let (path, node) = configuration.value("image", of: name) ?? configuration.global("image", for: name),
            let text = (node["name"] ?? node).string
        {
            let image = ImageReference(substituted(text, known))
            job.use(image, evidence: Evidence(path, line: (node["name"] ?? node).line))
        }
        if let (path, node) = configuration.value("services", of: name) ?? configuration.global("services", for: name) {
            for service in node.sequence ?? [] {
                guard let text = (service["name"] ?? service).string else { continue }
                job.addService(substituted(text, known), Evidence(path, line: service.line))
            }
        }
        useTemplateImage(name, known, &job)
        if let before = configuration.value("before_script", of: name)
            ?? configuration.global("before_script", for: name)
        {
            job.steps += steps(before.node, before.path)
        }
        job.steps += steps(script.node, script.path)
        for (name, value) in matrix {
            for index in job.steps.indices { job.steps[index].variables[name] = value }
        }
        return job
    }

    /// The lines of a script as one step; `!reference [job, key]` brings those of another job.
    private func steps(_ node: YAMLNode, _ path: String, depth: Int = 0) -> [CIJob.Step] {
        guard depth < 12 else { return [] }
        if node.tag == "!reference" {
            return configuration.referenced(node).map { steps($0.node, $0.path, depth: depth + 1) } ?? []
        }
        guard let nodes = node.sequence else {
            guard let text = node.string else { return [] }
            return [CIJob.Step(script: text, evidence: Evidence(path, line: scriptLine(of: node, path, repository)))]
        }
        return joinedSteps(nodes.flatMap { steps($0, path, depth: depth + 1) })
    }

    // MARK: Images of freedesktop.org's templates

    /// What the variables of freedesktop.org's [ci-templates](https://freedesktop.pages.freedesktop.org/ci-templates/)
    /// say of the image that they build for a job.
    private func useTemplateImage(_ name: String, _ known: [String: String], _ job: inout CIJob) {
        guard let distribution = templateDistribution(name, kinds: ["distribution-image", "suffixed-image"]) else {
            return
        }
        job.isForeign = distribution != "debian" && distribution != "ubuntu"
        let version = known["FDO_DISTRIBUTION_VERSION"].map { substituted($0, known) } ?? ""
        let builders = imageBuilders[distribution] ?? []
        var values = configuration.variables(of: name)
        if !values.contains(where: { $0.name == "FDO_DISTRIBUTION_PACKAGES" }),
            let builder = builders.first(where: { builder in
                version.isEmpty
                    || configuration.variables(of: builder).contains {
                        $0.name == "FDO_DISTRIBUTION_VERSION" && substituted($0.value, known) == version
                    }
            }) ?? builders.first
        {
            values += configuration.variables(of: builder)
        }
        for variable in values {
            let evidence = Evidence(variable.path, line: variable.line)
            let text = substituted(variable.value, known.merging([variable.name: ""]) { _, new in new })
            switch variable.name {
            case "FDO_DISTRIBUTION_VERSION":
                if !job.isForeign, let suite = ImageReference("\(distribution):\(text)").suite {
                    job.bases.append(BaseFinding(suite: suite, kind: .hint, evidence: evidence))
                }
            case "FDO_DISTRIBUTION_PACKAGES":
                guard let installer = installers[distribution] else { continue }
                job.steps.append(
                    CIJob.Step(
                        script: installer + " " + text.split(whereSeparator: \.isWhitespace).joined(separator: " "),
                        evidence: evidence))
            case "FDO_DISTRIBUTION_EXEC": job.steps.append(CIJob.Step(script: text, evidence: evidence))
            default: continue
            }
        }
    }

    /// The distribution behind `@` in the template of one of these kinds that a job extends.
    private func templateDistribution(_ name: String, kinds: [String]) -> String? {
        for ancestor in configuration.lineage(of: name) {
            guard ancestor.hasPrefix(".fdo."), let sign = ancestor.firstIndex(of: "@") else { continue }
            let kind = ancestor[..<sign].dropFirst(5)
            if kinds.contains(where: { kind.hasPrefix($0) }) { return String(ancestor[sign...].dropFirst()) }
        }
        return nil
    }
}

/// How the templates install packages on each distribution.
private let installers = [
    "debian": "apt-get install", "ubuntu": "apt-get install", "fedora": "dnf install", "centos": "dnf install",
    "alpine": "apk add", "opensuse": "zypper install", "arch": "pacman -S",
]

private func isForeignTag(_ tag: String) -> Bool {
    let tag = tag.lowercased()
    return ["windows", "macos", "osx", "arm", "aarch64", "freebsd"].contains { tag.range(ofText: $0) != nil }
}
