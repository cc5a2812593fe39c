//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import YAML

extension CIJob {
    /// Adds the lines of a script, a text or a list of them, as steps that share a shell.
    mutating func addScript(
        _ node: YAMLNode?, _ path: String, _ repository: Repository, directory: String = "",
        expanding variables: [String: String] = [:]
    ) {
        guard let node else { return }
        steps += joinedSteps(
            (node.sequence ?? [node]).compactMap { line in
                guard let text = line.string else { return nil }
                return Step(
                    script: variables.isEmpty ? text : substituted(text, variables),
                    evidence: Evidence(path, line: scriptLine(of: line, path, repository)), directory: directory)
            })
    }

    /// Adds the variables of a mapping, of a list of `NAME=value`, or of a list of mappings with `name` and `value`.
    mutating func addVariables(_ node: YAMLNode?, _ path: String) {
        for pair in node?.mapping ?? [] {
            guard let name = pair.key.string, pair.value.mapping == nil else { continue }
            add(name, pair.value.string, Evidence(path, line: pair.key.line))
        }
        for item in node?.sequence ?? [] {
            let evidence = Evidence(path, line: item.line)
            if let name = item["name"]?.string {
                add(name, item["value"]?.string, evidence)
            } else if let text = item.string, let sign = text.firstIndex(of: "=") {
                add(String(text[..<sign]), String(text[text.index(after: sign)...]), evidence)
            }
        }
    }

    private mutating func add(_ name: String, _ value: String?, _ evidence: Evidence) {
        if let value, let hint = toolchainHint(variable: name, value, evidence: evidence) { toolchains.append(hint) }
        variables.append(VariableFinding(name, value: value, evidence: evidence))
    }

    /// Adds the service that an image is; tools of the service that runs the job are none.
    mutating func addService(_ text: String, port: Int? = nil, _ evidence: Evidence) {
        let image = ImageReference(text)
        guard image.name != "docker", text.range(ofText: "dind") == nil,
            let service = image.service(port: port, evidence: evidence)
        else { return }
        services.append(service)
    }
}
