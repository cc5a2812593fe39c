//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads the workflows of GitHub Actions: the jobs that run tests, their runners, versions, packages and services.
struct ActionsDetector: Detector {
    let name = "github-actions"
    let summary = "workflows in .github/workflows, with local actions and reusable workflows"
    let sources = [
        DetectorSource(".github/workflows/*.yml", "toolchains, packages, services, variables, tests", kind: .hint)
    ]

    func findings(in repository: Repository) -> [Finding] {
        var jobs: [CIJob] = []
        for file in repository.files(in: ".github/workflows") where isYAML(file.name) {
            guard let workflow = repository.yaml(file.path) else { continue }
            let reader = ActionsWorkflow(repository, path: file.path, node: workflow)
            if reader.runsOnPush { jobs += reader.jobs(inputs: [:], depth: 0) }
        }
        var survey = CISurvey(repository)
        survey.read(jobs)
        return survey.findings
    }
}

/// Whether a file is YAML by its name.
func isYAML(_ name: String) -> Bool { name.hasSuffix(".yml") || name.hasSuffix(".yaml") }
