//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// What extensions of PHP in C need: `config.m4` is Autoconf's input for what `phpize` makes
/// ([PHP Internals Book](https://www.phpinternalsbook.com/php7/build_system/building_extensions.html)).
func phpExtensionFindings(_ repository: Repository) -> [Finding] {
    var project = ProjectFindings(repository)
    let files = ["config.m4", "config0.m4", "config9.m4"].flatMap { repository.manifests(named: $0) }.filter { file in
        repository.lines(file.path).contains { $0.contains("PHP_NEW_EXTENSION") }
    }
    for (index, file) in files.prefix(20).enumerated() {
        if index == 0 {
            project.language("php", Evidence(file.path))
            for name in ["php-dev", "build-essential"] {
                project.system(.package(name), reason: "an extension of PHP", Evidence(file.path))
            }
            project.task(
                "build", "phpize && ./configure && make", .inferred, in: file.directory, Evidence(file.path))
        }
        var survey = CSurvey(repository, directory: file.directory)
        if var reader = AutoconfReader(survey, folder: file.directory, names: [file.name]) {
            reader.read()
            survey = reader.survey
        }
        survey.readExtensionScript(file.path)
        for finding in survey.findings { project.add(finding) }
    }
    return project.findings
}

extension CSurvey {
    /// What the shell code of a `config.m4` looks for: modules of pkg-config, and headers below the usual prefixes.
    fileprivate mutating func readExtensionScript(_ path: String) {
        for (index, line) in repository.lines(path).enumerated() {
            let bare = line.trimmingSpaces
            if bare.hasPrefix("dnl") || bare.hasPrefix("#") { continue }
            let evidence = Evidence(path, line: index + 1)
            if bare.contains("PKG_CONFIG") || bare.contains("pkg-config") {
                readPkgConfigCalls(bare, isOptional: true, evidence: evidence)
            }
            for part in bare.parts(separatedBy: "/include/").dropFirst() {
                let name = String(part.prefix { $0.isLetter || $0.isNumber || "/_.+-".contains($0) })
                guard name.hasSuffix(".h"), isHeaderName(name), !isStandardHeader(name), !name.hasPrefix("php") else {
                    continue
                }
                need(.header(name), isOptional: true, evidence: evidence)
            }
        }
    }
}
