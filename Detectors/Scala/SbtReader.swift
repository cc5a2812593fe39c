//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads a build by sbt ([Reference Manual](https://www.scala-sbt.org/1.x/docs/)): `build.sbt`, `project/build.properties`
/// and `project/plugins.sbt`.
struct SbtReader {
    private let repository: Repository
    private let directory: String
    private let evidence: Evidence
    private let scripts: [(path: String, tokens: [ScriptToken])]
    private var dependencies: [JVMDependency] = []

    init(_ file: CheckoutFile, _ repository: Repository) {
        self.repository = repository
        directory = file.name == "Build.scala" ? parentPath(file.directory) : file.directory
        evidence = Evidence(file.path)
        let meta = joinPath(directory, "project")
        let files =
            repository.files(in: directory).filter { $0.name.hasSuffix(".sbt") }
            + repository.files(in: meta).filter { $0.name.hasSuffix(".sbt") || $0.name.hasSuffix(".scala") }
        scripts = files.map { ($0.path, scriptTokens(repository.text($0.path) ?? "", .scala)) }
    }

    mutating func read(_ project: inout ProjectFindings) {
        var scala: (version: String, evidence: Evidence)?
        for (path, tokens) in scripts {
            readOptions(path, tokens, &project)
            readDependencies(path, tokens)
            if !path.hasPrefix(joinPath(directory, "project/")), scala == nil { scala = scalaVersion(path, tokens) }
        }
        for (path, tokens) in scripts where scala == nil { scala = scalaVersion(path, tokens) }
        if let scala {
            project.toolchain("scala", .hint, scala.version, scala.evidence)
            project.javaLimits(ofScala: scala.version, scala.evidence)
        }
        readManager(&project)
        for (path, tokens) in scripts { readProjects(path, tokens, &project) }
        project.jvmDependencies(dependencies)
        readTasks(&project)
    }

    private func readManager(_ project: inout ProjectFindings) {
        let lock = joinPath(directory, "build.sbt.lock")
        let properties = repository.properties(joinPath(directory, "project/build.properties"))
        let version = properties.first { $0.key == "sbt.version" }
        if let version {
            project.toolchain("sbt", .pin, version.value, version.evidence)
            if version.value.hasPrefix("2.") { project.javaMinimum("17", version.evidence) }
        }
        project.packageManager(
            "sbt", version: version?.value, lockfile: repository.contains(lock) ? lock : nil, in: directory,
            version?.evidence ?? evidence)
        project.dependency("sbt", .project(backend: nil, isNative: false), in: directory, evidence)
        if command == "sbt" { project.system(.program("sbt"), evidence) }
    }

    /// A launcher in the repository, or sbt.
    private var command: String {
        for name in ["sbt", "sbtx"] {
            if let command = wrapperCommand(name, in: directory, repository) { return command }
        }
        return "sbt"
    }

    /// `scalaVersion := "3.3.1"`, also through a value: `scalaVersion := scala3`.
    private func scalaVersion(_ path: String, _ tokens: [ScriptToken]) -> (version: String, evidence: Evidence)? {
        var attempts = 0
        for index in tokens.indices.dropLast(3)
        where tokens[index].isWord("scalaVersion") && tokens[index + 1].isSymbol(":") && tokens[index + 2].isSymbol("=")
        {
            attempts += 1
            let value = tokens[(index + 3)...].first { $0.kind != .lineEnd }
            guard let value, attempts <= 20 else { break }
            var last = value
            for token in tokens[(index + 3)..<min(index + 8, tokens.count)] {
                if token.kind == .lineEnd { break }
                if token.kind == .word { last = token }
                if token.isSymbol("(") || token.isSymbol(",") { break }
            }
            let text = value.kind == .string ? value.text : constant(last.text)
            if let text, text.first?.isNumber == true {
                return (text, Evidence(path, line: tokens[index].line))
            }
        }
        return nil
    }

    /// The text of `val name = "…"` in any script.
    private func constant(_ name: String) -> String? {
        for (_, tokens) in scripts {
            for index in tokens.indices.dropLast(2) where tokens[index].isWord(name) {
                var next = index + 1
                if tokens[next].isSymbol(":"), next + 2 < tokens.count { next += 2 }
                guard tokens[next].isSymbol("="), next + 1 < tokens.count else { continue }
                // `Seq("2.13.1")` and the like hold the version first.
                let value = tokens[(next + 1)..<min(next + 6, tokens.count)].first { $0.kind == .string }
                if let value { return value.text }
            }
        }
        return nil
    }

    /// `javacOptions ++= Seq("--release", "11")` and `scalacOptions += "-release:11"`.
    private func readOptions(_ path: String, _ tokens: [ScriptToken], _ project: inout ProjectFindings) {
        for index in tokens.indices where tokens[index].kind == .string {
            let text = tokens[index].text
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            let name = (parts.first ?? "").drop { $0 == "-" }
            guard text.hasPrefix("-"), releaseOptions.contains(String(name)) else { continue }
            var value = parts.count > 1 ? parts[1] : ""
            if value.isEmpty, index + 2 < tokens.count, tokens[index + 1].isSymbol(","),
                tokens[index + 2].kind == .string
            {
                value = tokens[index + 2].text
            }
            if value.hasPrefix("jvm-") { value = String(value.dropFirst(4)) }
            project.javaSource(value, Evidence(path, line: tokens[index].line))
        }
    }

    /// `"group" %% "name" % "version" % Test`.
    private mutating func readDependencies(_ path: String, _ tokens: [ScriptToken]) {
        for index in tokens.indices.dropLast(4)
        where tokens[index].kind == .string && tokens[index + 1].isSymbol("%") {
            var next = index + 2
            while next < tokens.count, tokens[next].isSymbol("%") { next += 1 }
            guard next < tokens.count, tokens[next].kind == .string else { continue }
            let end = tokens[next..<min(next + 12, tokens.count)].firstIndex { $0.kind == .lineEnd } ?? next
            let rest = tokens[next..<max(next, end)]
            let isForTests = rest.contains { $0.isWord("Test") || ($0.kind == .string && $0.text == "test") }
            let version = rest.dropFirst().first { $0.kind == .string }?.text ?? ""
            dependencies.append(
                JVMDependency(
                    tokens[index].text, tokens[next].text, version: version, isForTests: isForTests,
                    evidence: Evidence(path, line: tokens[index].line)))
        }
    }

    /// `lazy val core = project.in(file("core"))`; without `in`, the folder has the value's name.
    private func readProjects(_ path: String, _ tokens: [ScriptToken], _ project: inout ProjectFindings) {
        let folders = repository.folders
        for index in tokens.indices.dropLast(4)
        where tokens[index].isWord("val") && tokens[index + 1].kind == .word && tokens[index + 2].isSymbol("=") {
            let name = tokens[index + 1].text
            var start = index + 3
            while start < tokens.count, tokens[start].isSymbol("(") || tokens[start].kind == .lineEnd { start += 1 }
            guard start < tokens.count,
                ["project", "Project", "crossProject", "projectMatrix"].contains(tokens[start].text)
            else { continue }
            let rest = tokens[start..<min(start + 40, tokens.count)]
            let end = rest.dropFirst().firstIndex { $0.isWord("val") } ?? rest.endIndex
            var folder = name
            if let place = rest[..<end].firstIndex(where: { $0.isWord("file") }), place + 2 < end,
                tokens[place + 1].isSymbol("("), tokens[place + 2].kind == .string
            {
                folder = tokens[place + 2].text
            }
            let target = joinPath(directory, folder)
            guard target != directory, folders.contains(target) else { continue }
            project.member(name, in: target, of: "sbt", Evidence(path, line: tokens[index].line))
        }
    }

    private func readTasks(_ project: inout ProjectFindings) {
        project.task("install", "\(command) update", .inferred, in: directory, evidence)
        project.task("build", "\(command) compile", .inferred, in: directory, evidence)
        project.task("test", "\(command) test", .inferred, in: directory, evidence)
        for dependency in dependencies {
            switch dependency.name {
            case "sbt-scalafmt":
                project.task("lint", "\(command) scalafmtCheckAll", .inferred, in: directory, dependency.evidence)
            case "sbt-plugin" where dependency.group.hasSuffix("play") || dependency.group.hasSuffix("playframework"):
                project.task("start", "\(command) run", .inferred, in: directory, dependency.evidence)
                project.add(.port(PortFinding(9000, evidence: dependency.evidence)))
            case "sbt-revolver":
                project.task("start", "\(command) run", .inferred, in: directory, dependency.evidence)
            default: break
            }
        }
    }
}

private let releaseOptions: Set<String> = ["release", "source", "target", "java-output-version", "Xtarget"]

extension ProjectFindings {
    /// The releases of Java that a release of Scala's compiler runs on
    /// ([JDK Compatibility](https://docs.scala-lang.org/overviews/jdk-compatibility/overview.html)).
    mutating func javaLimits(ofScala version: String, _ evidence: Evidence) {
        let numbers = version.split(separator: ".").compactMap { Int($0.prefix { $0.isNumber }) }
        guard numbers.count >= 3 else { return }
        let line = numbers[0] * 100 + numbers[1]
        let patch = numbers[2]
        var bounds: [String] = []
        if line >= 308 { bounds.append(">=17") }
        let limit: Int? =
            switch line {
            case ...210: 8
            case 211: patch >= 12 ? 16 : 8
            case 212: [(21, 25), (20, 23), (19, 22), (18, 21), (15, 17), (4, 16)].first { patch >= $0.0 }?.1 ?? 8
            case 213: [(17, 25), (16, 24), (15, 23), (13, 22), (11, 21), (6, 17)].first { patch >= $0.0 }?.1 ?? 16
            case 300...302: 17
            case 303: [(6, 25), (5, 23), (4, 22), (1, 21)].first { patch >= $0.0 }?.1 ?? 20
            default: nil
            }
        // What is newer than the newest entry of the table is not known to have an end.
        if let limit, limit < 25 { bounds.append("<\(limit + 1)") }
        if !bounds.isEmpty { toolchain("java", .range, bounds.joined(separator: ", "), evidence) }
    }
}
