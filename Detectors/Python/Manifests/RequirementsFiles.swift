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
        let isChosen = hasTestEnvironment
        let isNamed = isChosen || files.contains { pythonRole(ofName: words(of: $0)) == .test }
        let candidates = files.filter { !filesTaken.contains($0.path) }.map { file in
            (
                file: file, role: requirementsRole(of: file, hasTests: isNamed),
                content: RequirementsFile(repository, path: file.path)
            )
        }
        let hasPlainTests = candidates.contains { $0.role == .test && isPlainTestName($0.file) }
        for (file, role, content) in candidates {
            // A file that another one of the same purpose includes is taken with it.
            let isIncluded = candidates.contains { other in
                other.role == role && other.file.path != file.path && other.content.included.contains(file.path)
                    && !content.included.contains(other.file.path)
            }
            if isIncluded { continue }
            var final = role
            var reason = ""
            if role == .runtime, manifest != nil, !runtime.isEmpty {
                (final, reason) = (.development, "the project names what it needs itself")
            } else if role == .test, isChosen {
                (final, reason) = (.development, "the tests' environment does without")
            } else if role == .test, hasPlainTests, !isPlainTestName(file) {
                (final, reason) = (.development, "a variant of the tests' requirements")
            }
            takeFile(file.path, role: final, reason: reason, evidence: Evidence(file.path))
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
        if role == .test {
            for entry in content.projectExtras { testExtras[canonicalName(entry.text)] = entry.evidence }
        }
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
    private func requirementsRole(of file: CheckoutFile, hasTests: Bool) -> Role {
        let words = words(of: file)
        if words.allSatisfy({ "/-_.".contains($0) }) { return .runtime }
        let parts = Set(words.split { "/-_.".contains($0) }.map(String.init))
        if !parts.isDisjoint(with: otherSystems) { return .development }
        let isLeftOver = servicesByName.contains { name, file in parts.contains(name) && !repository.contains(file) }
        if isLeftOver { return .development }
        if !parts.isDisjoint(with: ["rtd", "readthedocs"]) { return .documentation }
        let texts = RequirementsFile(repository, path: file.path).requirements.map(\.text)
        if let role = pythonRole(ofName: words, requirements: texts, hasTests: hasTests) { return role }
        let last = words.split { "/-_.".contains($0) }.last.map(String.init) ?? ""
        return ["base", "common", "prod", "production", "install", "runtime", "main", "core", "app"].contains(last)
            ? .runtime : .development
    }

    /// The file's path in the project without its ending and without the words that say it holds requirements.
    private func words(of file: CheckoutFile) -> String {
        let relative = directory.isEmpty ? file.path : String(file.path.dropFirst(directory.count + 1))
        return ["requirements", "requirement", "requires", "reqs"].reduce(stem(relative).lowercased()) { words, word in
            words.replacing(text: word, with: "")
        }
    }

    /// Whether nothing but tests is in the file's name: `tests/requirements.txt`, not `test-windows.txt`.
    private func isPlainTestName(_ file: CheckoutFile) -> Bool {
        words(of: file).split { "/-_.".contains($0) }.allSatisfy { word in
            ["test", "tests", "testing", "pytest", "unittest", "unit", "ci", "dev"].contains(word)
        }
    }
}

/// Services of continuous integration by the names in files made for them, with their configuration.
private let servicesByName = [
    ("travis", ".travis.yml"), ("circle", ".circleci/config.yml"), ("circleci", ".circleci/config.yml"),
]

/// Systems, and services that run only those, whose requirements are not for Linux.
private let otherSystems: Set<String> = ["appveyor", "windows", "win", "win32", "win64", "macos", "osx", "darwin"]

private let requirementsFolders = [
    "", "requirements", "requirement", "reqs", "requires", "deps", "tests", "test", "testing", "ci", ".ci", "dev",
    "tools",
    "scripts", "docs", "doc", "config", "conf", ".config", "etc", "pip", "build", "requirements/ci",
    "requirements/extras",
    "tests/requirements", "test/requirements", ".github", ".github/requirements", "ci/requirements", "etc/requirements",
]

private func stem(_ path: String) -> String {
    path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path
}
