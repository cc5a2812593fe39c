//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension PythonSurvey {
    /// Reports the requirements files that stand in the project's folder, under the names that people give them.
    mutating func readRequirementsFiles() {
        let files = requirementsFiles()
        // A file that another one includes is taken with it, unless it serves another purpose.
        for file in files where !filesTaken.contains(file.path) {
            let role = requirementsRole(of: file)
            if role == .runtime, manifest != nil, !runtime.isEmpty {
                takeFile(file.path, role: .development, reason: "the project names what it needs itself", evidence: Evidence(file.path))
            } else {
                takeFile(file.path, role: role, evidence: Evidence(file.path))
            }
        }
    }

    /// Reports a requirements file with the constraints that it names, and remembers what it requires.
    mutating func takeFile(_ file: String, role: Role, reason: String = "", evidence: Evidence) {
        guard repository.contains(file) else {
            repository.warn(evidence, "`\(file)` is not there")
            return
        }
        guard filesTaken.insert("\(role.rawValue):\(file)").inserted else { return }
        filesTaken.insert(file)
        let content = RequirementsFile(repository, path: file)
        for problem in content.problems { repository.warn(problem.evidence, problem.text) }
        if content.requirements.isEmpty, content.projectExtras.isEmpty { return }
        report(.requirementsFile(file), role: role, reason: reason, evidence: evidence)
        for entry in content.requirements { declare(entry.text, role: role, evidence: entry.evidence) }
        for entry in content.constraints { takeConstraints(entry.text, role: role, evidence: entry.evidence) }
        if role == .test { for entry in content.projectExtras { testExtras[canonicalName(entry.text)] = entry.evidence } }
        filesTaken.formUnion(content.included)
    }

    /// Reports a constraints file.
    mutating func takeConstraints(_ file: String, role: Role, evidence: Evidence) {
        guard repository.contains(file), filesTaken.insert(file).inserted else { return }
        report(.constraintsFile(file), role: role, evidence: evidence)
    }

    /// A file that the manifest reads its dependencies from: it comes with the project.
    mutating func readRuntimeFile(_ file: String, evidence: Evidence) {
        guard repository.contains(file) else { return }
        filesTaken.insert(file)
        let content = RequirementsFile(repository, path: file)
        filesTaken.formUnion(content.included)
        for entry in content.requirements { addRuntime(entry.text, evidence: entry.evidence) }
    }

    /// Files that are in pip's format by their name and their folder, those with the fewest words in the name first.
    private func requirementsFiles() -> [CheckoutFile] {
        let folders = Set(requirementsFolders.map { path($0) })
        let all = repository.files(withExtension: "txt") + repository.files(withExtension: "pip")
        var files = all.filter { folders.contains($0.directory) && isRequirementsName($0) }
        let compiled = Set(files.map { stem($0.path) })
        files += repository.files(withExtension: "in").filter { file in
            folders.contains(file.directory) && isRequirementsName(file) && !compiled.contains(stem(file.path))
        }
        return files.sorted { ($0.depth, $0.path.utf8.count, $0.path) < ($1.depth, $1.path.utf8.count, $1.path) }
    }

    private func isRequirementsName(_ file: CheckoutFile) -> Bool {
        let name = file.name.lowercased()
        if name.contains("constraint") || name.contains("overrides") { return false }
        if name.contains("require") || name.hasPrefix("reqs") || name == "deps.txt" { return true }
        let folder = file.directory.split(separator: "/").last.map(String.init) ?? ""
        return folder.contains("require") || folder == "reqs" || folder == "deps"
    }

    /// What a file is there for: `requirements/test.txt`, `tests/requirements.txt`, `dev-requirements.txt`…
    private func requirementsRole(of file: CheckoutFile) -> Role {
        let relative = directory.isEmpty ? file.path : String(file.path.dropFirst(directory.count + 1))
        let words = stem(relative).replacing(text: "requirements", with: "").replacing(text: "requirement", with: "")
            .replacing(text: "requires", with: "").replacing(text: "reqs", with: "")
        let isRuntimeName = words.allSatisfy { "/-_.".contains($0) }
        if isRuntimeName { return .runtime }
        let texts = RequirementsFile(repository, path: file.path).requirements.map(\.text)
        if let role = pythonRole(ofName: words, requirements: texts) { return role }
        let last = words.split { "/-_.".contains($0) }.last.map(String.init) ?? ""
        return ["base", "common", "prod", "production", "install", "runtime", "main", "core", "app"].contains(last)
            ? .runtime : .development
    }
}

private let requirementsFolders = [
    "", "requirements", "requirement", "reqs", "requires", "deps", "tests", "test", "testing", "ci", ".ci", "dev", "tools",
    "scripts", "docs", "doc", "config", "conf", ".config", "etc", "pip", "build", "requirements/ci", "requirements/extras",
    "tests/requirements", "test/requirements", ".github", ".github/requirements", "ci/requirements", "etc/requirements",
]

private func stem(_ path: String) -> String {
    path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path
}
