//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension PythonSurvey {
    /// Reads the declarative metadata of `setup.cfg`, setuptools' or pbr's.
    mutating func readSetupCfg() {
        guard let file = INIFile(repository, path: path("setup.cfg")) else { return }
        if let entry = file.entry("metadata", "name") {
            name = name ?? entry.text
            manifest = manifest ?? file.evidence(entry)
            report(.language(LanguageFinding("python", evidence: Evidence(file.path))))
        }
        if let entry = file.entry("metadata", "version"), !entry.text.contains(":") { version = version ?? entry.text }
        for key in ["python_requires", "requires_python"] {
            for section in ["options", "metadata"] {
                if let entry = file.entry(section, key) { python(.range, entry.text, evidence: file.evidence(entry)) }
            }
        }
        readSetupCfgRequirements(file)
        for key in ["classifiers", "classifier"] {
            guard let entry = file.entry("metadata", key) else { continue }
            readClassifiers(entry.lines.map { ($0.text, Evidence(file.path, line: $0.number)) })
        }
        if file.contains("nosetests"), let first = file.entries("nosetests").first {
            runners["nose"] = runners["nose"] ?? file.evidence(first)
        }
        if file.contains("versioneer") { noteVersionSource("versioneer", evidence: Evidence(file.path)) }
    }

    private mutating func readSetupCfgRequirements(_ file: INIFile) {
        if let entry = file.entry("options", "install_requires") {
            for (text, evidence) in requirementLines(entry, file) { addRuntime(text, evidence: evidence) }
        }
        if let entry = file.entry("options", "tests_require") {
            for (text, evidence) in requirementLines(entry, file) {
                require(text, role: .test, reason: "tests_require", evidence: evidence)
            }
        }
        if let entry = file.entry("options", "setup_requires") {
            for (text, evidence) in requirementLines(entry, file) {
                guard let requirement = declare(text, role: .build, evidence: evidence) else { continue }
                noteVersionSource(requirement.name, evidence: evidence)
            }
        }
        for section in ["options.extras_require", "extras"] {
            for entry in file.entries(section) {
                addExtra(entry.key, requirementLines(entry, file).map(\.text), evidence: file.evidence(entry))
            }
        }
    }

    /// The requirements of an entry: one a line, or apart by semicolons, or those of `file: name.txt`.
    private mutating func requirementLines(
        _ entry: INIFile.Entry, _ file: INIFile
    ) -> [(text: String, evidence: Evidence)] {
        entry.lines.flatMap { line -> [(text: String, evidence: Evidence)] in
            let evidence = Evidence(file.path, line: line.number)
            if line.text.hasPrefix("file:") {
                return line.text.dropFirst(5).split(separator: ",").flatMap { name in
                    let target = path(String(name).trimmingSpaces)
                    filesTaken.insert(target)
                    return RequirementsFile(repository, path: target).requirements.map { ($0.text, $0.evidence) }
                }
            }
            let parts = line.text.split(separator: ";").map { String($0).trimmingSpaces }
            let isList = parts.count > 1 && !parts.dropFirst().contains { looksLikeMarker($0) }
            return (isList ? parts : [line.text]).map { ($0, evidence) }
        }
    }
}

private func looksLikeMarker(_ text: String) -> Bool {
    ["python_version", "sys_platform", "platform", "os_name", "implementation", "extra", "python_full"].contains {
        text.drop { $0 == "(" || $0 == " " }.hasPrefix($0)
    }
}
