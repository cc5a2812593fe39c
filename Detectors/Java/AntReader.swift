//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads a build by Ant ([Manual](https://ant.apache.org/manual/)).
func readAnt(_ file: CheckoutFile, _ project: inout ProjectFindings) {
    let evidence = Evidence(file.path)
    let repository = project.repository
    guard let root = repository.xml(file.path), root.name == "project" else { return }
    var properties: [String: String] = [:]
    for element in root.descendants(named: "property") {
        guard let name = element.attributes["name"], let value = element.attributes["value"], properties[name] == nil
        else { continue }
        properties[name] = value
    }
    for name in ["build.properties", "default.properties", "nbproject/project.properties"] {
        for entry in repository.properties(joinPath(file.directory, name)) where properties[entry.key] == nil {
            properties[entry.key] = entry.value
        }
    }
    func resolved(_ text: String) -> String {
        guard text.hasPrefix("${"), text.hasSuffix("}") else { return text }
        return properties[String(text.dropFirst(2).dropLast())] ?? ""
    }
    let compilers = root.descendants(named: "javac") + root.descendants(named: "presetdef").flatMap(\.children)
    for task in compilers {
        let versions = ["release", "source", "target"].compactMap { task.attributes[$0].map(resolved) }
        guard let version = versions.first(where: { javaReleaseNumber($0) != nil }) else { continue }
        project.javaSource(version, Evidence(file.path, line: task.line))
        break
    }
    project.packageManager("ant", in: file.directory, evidence)
    project.toolchain("ant", .hint, "", evidence)
    var targets: [(name: String, evidence: Evidence)] = []
    func read(_ root: XMLElement, _ path: String, depth: Int) {
        for element in root.children {
            if element.name == "target" || element.name == "extension-point" {
                targets.append((element.attributes["name"] ?? "", Evidence(path, line: element.line)))
            } else if element.name == "import" || element.name == "include", depth < 5,
                let name = element.attributes["file"], !name.contains("$"), targets.count < 10_000
            {
                let other = joinPath(parentPath(path), name)
                guard repository.contains(other), let inner = repository.xml(other) else { continue }
                read(inner, other, depth: depth + 1)
            }
        }
    }
    read(root, file.path, depth: 0)
    func target(_ names: [String]) -> (name: String, evidence: Evidence)? {
        names.lazy.compactMap { name in targets.first { $0.name == name } }.first
    }
    if let resolve = target(["resolve", "ivy-retrieve", "retrieve", "download-dependencies", "deps"]) {
        project.task("install", "ant \(resolve.name)", .declared, in: file.directory, resolve.evidence)
    }
    if let standard = root.attributes["default"], !["help", "usage", "test", "all-tests"].contains(standard) {
        project.task("build", "ant", .declared, in: file.directory, evidence)
    } else if let build = target(["build", "jar", "compile", "dist", "all"]) {
        project.task("build", "ant \(build.name)", .declared, in: file.directory, build.evidence)
    } else {
        project.task("build", "ant", .inferred, in: file.directory, evidence)
    }
    if let test = target(["test", "tests", "check", "junit", "run-tests", "unit-test"]) {
        project.task("test", "ant \(test.name)", .declared, in: file.directory, test.evidence)
    }
    if let start = target(["run", "start"]) {
        project.task("start", "ant \(start.name)", .declared, in: file.directory, start.evidence)
    }
}
