//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// Reads what a Jenkinsfile says in plain words ([Pipeline syntax](https://www.jenkins.io/doc/book/pipeline/syntax/)):
/// images of containers, tools, variables and commands; what Groovy computes stays unknown.
struct JenkinsDetector: Detector {
    let name = "jenkins"
    let summary = "Jenkinsfile: images, tools, variables and shell steps"
    let sources = [DetectorSource("Jenkinsfile", "toolchains, packages, variables, tests", kind: .hint)]

    func findings(in repository: Repository) -> [Finding] {
        let path = "Jenkinsfile"
        guard repository.contains(path), let text = repository.text(path) else { return [] }
        var reader = JenkinsReader(text, path: path)
        var survey = CISurvey(repository)
        survey.read(reader.read())
        return survey.findings
    }
}
