//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads a project of Leiningen ([sample](https://codeberg.org/leiningen/leiningen/src/branch/main/sample.project.clj)).
func readLeiningen(_ file: CheckoutFile, _ project: inout ProjectFindings) {
    let evidence = Evidence(file.path)
    let nodes = EDNNode.parse(project.repository.text(file.path) ?? "")
    guard let root = nodes.first(where: { $0.items.first?.atom == "defproject" }) else { return }
    var dependencies: [JVMDependency] = []
    func readDependencies(_ list: EDNNode?, isForTests: Bool) {
        for node in list?.items ?? [] {
            guard let name = node.items.first?.atom else { continue }
            dependencies.append(
                clojureDependency(
                    name, node.items.dropFirst().first?.string ?? "", isForTests: isForTests,
                    Evidence(file.path, line: node.line)))
        }
    }
    readDependencies(root[":dependencies"], isForTests: false)
    readDependencies(root[":plugins"], isForTests: true)
    for profile in root[":profiles"]?.pairs ?? [] {
        readDependencies(profile.value[":dependencies"], isForTests: true)
        readDependencies(profile.value[":plugins"], isForTests: true)
    }
    readJavac(root[":javac-options"], file.path, &project)
    statesClojure(dependencies, &project)
    if let minimum = root[":min-lein-version"], let version = minimum.string {
        project.toolchain("leiningen", .range, ">=\(version)", Evidence(file.path, line: minimum.line))
    }
    let lein =
        wrapperCommand("lein", in: file.directory, project.repository)
        ?? wrapperCommand("bin/lein", in: file.directory, project.repository)
    project.packageManager("lein", in: file.directory, evidence)
    project.dependency("lein", .project(backend: nil, isNative: false), in: file.directory, evidence)
    if lein == nil { project.system(.program("lein"), evidence) }
    project.jvmDependencies(dependencies)
    let command = lein ?? "lein"
    project.task("install", "\(command) deps", .inferred, in: file.directory, evidence)
    let hasMain = root[":main"]
    let isUberjar = hasMain != nil || root[":uberjar-name"] != nil
    project.task("build", "\(command) \(isUberjar ? "uberjar" : "jar")", .inferred, in: file.directory, evidence)
    // Midje has its own runner.
    let runner = dependencies.first { $0.name == "lein-midje" }
    project.task(
        "test", "\(command) \(runner == nil ? "test" : "midje")", .inferred, in: file.directory,
        runner?.evidence ?? evidence)
    if let linter = dependencies.first(where: { ["lein-cljfmt", "lein-kibit", "jonase/eastwood"].contains($0.name) }) {
        let task = linter.name == "lein-cljfmt" ? "cljfmt check" : String(linter.name.dropFirst(5))
        project.task("lint", "\(command) \(task)", .inferred, in: file.directory, linter.evidence)
    }
    if let server = dependencies.first(where: { $0.name == "lein-ring" }), root[":ring"] != nil {
        project.task("start", "\(command) ring server-headless", .inferred, in: file.directory, server.evidence)
        project.add(.port(PortFinding(3000, evidence: server.evidence)))
    } else if let hasMain {
        project.task("start", "\(command) run", .inferred, in: file.directory, Evidence(file.path, line: hasMain.line))
    }
}

/// Reads a project of the Clojure command ([deps.edn](https://clojure.org/reference/deps_edn)).
func readToolsDeps(_ file: CheckoutFile, _ project: inout ProjectFindings) {
    let evidence = Evidence(file.path)
    guard let root = EDNNode.parse(project.repository.text(file.path) ?? "").first else { return }
    var dependencies: [JVMDependency] = []
    func readDependencies(_ map: EDNNode?, isForTests: Bool) {
        for pair in map?.pairs ?? [] {
            guard let name = pair.key.atom else { continue }
            dependencies.append(
                clojureDependency(
                    name, pair.value[":mvn/version"]?.string ?? "", isForTests: isForTests,
                    Evidence(file.path, line: pair.key.line)))
        }
    }
    readDependencies(root[":deps"], isForTests: false)
    let aliases = root[":aliases"]?.pairs ?? []
    for alias in aliases {
        for key in [":extra-deps", ":deps", ":replace-deps"] { readDependencies(alias.value[key], isForTests: true) }
    }
    statesClojure(dependencies, &project)
    project.packageManager("clojure", in: file.directory, evidence)
    project.dependency("clojure", .project(backend: nil, isNative: false), in: file.directory, evidence)
    project.system(.program("clojure"), evidence)
    project.jvmDependencies(dependencies)
    project.task("install", "clojure -P", .inferred, in: file.directory, evidence)
    func alias(_ names: [String]) -> (name: String, node: EDNNode, evidence: Evidence)? {
        for name in names {
            if let found = aliases.first(where: { $0.key.atom == ":\(name)" }) {
                return (name, found.value, Evidence(file.path, line: found.key.line))
            }
        }
        return nil
    }
    func run(_ node: EDNNode, _ name: String, function: String = "") -> String {
        node[":exec-fn"] != nil || node[":ns-default"] != nil
            ? "clojure -\(node[":ns-default"] != nil ? "T" : "X"):\(name)\(function)" : "clojure -M:\(name)"
    }
    let script = joinPath(file.directory, "build.clj")
    if project.repository.contains(script), let build = alias(["build"]) {
        let functions = EDNNode.parse(project.repository.text(script) ?? "").compactMap { node in
            node.items.first?.atom?.hasPrefix("defn") == true ? node.items.dropFirst().first?.atom : nil
        }
        let function = ["uber", "uberjar", "jar", "ci", "build"].first(where: functions.contains) ?? "jar"
        project.task("build", "clojure -T:build \(function)", .inferred, in: file.directory, build.evidence)
    } else if let build = alias(["uberjar", "uberdeps", "jar", "depstar"]) {
        project.task("build", run(build.node, build.name), .inferred, in: file.directory, build.evidence)
    }
    if let test = alias(["test", "tests", "runner", "kaocha", "unit-test"]) {
        let runners = aliases.first { $0.key.atom == ":runner" }
        let hasRunner = test.node[":main-opts"] != nil || test.node[":exec-fn"] != nil
        // An alias that only adds paths is used together with that of a runner.
        let name = !hasRunner && runners != nil && test.name != "runner" ? "\(test.name):runner" : test.name
        let node = hasRunner ? test.node : (runners?.value ?? test.node)
        project.task("test", run(node, name), .inferred, in: file.directory, test.evidence)
    }
    if let lint = alias(["lint", "clj-kondo", "cljfmt", "fmt/check", "eastwood"]) {
        project.task("lint", run(lint.node, lint.name), .inferred, in: file.directory, lint.evidence)
    }
    if let start = alias(["run-m", "run", "start", "server", "run-x", "main"]) {
        project.task("start", run(start.node, start.name), .inferred, in: file.directory, start.evidence)
    }
}

/// `group/name` and `name`, which is its own group.
private func clojureDependency(
    _ name: String, _ version: String, isForTests: Bool, _ evidence: Evidence
) -> JVMDependency {
    let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
    return JVMDependency(
        parts.first ?? name, parts.last ?? name, version: version, isForTests: isForTests, evidence: evidence)
}

private func statesClojure(_ dependencies: [JVMDependency], _ project: inout ProjectFindings) {
    guard let language = dependencies.first(where: { $0.group == "org.clojure" && $0.name == "clojure" }),
        language.version.first?.isNumber == true
    else { return }
    project.toolchain("clojure", .hint, language.version, language.evidence)
}

/// `:javac-options ["-target" "11" "--release" "11"]`.
private func readJavac(_ options: EDNNode?, _ path: String, _ project: inout ProjectFindings) {
    let items = options?.items ?? []
    for (index, item) in items.enumerated() where index + 1 < items.count {
        guard ["-target", "-source", "--release"].contains(item.string ?? ""), let value = items[index + 1].string
        else { continue }
        project.javaSource(value, Evidence(path, line: item.line))
        return
    }
}
