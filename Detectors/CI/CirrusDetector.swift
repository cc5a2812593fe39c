//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import YAML

/// Reads Cirrus CI's tasks ([Writing tasks](https://cirrus-ci.org/guide/writing-tasks/)).
struct CirrusDetector: Detector {
    let name = "cirrus"
    let summary = ".cirrus.yml: tasks in Linux containers"
    let sources = [DetectorSource(".cirrus.yml", "toolchains, packages, variables, tests", kind: .hint)]

    func findings(in repository: Repository) -> [Finding] {
        let path = ".cirrus.yml"
        guard repository.contains(path), let root = repository.yaml(path) else { return [] }
        var jobs: [CIJob] = []
        for pair in root.mapping ?? [] {
            guard let key = pair.key.string, key == "task" || key.hasSuffix("_task") else { continue }
            for job in tasks(key, pair.value, root, path, repository) { jobs.append(job) }
        }
        var survey = CISurvey(repository)
        survey.read(jobs)
        return survey.findings
    }

    private func tasks(_ key: String, _ node: YAMLNode, _ root: YAMLNode, _ path: String, _ repository: Repository)
        -> [CIJob]
    {
        let foreign = ["freebsd_instance", "macos_instance", "osx_instance", "windows_container", "arm_container"]
        if foreign.contains(where: { node[$0] != nil }) { return [] }
        let containers = [node["container"], root["container"]].compactMap { $0 }
        guard let container = containers.first ?? node["docker_builder"] else { return [] }
        var job = CIJob(
            name: [key, node["name"]?.string ?? ""].joined(separator: " "), evidence: Evidence(path, line: node.line))
        let images = container["matrix"]?.sequence?.compactMap { $0["image"] } ?? [container["image"]].compactMap { $0 }
        for image in images.flatMap({ $0.sequence ?? [$0] }) {
            guard let text = image.string else { continue }
            let reference = ImageReference(text)
            if reference.isForeign, images.count > 1 { continue }
            job.use(reference, evidence: Evidence(path, line: image.line))
        }
        for pair in (node["env"] ?? node["environment"])?.mapping ?? [] {
            guard let name = pair.key.string, pair.value.mapping == nil else { continue }
            job.variables.append(
                VariableFinding(name, value: pair.value.string, evidence: Evidence(path, line: pair.key.line)))
        }
        for pair in node.mapping ?? [] {
            guard let name = pair.key.string, name.hasSuffix("script") else { continue }
            job.steps += joinedSteps(
                (pair.value.sequence ?? [pair.value]).compactMap { line in
                    line.string.map {
                        CIJob.Step(script: $0, evidence: Evidence(path, line: scriptLine(of: line, path, repository)))
                    }
                })
        }
        return [job]
    }
}
