//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import YAML

/// Reads Travis CI's builds, which still say how old commits were tested
/// ([Build config reference](https://docs.travis-ci.com/user/build-config)).
struct TravisDetector: Detector {
    let name = "travis"
    let summary = ".travis.yml: versions, add-ons, services, install and script phases"
    let sources = [
        DetectorSource(".travis.yml", "toolchains, packages, services, variables, tests", kind: .hint)
    ]

    func findings(in repository: Repository) -> [Finding] {
        let path = ".travis.yml"
        // Beside another service's jobs it is what was left behind.
        guard repository.files(in: ".github/workflows").isEmpty, !repository.contains(".gitlab-ci.yml"),
            repository.contains(path),
            let root = repository.yaml(path)
        else { return [] }
        let reader = TravisBuild(repository, path: path, root: root)
        var survey = CISurvey(repository)
        survey.read(reader.jobs)
        return survey.findings
    }
}

private struct TravisBuild {
    private let repository: Repository
    private let path: String
    private let root: YAMLNode

    init(_ repository: Repository, path: String, root: YAMLNode) {
        self.repository = repository
        self.path = path
        self.root = root
    }

    var jobs: [CIJob] {
        let included = (root["jobs"] ?? root["matrix"])?["include"]?.sequence ?? []
        let common = job([root], name: "test")
        let entries = included.compactMap { node -> CIJob? in
            job([node, root], name: (node["name"]?.string ?? node["stage"]?.string ?? "test"))
        }
        let hasAxes = languageKeys.contains { root[$0.key] != nil } || root["script"] != nil && included.isEmpty
        return (hasAxes || entries.isEmpty ? common.map { [$0] } ?? [] : []) + entries
    }

    /// A job that takes each key from the first of `nodes` that has it.
    private func job(_ nodes: [YAMLNode], name: String) -> CIJob? {
        func value(_ key: String) -> YAMLNode? { nodes.lazy.compactMap { $0[key] }.first }
        let systems = value("os")?.strings ?? []
        if !systems.isEmpty, !systems.contains(where: { $0 == "linux" || $0 == "linux-ppc64le" }) { return nil }
        if let architectures = value("arch")?.strings, !architectures.isEmpty,
            !architectures.contains(where: { $0 == "amd64" || $0 == "x86_64" })
        {
            return nil
        }
        var job = CIJob(name: name, evidence: Evidence(path, line: nodes.first?.line))
        if let node = value("dist"), let suite = node.string {
            job.bases.append(BaseFinding(suite: suite, kind: .hint, evidence: Evidence(path, line: node.line)))
        }
        for (key, tool) in languageKeys {
            guard let node = value(key) else { continue }
            for item in node.sequence ?? [node] {
                guard let text = item.string,
                    let hint = toolchainHint(tool, javaVersion(text), evidence: Evidence(path, line: item.line))
                else { continue }
                job.toolchains.append(hint)
            }
        }
        for addon in nodes.compactMap({ $0["addons"] }) {
            for package in (addon["apt"]?["packages"] ?? addon["apt_packages"] ?? addon["apt"])?.sequence ?? [] {
                guard let text = package.string, let name = debianPackageName(text) else { continue }
                job.packages.append(
                    SystemFinding(.package(name), phase: .test, evidence: Evidence(path, line: package.line)))
            }
            for name in ["postgresql", "mariadb", "mysql", "redis", "mongodb"] {
                guard let node = addon[name], let version = node.string else { continue }
                job.services.append(
                    ServiceFinding(serviceName(name), version: version, evidence: Evidence(path, line: node.line)))
            }
        }
        for service in value("services").map({ $0.sequence ?? [$0] }) ?? [] {
            guard let name = service.string, !["docker", "xvfb"].contains(name) else { continue }
            job.services.append(
                ServiceFinding(serviceName(name), version: nil, evidence: Evidence(path, line: service.line)))
        }
        readVariables(value("env"), into: &job)
        for phase in ["before_install", "install", "before_script", "script"] {
            guard let node = value(phase) else { continue }
            job.steps += joinedSteps(
                (node.sequence ?? [node]).compactMap { line in
                    line.string.map {
                        CIJob.Step(script: $0, evidence: Evidence(path, line: scriptLine(of: line, path, repository)))
                    }
                })
        }
        return job
    }

    /// Variables of all jobs; those of the matrix differ between them.
    private func readVariables(_ node: YAMLNode?, into job: inout CIJob) {
        let texts =
            node?["global"].map { $0.sequence ?? [$0] }
            ?? (node?.mapping == nil && node?.sequence == nil ? node.map { [$0] } ?? [] : [])
        for item in texts {
            for word in shellWords(item.string ?? "") {
                guard let sign = word.firstIndex(of: "="), sign != word.startIndex else { continue }
                job.variables.append(
                    VariableFinding(
                        String(word[..<sign]), value: String(word[word.index(after: sign)...]),
                        evidence: Evidence(path, line: item.line)))
            }
            for pair in item.mapping ?? [] where pair.key.string != "secure" {
                guard let name = pair.key.string else { continue }
                job.variables.append(
                    VariableFinding(name, value: pair.value.string, evidence: Evidence(path, line: pair.key.line)))
            }
        }
    }

    /// `openjdk11` names release 11.
    private func javaVersion(_ text: String) -> String {
        for prefix in ["openjdk", "oraclejdk"] where text.hasPrefix(prefix) {
            return String(text.dropFirst(prefix.count))
        }
        return text
    }
}

private let languageKeys: [(key: String, tool: String)] = [
    ("python", "python"), ("node_js", "node"), ("go", "go"), ("rust", "rust"), ("rvm", "ruby"), ("ruby", "ruby"),
    ("perl", "perl"), ("php", "php"), ("jdk", "java"), ("elixir", "elixir"), ("otp_release", "erlang"), ("ghc", "ghc"),
    ("julia", "julia"), ("r", "r"), ("crystal", "crystal"), ("dart", "dart"), ("lua", "lua"),
]
