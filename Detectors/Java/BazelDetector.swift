//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads builds by Bazel ([External dependencies](https://bazel.build/external/overview)).
struct BazelDetector: Detector {
    let name = "bazel"
    let summary = ".bazelversion, MODULE.bazel, WORKSPACE, .bazelrc"

    var sources: [DetectorSource] {
        [
            DetectorSource(".bazelversion", "version of bazel", kind: .pin),
            DetectorSource("MODULE.bazel", "versions of bazel that it is built with", kind: .range),
            DetectorSource(".bazelrc", "version of Java", kind: .range),
        ]
    }

    func findings(in repository: Repository) -> [Finding] {
        let names = ["MODULE.bazel", "WORKSPACE", "WORKSPACE.bazel", "WORKSPACE.bzlmod"]
        let found = names.flatMap { repository.manifests(named: $0) }.min { $0.isNearer(than: $1) }
        guard let file = found, file.depth <= 1 else { return [] }
        let directory = file.directory
        var project = ProjectFindings(repository)
        var version: (text: String, evidence: Evidence)?
        let pin = joinPath(directory, ".bazelversion")
        if repository.contains(pin) {
            for (index, line) in repository.lines(pin).enumerated() {
                let text = line.prefix { $0 != "#" }.trimmingSpaces
                guard text.first?.isNumber == true else { continue }
                version = (text, Evidence(pin, line: index + 1))
                break
            }
        }
        let lock = joinPath(directory, "MODULE.bazel.lock")
        let evidence = version?.evidence ?? Evidence(file.path)
        project.packageManager(
            "bazel", version: version?.text, lockfile: repository.contains(lock) ? lock : nil, in: directory, evidence)
        // Beside another build, Bazel's is for those who embed the project.
        if otherBuilds.contains(where: { repository.contains(joinPath(directory, $0)) }) { return project.findings }
        if let version { project.toolchain("bazel", .pin, version.text, version.evidence) }
        readCompatibility(joinPath(directory, "MODULE.bazel"), &project)
        readOptions(joinPath(directory, ".bazelrc"), &project)
        let command = wrapperCommand("bazelw", in: directory, repository) ?? "bazel"
        if version == nil, command == "bazel" { project.system(.program("bazel"), Evidence(file.path)) }
        project.task("build", "\(command) build //...", .inferred, in: directory, Evidence(file.path))
        project.task("test", "\(command) test //...", .inferred, in: directory, Evidence(file.path))
        return project.findings
    }

    /// `bazel_compatibility = [">=6.0.0"]` of the module.
    private func readCompatibility(_ path: String, _ project: inout ProjectFindings) {
        guard project.repository.contains(path) else { return }
        for (index, line) in project.repository.lines(path).enumerated() {
            guard let place = line.range(ofText: "bazel_compatibility") else { continue }
            let constraints = rubyStrings(String(line[place...])).filter { ">=<!-".contains($0.first ?? "x") }
            for text in constraints where !text.hasPrefix("-") {
                project.toolchain("bazel", .range, text, Evidence(path, line: index + 1))
            }
        }
    }

    /// `build --java_language_version=17`, `--java_runtime_version=remotejdk_17`.
    private func readOptions(_ path: String, _ project: inout ProjectFindings) {
        guard project.repository.contains(path) else { return }
        for (index, line) in project.repository.lines(path).enumerated() {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            guard let command = words.first, ["build", "common", "test", "run"].contains(command) else { continue }
            for word in words.dropFirst() {
                let sides = word.split(separator: "=", maxSplits: 1).map(String.init)
                guard sides.count == 2, ["--java_language_version", "--java_runtime_version"].contains(sides[0])
                else { continue }
                let digits = String(sides[1].drop { !$0.isNumber })
                project.javaMinimum(digits, Evidence(path, line: index + 1))
            }
        }
    }
}

private let otherBuilds = [
    "CMakeLists.txt", "meson.build", "configure.ac", "configure", "Makefile", "Cargo.toml", "go.mod", "pyproject.toml",
    "setup.py", "pom.xml", "build.gradle", "build.gradle.kts", "build.sbt", "Package.swift", "mix.exs", "composer.json",
]
