//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// The C libraries that stubs are linked with: flags in `dune` files
/// ([foreign stubs](https://dune.readthedocs.io/en/stable/foreign-code.html)), and what programs with
/// [dune-configurator](https://dune.readthedocs.io/en/stable/dune-libs.html#configurator) ask pkg-config for.
func stubLibraries(_ repository: Repository) -> [Finding] {
    var survey = CSurvey(repository, directory: "")
    for file in repository.manifests(named: "dune").prefix(500) {
        for (index, line) in repository.lines(file.path).enumerated() where line.contains("-l") {
            survey.readStubFlags(line, Evidence(file.path, line: index + 1))
        }
    }
    let scripts = ["discover.ml", "configure.ml", "config.ml"].flatMap { repository.manifests(named: $0) }
    for file in scripts.prefix(50) {
        let lines = repository.lines(file.path)
        guard lines.contains(where: { $0.contains("Configurator") }) else { continue }
        for (index, line) in lines.enumerated() {
            let evidence = Evidence(file.path, line: index + 1)
            if line.contains("-l") { survey.readStubFlags(line, evidence) }
            if line.contains("includes:") || line.contains(".h\"") {
                for name in rubyStrings(line)
                where name.hasSuffix(".h") && isHeaderName(name) && !isStandardHeader(name) {
                    // What the program writes is no header of others.
                    guard !line.contains("fname"), repository.files(named: name).isEmpty else { continue }
                    survey.need(.header(name), isOptional: true, evidence: evidence)
                }
            }
            guard line.contains("package:"), line.contains("query") || line.contains("~package:\"") else { continue }
            for part in line.parts(separatedBy: "package:").dropFirst() where part.hasPrefix("\"") {
                let module = String(part.dropFirst().prefix { $0 != "\"" && $0 != " " })
                guard module.first?.isLetter == true else { continue }
                survey.need(.pkgConfig(module), isOptional: true, evidence: evidence)
            }
        }
    }
    return survey.findings
}

extension CSurvey {
    fileprivate mutating func readStubFlags(_ line: String, _ evidence: Evidence) {
        let flags = line.map { ";()[],".contains($0) ? " " : $0 }
        readLinkFlags(String(flags), isOptional: true, evidence: evidence)
    }
}
