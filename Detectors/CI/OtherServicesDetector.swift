//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import YAML

/// Reads continuous integrations that name a machine and lists of commands: Semaphore, AppVeyor, SourceHut, AWS CodeBuild.
struct OtherServicesDetector: Detector {
    let name = "other-ci"
    let summary = ".semaphore/semaphore.yml, appveyor.yml, .build.yml, buildspec.yml"
    let sources = [
        DetectorSource(".semaphore/semaphore.yml", "toolchains, packages, services, tests", kind: .hint),
        DetectorSource("appveyor.yml", "toolchains, packages, tests on Ubuntu", kind: .hint),
        DetectorSource(".build.yml", "packages, tests", kind: .hint),
        DetectorSource("buildspec.yml", "toolchains, packages, tests", kind: .hint),
    ]

    func findings(in repository: Repository) -> [Finding] {
        var findings: [Finding] = []
        let readers: [(paths: [String], read: (YAMLNode, String, Repository) -> [CIJob])] = [
            ([".semaphore/semaphore.yml"], semaphore), (["appveyor.yml", ".appveyor.yml"], appVeyor),
            (
                [".build.yml"] + repository.files(in: ".builds").filter { isYAML($0.name) }.map(\.path), sourceHut
            ),
            (["buildspec.yml", "buildspec.yaml"], codeBuild),
        ]
        for (paths, read) in readers {
            var jobs: [CIJob] = []
            for path in paths where repository.contains(path) {
                if let root = repository.yaml(path) { jobs += read(root, path, repository) }
            }
            var survey = CISurvey(repository)
            survey.read(jobs)
            findings += survey.findings
        }
        return findings
    }

    /// [Semaphore](https://docs.semaphoreci.com/reference/pipeline-yaml)'s blocks of jobs.
    private func semaphore(_ root: YAMLNode, _ path: String, _ repository: Repository) -> [CIJob] {
        var jobs: [CIJob] = []
        for block in root["blocks"]?.sequence ?? [] {
            let task = block["task"]
            for node in task?["jobs"]?.sequence ?? [] {
                let machine = task?["agent"]?["machine"] ?? root["agent"]?["machine"]
                let system = machine?["os_image"]
                if system?.string?.hasPrefix("macos") == true { continue }
                let name = [block["name"], node["name"]].compactMap { $0?.string }.joined(separator: " ")
                var result: CIJob?
                let axes = (node["matrix"]?.sequence ?? []).map { axis in
                    (axis["env_var"]?.string ?? "", axis["values"]?.strings ?? [])
                }
                for variables in combinations(axes) {
                    var job = CIJob(name: name, evidence: Evidence(path, line: node.line))
                    if let suite = system?.string.flatMap(ubuntuSuite) {
                        job.bases.append(
                            BaseFinding(suite: suite, kind: .hint, evidence: Evidence(path, line: system?.line)))
                    }
                    let containers = (task?["agent"]?["containers"] ?? root["agent"]?["containers"])?.sequence ?? []
                    for (index, container) in containers.enumerated() {
                        guard let image = container["image"], let text = image.string else { continue }
                        let evidence = Evidence(path, line: image.line)
                        if index == 0 {
                            job.use(ImageReference(text), evidence: evidence)
                        } else {
                            job.addService(text, evidence)
                        }
                    }
                    job.addVariables(task?["env_vars"], path)
                    for list in [
                        root["global_job_config"]?["prologue"]?["commands"], task?["prologue"]?["commands"],
                        node["commands"],
                    ] {
                        job.addScript(list, path, repository, expanding: variables)
                    }
                    readSemaphoreTools(&job)
                    if result == nil { result = job } else { result?.merge(job) }
                }
                result?.settle()
                if let result { jobs.append(result) }
            }
        }
        return jobs
    }

    /// `sem-version python 3.11` and `sem-service start postgres 15`.
    private func readSemaphoreTools(_ job: inout CIJob) {
        for step in job.steps {
            for (index, line) in step.script.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                let words = line.split(separator: " ").map(String.init)
                let evidence = Evidence(step.evidence.path, line: step.evidence.line.map { $0 + index })
                if words.count >= 3, words[0] == "sem-version" {
                    let tool = toolName(words[1])
                    if let hint = toolchainHint(tool, words[2], evidence: evidence) { job.toolchains.append(hint) }
                } else if words.count >= 3, words[0] == "sem-service", words[1] == "start" {
                    job.services.append(
                        ServiceFinding(
                            serviceName(words[2]), version: words.count > 3 ? toolVersion("", words[3]) : nil,
                            evidence: evidence))
                }
            }
        }
    }

    /// [AppVeyor](https://www.appveyor.com/docs/appveyor-yml/)'s build, where it runs on Ubuntu too.
    private func appVeyor(_ root: YAMLNode, _ path: String, _ repository: Repository) -> [CIJob] {
        let images = root["image"].map { $0.sequence ?? [$0] } ?? []
        guard let image = images.first(where: { $0.string?.lowercased().hasPrefix("ubuntu") == true }) else {
            return []
        }
        var job = CIJob(name: "test", evidence: Evidence(path, line: image.line))
        if let suite = image.string.flatMap({ ubuntuSuite($0.lowercased()) }) {
            job.bases.append(BaseFinding(suite: suite, kind: .hint, evidence: Evidence(path, line: image.line)))
        }
        if let stack = root["stack"], let text = stack.string {
            for part in text.split(separator: ",") {
                let words = part.split(separator: " ").map(String.init)
                guard words.count == 2,
                    let hint = toolchainHint(toolName(words[0]), words[1], evidence: Evidence(path, line: stack.line))
                else { continue }
                job.toolchains.append(hint)
            }
        }
        job.addVariables(root["environment"], path)
        for key in ["init", "install", "before_build", "build_script", "before_test", "test_script"] {
            // `sh:` runs on Ubuntu alone, `ps:` and `cmd:` on Windows.
            for node in root[key].map({ $0.sequence ?? [$0] }) ?? [] {
                job.addScript(node["sh"] ?? (node.mapping == nil ? node : nil), path, repository)
            }
        }
        return [job]
    }

    /// [SourceHut](https://man.sr.ht/builds.sr.ht/manifest.md)'s manifest of one build.
    private func sourceHut(_ root: YAMLNode, _ path: String, _ repository: Repository) -> [CIJob] {
        guard let image = root["image"], let text = image.string else { return [] }
        let parts = text.split(separator: "/").map(String.init)
        let isForeign = !["debian", "ubuntu"].contains(parts.first ?? "")
        var job = CIJob(name: "test", evidence: Evidence(path, line: image.line))
        job.isForeign = isForeign
        if !isForeign, parts.count > 1 {
            job.use(ImageReference("\(parts[0]):\(parts[1])"), evidence: Evidence(path, line: image.line))
        }
        for node in root["packages"]?.sequence ?? [] {
            guard let name = node.string else { continue }
            let evidence = Evidence(path, line: node.line)
            if !isForeign {
                if let package = debianPackageName(name) {
                    job.packages.append(SystemFinding(.package(package), phase: .test, evidence: evidence))
                }
                continue
            }
            let naming: PackageNaming =
                switch parts.first {
                case "fedora", "rockylinux": .fedora
                case "archlinux": .arch
                case "nixos": .nixpkgs
                default: .alpine
                }
            for need in naming.needs(of: name) {
                job.packages.append(
                    SystemFinding(need, phase: .test, reason: "`\(name)` in CI", evidence: evidence))
            }
        }
        job.addVariables(root["environment"], path)
        // The sources lie in a folder of the repository's name, which each task enters by itself.
        for task in root["tasks"]?.sequence ?? [] {
            for pair in task.mapping ?? [] { job.addScript(pair.value, path, repository) }
        }
        job.steps = job.steps.map { step in
            var step = step
            let lines = step.script.split(separator: "\n", omittingEmptySubsequences: false)
            step.script = lines.map { $0.hasPrefix("cd ") ? "" : String($0) }.joined(separator: "\n")
            return step
        }
        return [job]
    }

    /// [CodeBuild](https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html)'s phases.
    private func codeBuild(_ root: YAMLNode, _ path: String, _ repository: Repository) -> [CIJob] {
        var job = CIJob(name: "test", evidence: Evidence(path, line: root.line))
        for pair in root["phases"]?["install"]?["runtime-versions"]?.mapping ?? [] {
            guard let name = pair.key.string, let text = pair.value.string else { continue }
            let tool = toolName(name)
            let version = tool == "java" ? javaVersion(text) ?? text : text
            if let hint = toolchainHint(tool, version, evidence: Evidence(path, line: pair.value.line)) {
                job.toolchains.append(hint)
            }
        }
        job.addVariables(root["env"]?["variables"], path)
        for phase in ["install", "pre_build", "build", "post_build"] {
            job.addScript(root["phases"]?[phase]?["commands"], path, repository)
        }
        return [job]
    }
}
