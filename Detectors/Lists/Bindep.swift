//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// Reads `bindep.txt` ([bindep](https://docs.opendev.org/opendev/bindep/latest/readme.html)): a package a line, with the
/// profiles in brackets under which it is needed and bounds of its version behind it.
func bindep(_ path: String, _ repository: Repository) -> [Finding] {
    var findings: [Finding] = []
    for (index, line) in repository.lines(path).enumerated() {
        let text = line.prefix { $0 != "#" }.trimmingSpaces
        guard !text.isEmpty else { continue }
        let evidence = Evidence(path, line: index + 1)
        let word = text.prefix { !$0.isWhitespace && $0 != "[" }
        guard let name = debianPackageName(String(word)) else {
            repository.warn(evidence, "`\(word)` is not the name of a package")
            continue
        }
        var profiles: [Substring] = []
        if let open = text.firstIndex(of: "["), let close = text[open...].firstIndex(of: "]") {
            profiles = text[text.index(after: open)..<close].split(whereSeparator: \.isWhitespace)
        }
        guard
            holdsOnDebian(
                profiles.filter { $0.hasPrefix("platform:") || $0.hasPrefix("!platform:") || $0.contains("(") })
        else {
            continue
        }
        let names = profiles.map { String($0) }.filter { !$0.contains("platform:") }
        if names.contains(where: { ["doc", "docs", "!test", "!compile", "pdf-docs"].contains($0) }) { continue }
        let phase: SystemFinding.Phase =
            names.contains("compile")
            ? .build : (names.contains { $0 == "test" || $0.hasPrefix("test") } ? .test : .run)
        findings.append(.system(SystemFinding(.package(name), phase: phase, evidence: evidence)))
    }
    return findings
}

/// Whether the selectors of platforms choose Debian or Ubuntu: none that is negated names it, and one of the others does.
private func holdsOnDebian(_ selectors: [Substring]) -> Bool {
    let platforms: Set<Substring> = ["dpkg", "debian", "ubuntu", "base-py3", "linux"]
    var chosen: Bool?
    for selector in selectors {
        let isNegated = selector.hasPrefix("!")
        let rest = selector.drop { $0 == "!" || $0 == "(" }
        guard rest.hasPrefix("platform:") else { continue }
        let name = rest.dropFirst("platform:".count).prefix { $0 != ")" && $0 != "-" }
        if isNegated {
            if platforms.contains(name) { return false }
        } else {
            chosen = chosen == true || platforms.contains(name)
        }
    }
    return chosen ?? true
}
