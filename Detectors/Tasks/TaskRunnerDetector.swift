//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import YAML

/// Reads the files in which projects of any language keep their commands.
struct TaskRunnerDetector: Detector {
    let name = "tasks"
    let summary = "justfile, Taskfile.yml, Makefile, script/test and the like"
    let sources = [
        DetectorSource("justfile", "tasks"), DetectorSource("Taskfile.yml", "tasks"),
        DetectorSource("Makefile", "tasks"), DetectorSource("script/test", "tasks"),
        DetectorSource("run_tests.sh", "tasks"),
    ]

    func findings(in repository: Repository) -> [Finding] {
        var project = ProjectFindings(repository)
        // A language's own manifest says best how its project is built and tested: what wraps that is a second way.
        let hasManifest = languageManifests.contains(where: repository.contains)
        let standing: TaskFinding.Standing = hasManifest ? .inferred : .declared
        readJustfile(standing, &project)
        readTaskfile(standing, &project)
        readMakefile(standing, &project)
        readScripts(&project)
        return project.findings
    }

    // MARK: just

    /// Recipes that need no arguments ([The Just Programmer's Manual](https://just.systems/man/en/)).
    private func readJustfile(_ standing: TaskFinding.Standing, _ project: inout ProjectFindings) {
        let names = ["justfile", "Justfile", ".justfile", "JUSTFILE"]
        guard let path = names.first(where: project.repository.contains) else { return }
        var taken: Set<String> = []
        var read: Set<String> = []
        readRecipes(path, standing, &taken, &read, &project)
        if !taken.isEmpty { project.system(.program("just"), .test, isOptional: standing == .inferred, Evidence(path)) }
    }

    /// The recipes of a file and of those that it imports.
    private func readRecipes(
        _ path: String, _ standing: TaskFinding.Standing, _ taken: inout Set<String>, _ read: inout Set<String>,
        _ project: inout ProjectFindings
    ) {
        guard read.count < 20, read.insert(path).inserted, project.repository.contains(path) else { return }
        var imports: [String] = []
        defer {
            // What a file says itself comes before what it imports.
            for file in imports { readRecipes(file, standing, &taken, &read, &project) }
        }
        for (index, line) in project.repository.lines(path).enumerated() where line.utf8.count < 2_000 {
            // `import 'ci/tests.just'`, `import? 'local.just'`.
            if line.hasPrefix("import"), let quote = line.firstIndex(where: { $0 == "'" || $0 == "\"" }) {
                let name = line[quote...].dropFirst().prefix { $0 != line[quote] }
                imports.append(joinPath(parentPath(path), String(name)))
                continue
            }
            let text = line.hasPrefix("@") ? String(line.dropFirst()) : line
            guard text.first?.isLetter == true, let colon = text.firstIndex(of: ":"),
                !text[colon...].hasPrefix(":="), !text.hasPrefix("set "), !text.hasPrefix("alias ")
            else { continue }
            let words = text[..<colon].split(whereSeparator: \.isWhitespace).map(String.init)
            guard let name = words.first, let task = canonicalTask(name),
                words.dropFirst().allSatisfy({ $0.hasPrefix("*") || $0.contains("=") }), taken.insert(task).inserted
            else { continue }
            let evidence = Evidence(path, line: index + 1)
            project.task(task, "just \(name)", task == name ? standing : .inferred, evidence)
        }
    }

    // MARK: Task

    /// [Task](https://taskfile.dev/reference/schema)'s tasks by their names.
    private func readTaskfile(_ standing: TaskFinding.Standing, _ project: inout ProjectFindings) {
        let names = ["Taskfile.yml", "taskfile.yml", "Taskfile.yaml", "taskfile.yaml", "Taskfile.dist.yml"]
        guard let path = names.first(where: project.repository.contains), let root = project.repository.yaml(path)
        else {
            return
        }
        var taken: Set<String> = []
        var read: Set<String> = []
        readTasks(root, path, prefix: "", standing, &taken, &read, &project)
    }

    /// The tasks of a file and of those that it
    /// [includes](https://taskfile.dev/docs/guide#including-other-taskfiles), whose names begin with their namespace
    /// unless they are flattened.
    private func readTasks(
        _ root: YAMLNode, _ path: String, prefix: String, _ standing: TaskFinding.Standing, _ taken: inout Set<String>,
        _ read: inout Set<String>, _ project: inout ProjectFindings
    ) {
        guard read.count < 20, read.insert(path).inserted else { return }
        for pair in root["tasks"]?.mapping ?? [] {
            guard let name = pair.key.string, pair.value["internal"]?.bool != true, pair.value["requires"] == nil else {
                continue
            }
            // `test:default` and `go:test` of included files stand for the same where the root has none.
            guard let task = canonicalTask(name == "default" && !prefix.isEmpty ? String(prefix.dropLast()) : name),
                taken.insert(task).inserted
            else { continue }
            let isOwn = task == name && prefix.isEmpty
            project.task(
                task, "task \(prefix)\(name)", isOwn ? standing : .inferred, Evidence(path, line: pair.key.line))
        }
        for pair in root["includes"]?.mapping ?? [] {
            guard let namespace = pair.key.string, let name = (pair.value["taskfile"] ?? pair.value).string,
                pair.value["internal"]?.bool != true
            else { continue }
            let target = joinPath(parentPath(path), name)
            let files = [target] + ["Taskfile.yml", "Taskfile.yaml", "taskfile.yml"].map { joinPath(target, $0) }
            guard let file = files.first(where: project.repository.contains), let other = project.repository.yaml(file)
            else { continue }
            let isFlat = pair.value["flatten"]?.bool == true
            readTasks(
                other, file, prefix: isFlat ? prefix : "\(prefix)\(namespace):", standing, &taken, &read, &project)
        }
    }

    // MARK: make

    /// Targets of the root's makefile. `install` counts where it installs dependencies: elsewhere it copies the program
    /// into the system.
    private func readMakefile(_ standing: TaskFinding.Standing, _ project: inout ProjectFindings) {
        guard let rules = MakeRules(in: "", of: project.repository) else { return }
        var taken: Set<String> = []
        for wanted in ["test", "tests", "check", "build", "lint", "install", "start", "run", "serve"] {
            guard let target = rules.targets.first(where: { $0.name == wanted }), let task = canonicalTask(wanted),
                !taken.contains(task)
            else { continue }
            let recipes = rules.recipes(for: wanted)
            // A target without commands makes nothing by itself.
            if recipes.isEmpty { continue }
            let script = recipes.map(\.script).joined(separator: "\n")
            if task == "install", !dependencyInstallers.contains(where: { script.range(ofText: $0) != nil }) {
                continue
            }
            taken.insert(task)
            let isInContainer = script.range(ofText: "docker") != nil || script.range(ofText: "podman") != nil
            project.task(
                task, "make \(wanted)", task == wanted && !isInContainer ? standing : .inferred,
                Evidence(target.path, line: target.line))
        }
        if !taken.isEmpty { project.system(.program("make"), .test, Evidence(rules.path)) }
        for target in rules.targets {
            guard let recipe = rules.recipes(for: target.name).last, recipe.target == target.name else { continue }
            for (index, line) in recipe.script.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            where line.range(ofText: " run ") != nil && line.utf8.count < 2_000 {
                let evidence = Evidence(recipe.path, line: recipe.line + index)
                if let service = serviceStarted(by: shellWords(String(line)), evidence) {
                    project.add(.service(service))
                }
            }
        }
    }

    // MARK: Scripts

    /// Programs of the repository whose names are the task.
    private func readScripts(_ project: inout ProjectFindings) {
        for (task, paths) in scriptNames {
            guard let path = paths.first(where: project.repository.contains) else { continue }
            let isRunnable = project.repository.checkout[path]?.isExecutable ?? false
            let lines = project.repository.lines(path)
            guard let first = lines.first, first.hasPrefix("#!") || path.hasSuffix(".sh") else { continue }
            let shell = first.range(ofText: "bash") != nil ? "bash" : "sh"
            project.task(task, isRunnable ? "./\(path)" : "\(shell) \(path)", .inferred, Evidence(path))
        }
    }
}

/// The task that a name stands for; nil for names of a project's own.
func canonicalTask(_ name: String) -> String? {
    switch name {
    case "test", "tests", "check": "test"
    case "build", "lint", "install", "start": name
    case "bootstrap", "setup", "deps": "install"
    case "run", "serve", "server", "dev": "start"
    default: nil
    }
}

/// Manifests of languages that have commands of their own.
let languageManifests = [
    "pyproject.toml", "setup.py", "setup.cfg", "tox.ini", "package.json", "Cargo.toml", "go.mod", "Gemfile", "pom.xml",
    "build.gradle", "build.gradle.kts", "composer.json", "mix.exs", "rebar.config", "Package.swift", "build.sbt",
    "project.clj", "deps.edn", "dune-project", "stack.yaml", "cabal.project", "build.zig", "pubspec.yaml", "shard.yml",
    "deno.json", "deno.jsonc", "Makefile.PL", "Build.PL", "DESCRIPTION", "Project.toml", "CMakeLists.txt",
    "meson.build", "requirements.txt", "gleam.toml",
]
/// What commands that install dependencies hold.
let dependencyInstallers = [
    "pip install", "pip3 install", "npm install", "npm ci", "yarn", "pnpm i", "poetry install", "pipenv install",
    "bundle install", "composer install", "go mod", "uv sync", "mix deps", "cargo fetch", "pdm install", "bun install",
    "apt-get install", "apt install", "opam install", "cabal update", "luarocks install", "cpanm",
]
private let scriptNames: [(task: String, paths: [String])] = [
    (
        "install",
        [
            "script/bootstrap", "script/setup", "bin/bootstrap", "bin/setup", "scripts/bootstrap.sh",
            "scripts/setup.sh", "scripts/install-deps.sh",
        ]
    ),
    ("build", ["script/build", "scripts/build.sh", "build.sh", "bin/build"]),
    (
        "test",
        [
            "script/test", "script/cibuild", "bin/test", "scripts/test", "scripts/test.sh", "scripts/run-tests.sh",
            "scripts/run_tests.sh", "run_tests.sh", "run-tests.sh", "runtests.sh", "runtests", "test.sh",
            "tests/run.sh",
            "test/run.sh", "tests/run_tests.sh", "test/run_tests.sh", "tests/runtests.sh",
        ]
    ),
    ("lint", ["script/lint", "scripts/lint.sh", "scripts/lint", "bin/lint", "lint.sh"]),
    ("start", ["script/server", "script/start", "scripts/start.sh", "bin/start", "start.sh", "bin/dev"]),
]
