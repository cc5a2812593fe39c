//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads a build by Mill ([Manual](https://mill-build.org/)): its version and the libraries that its script names.
func readMill(_ file: CheckoutFile, _ project: inout ProjectFindings) {
    let repository = project.repository
    let evidence = Evidence(file.path)
    var version: (text: String, evidence: Evidence)?
    for name in [".mill-version", ".config/mill-version"] {
        let path = joinPath(file.directory, name)
        guard version == nil, repository.contains(path), let line = repository.lines(path).first?.trimmingSpaces,
            line.first?.isNumber == true
        else { continue }
        version = (line, Evidence(path, line: 1))
    }
    for (index, line) in repository.lines(file.path).prefix(50).enumerated() where line.hasPrefix("//|") {
        let sides = line.dropFirst(3).split(separator: ":", maxSplits: 1).map(\.trimmingSpaces)
        guard sides.count == 2 else { continue }
        let place = Evidence(file.path, line: index + 1)
        let value = sides[1].filter { $0 != "\"" && $0 != "'" }
        if sides[0] == "mill-version", version == nil { version = (value, place) }
        if sides[0] == "mill-jvm-version", let java = javaVersion(inName: value.replacing(text: ":", with: "-")) {
            project.toolchain("java", .pin, java, place)
        }
    }
    if let version { project.toolchain("mill", .pin, version.text, version.evidence) }
    project.packageManager("mill", version: version?.text, in: file.directory, version?.evidence ?? evidence)
    let tokens = scriptTokens(repository.text(file.path) ?? "", .scala)
    var hasScala = false
    for index in tokens.indices.dropLast(2)
    where tokens[index].isWord("scalaVersion") && tokens[index + 1].isSymbol("=") {
        guard !hasScala, tokens[index + 2].kind == .string else { continue }
        hasScala = true
        let place = Evidence(file.path, line: tokens[index].line)
        project.toolchain("scala", .hint, tokens[index + 2].text, place)
        project.javaLimits(ofScala: tokens[index + 2].text, place)
    }
    // `mvn"group::name:version"`, `ivy"…"` before Mill 1.0.
    var dependencies: [JVMDependency] = []
    for index in tokens.indices.dropLast() where tokens[index].isWord("ivy") || tokens[index].isWord("mvn") {
        let parts = tokens[index + 1].text.split(separator: ":").map(String.init)
        guard tokens[index + 1].kind == .string, parts.count >= 2 else { continue }
        dependencies.append(
            JVMDependency(
                parts[0], parts[1], version: parts.count > 2 ? parts[2] : "",
                evidence: Evidence(file.path, line: tokens[index].line)))
    }
    project.jvmDependencies(dependencies)
    let mill = ["mill", "millw"].lazy.compactMap { wrapperCommand($0, in: file.directory, repository) }.first
    if mill == nil { project.system(.program("mill"), evidence) }
    project.task("build", "\(mill ?? "mill") __.compile", .inferred, in: file.directory, evidence)
    project.task("test", "\(mill ?? "mill") __.test", .inferred, in: file.directory, evidence)
}

/// Reads the directives of Scala CLI ([Reference](https://scala-cli.virtuslab.org/docs/reference/directives/)); whether
/// the file has any.
func readScalaCLI(_ file: CheckoutFile, _ project: inout ProjectFindings) -> Bool {
    var dependencies: [JVMDependency] = []
    var isFound = false
    for (index, line) in project.repository.lines(file.path).prefix(200).enumerated() where line.hasPrefix("//> using")
    {
        let words = line.dropFirst(9).split { $0 == " " || $0 == "," || $0 == "\t" }
            .map { $0.filter { $0 != "\"" } }
        guard let key = words.first, words.count > 1 else { continue }
        isFound = true
        let place = Evidence(file.path, line: index + 1)
        switch key {
        case "jvm":
            if let java = javaVersion(inName: words[1].replacing(text: ":", with: "-")) {
                project.toolchain("java", .pin, java, place)
            }
        case "scala", "lang":
            project.toolchain("scala", .hint, words[1], place)
            project.javaLimits(ofScala: words[1], place)
        case "dep", "lib", "deps", "test.dep":
            for word in words.dropFirst() {
                let parts = word.split(separator: ":").map(String.init)
                guard parts.count >= 2 else { continue }
                dependencies.append(
                    JVMDependency(
                        parts[0], parts[1], version: parts.count > 2 ? parts[2] : "", isForTests: key == "test.dep",
                        evidence: place))
            }
        default: break
        }
    }
    guard isFound else { return false }
    let evidence = Evidence(file.path)
    project.packageManager("scala-cli", in: file.directory, evidence)
    project.system(.program("scala-cli"), evidence)
    project.jvmDependencies(dependencies)
    project.task("build", "scala-cli compile .", .inferred, in: file.directory, evidence)
    project.task("test", "scala-cli test .", .inferred, in: file.directory, evidence)
    project.task("start", "scala-cli run .", .inferred, in: file.directory, evidence)
    return true
}
