//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// Reads what a Jenkinsfile says in plain words ([Pipeline syntax](https://www.jenkins.io/doc/book/pipeline/syntax/)):
/// images of containers and commands; what Groovy computes stays unknown.
struct JenkinsDetector: Detector {
    let name = "jenkins"
    let summary = "Jenkinsfile: images, tools and shell steps"
    let sources = [DetectorSource("Jenkinsfile", "toolchains, packages, tests", kind: .hint)]

    func findings(in repository: Repository) -> [Finding] {
        let path = "Jenkinsfile"
        guard repository.contains(path) else { return [] }
        var job = CIJob(name: "test", evidence: Evidence(path))
        var script: (lines: [String], start: Int, quote: String)?
        for (index, line) in repository.lines(path).enumerated() where line.utf8.count < 10_000 {
            if let open = script {
                if let end = line.range(ofText: open.quote) {
                    let text = (open.lines + [String(line[..<end])]).joined(separator: "\n")
                    job.steps.append(CIJob.Step(script: text, evidence: Evidence(path, line: open.start)))
                    script = nil
                } else {
                    script?.lines.append(line)
                }
                continue
            }
            let text = line.trimmingSpaces
            if text.hasPrefix("//") || text.hasPrefix("*") { continue }
            readImage(text, Evidence(path, line: index + 1), &job)
            readTools(text, Evidence(path, line: index + 1), &job)
            guard let place = shellStep(in: text) else { continue }
            let rest = text[place...]
            if let quote = ["'''", "\"\"\""].first(where: { rest.hasPrefix($0) }) {
                let body = rest.dropFirst(3)
                if let end = body.range(ofText: quote) {
                    job.steps.append(
                        CIJob.Step(script: String(body[..<end]), evidence: Evidence(path, line: index + 1)))
                } else {
                    script = ([String(body)], index + 1, quote)
                }
            } else if let quote = rest.first, quote == "'" || quote == "\"" {
                let body = rest.dropFirst()
                guard let end = body.lastIndex(of: quote) else { continue }
                job.steps.append(CIJob.Step(script: String(body[..<end]), evidence: Evidence(path, line: index + 1)))
            }
        }
        var survey = CISurvey(repository)
        survey.read([job])
        return survey.findings
    }

    /// Where the text of `sh '…'`, `sh('…')` or `sh script: '…'` begins.
    private func shellStep(in text: String) -> String.Index? {
        var rest = text[...]
        if let brace = rest.range(ofText: "{ sh ") { rest = rest[brace...].dropFirst(2) }
        guard rest.hasPrefix("sh ") || rest.hasPrefix("sh(") else { return nil }
        let body = rest.dropFirst(2)
        guard let quote = body.firstIndex(where: { $0 == "'" || $0 == "\"" }) else { return nil }
        let between = body[..<quote].filter { $0.isLetter }
        return between.isEmpty || between == "script" ? quote : nil
    }

    /// `image 'maven:3.9-eclipse-temurin-17'` and `docker.image('node:20')`.
    private func readImage(_ text: String, _ evidence: Evidence, _ job: inout CIJob) {
        guard
            text.hasPrefix("image ") || text.range(ofText: "docker.image(") != nil
                || text.range(ofText: "docker { image") != nil
        else { return }
        let strings = rubyStrings(text)
        guard let image = strings.first, !image.contains("$"), image.contains(":") else { return }
        job.use(ImageReference(image), evidence: evidence)
    }

    /// `jdk 'jdk-17'` and `nodejs 'node-20'` in `tools { … }` name installations, whose names mostly tell the version.
    private func readTools(_ text: String, _ evidence: Evidence, _ job: inout CIJob) {
        let tools = ["jdk": "java", "nodejs": "node", "maven": "maven", "gradle": "gradle", "go": "go"]
        let words = text.split(separator: " ", maxSplits: 1)
        guard words.count == 2, let tool = tools[String(words[0])], let name = rubyStrings(String(words[1])).first
        else {
            return
        }
        var version = String(name.drop { !$0.isNumber }.prefix { $0.isNumber || $0 == "." })
        while version.hasSuffix(".") { version.removeLast() }
        if let hint = toolchainHint(tool, version, evidence: evidence) { job.toolchains.append(hint) }
    }
}
