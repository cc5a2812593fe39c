//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import JSON

extension ProjectFindings {
    /// The commands of a Node project: its scripts, then what its files and dependencies tell.
    ///
    /// - Parameter standing: That of its scripts.
    mutating func nodeTasks(
        _ manifest: NodeManifest, _ manager: PackageManager, _ workspace: NodeWorkspace,
        standing: TaskFinding.Standing
    ) {
        let directory = manifest.directory
        var known: Set<String> = []
        for (task, names) in taskScripts {
            guard let script = names.lazy.compactMap({ manifest.script($0) }).first else { continue }
            known.insert(task)
            self.task(
                task, manager.run(script.name), standing, in: directory, Evidence(manifest.path, line: script.line))
        }
        for task in ["build", "test", "lint", "typecheck"] where !known.contains(task) {
            guard let member = workspace.members.first(where: { $0.script(task) != nil }) else { continue }
            known.insert(task)
            let evidence =
                workspace.runner?.evidence ?? Evidence(member.path, line: member.script(task)?.line)
            self.task(task, workspace.run(task, manager), .inferred, in: directory, evidence)
        }
        if !known.contains("test"), let (command, evidence) = testCommand(manifest, manager) {
            self.task("test", command, .inferred, in: directory, evidence)
        }
        if !known.contains("start"), manifest.isApplication, let (command, evidence) = startCommand(manifest, manager) {
            self.task("start", command, .inferred, in: directory, evidence)
        }
        for name in ["start", "serve", "start:prod", "dev", "start:dev", "develop", "preview"] {
            // A script may leave the port to one that it calls.
            let scripts =
                [manifest.script(name)].compactMap(\.self) + manifest.commands(of: name, in: repository).map(\.script)
            for script in scripts {
                guard let port = portNumber(in: script.command) else { continue }
                add(.port(PortFinding(port, evidence: Evidence(manifest.path, line: script.line))))
                break
            }
        }
    }

    /// The runner of tests among the dependencies, where no script names it.
    private func testCommand(_ manifest: NodeManifest, _ manager: PackageManager) -> (String, Evidence)? {
        let dependencies = manifest.dependencies()
        for (package, command) in nodeTestRunners {
            guard let dependency = dependencies.first(where: { $0.name == package }) else { continue }
            return (manager.execute(command), Evidence(manifest.path, line: dependency.line))
        }
        let tests = ["js", "mjs", "cjs", "ts", "tsx"].flatMap { repository.files(withExtension: $0) }.filter { file in
            relative(file.directory, to: manifest.directory) != nil
                && (file.name.range(ofText: ".test.") != nil || file.name.range(ofText: ".spec.") != nil)
                && !file.path.split(separator: "/").contains("node_modules")
        }
        guard let test = tests.first else { return nil }
        if manager.name == "bun" { return ("bun test", Evidence(test.path)) }
        // Node runs its own tests in JavaScript only.
        guard test.name.hasSuffix("js"), let text = repository.text(test.path),
            text.range(ofText: "node:test") != nil
        else { return nil }
        return ("node --test", Evidence(test.path))
    }

    /// How a framework's application, or a server's main file, starts.
    private func startCommand(_ manifest: NodeManifest, _ manager: PackageManager) -> (String, Evidence)? {
        for (package, command) in frameworks {
            guard let dependency = manifest.dependencies().first(where: { $0.name == package }) else { continue }
            let isProgram = command.hasPrefix("node ")
            return (
                isProgram ? command : manager.execute(command), Evidence(manifest.path, line: dependency.line)
            )
        }
        guard manifest.dependencies(["dependencies"]).contains(where: { serverPackages.contains($0.name) }) else {
            return nil
        }
        let main = manifest.root["main"]?.string
        let candidates =
            [main].compactMap { $0 } + ["server.js", "app.js", "index.js", "src/server.js", "src/index.js"]
        let program = manager.name == "bun" ? "bun" : "node"
        for file in candidates where repository.contains(joinPath(manifest.directory, file)) {
            return ("\(program) \(shellQuoted(file))", Evidence(joinPath(manifest.directory, file)))
        }
        return nil
    }

    /// Names of variables that settings of the package manager read, such as the token of a private registry.
    mutating func nodeVariables(in directory: String) {
        var seen: Set<String> = []
        for file in [".npmrc", ".yarnrc.yml", "bunfig.toml"] {
            let path = joinPath(directory, file)
            for (index, line) in repository.lines(path).enumerated() {
                let text = line.trimmingSpaces
                guard !text.hasPrefix("#"), !text.hasPrefix(";") else { continue }
                // `${NPM_TOKEN}`, with a default as `${NPM_TOKEN:-}` or `${NPM_TOKEN-x}`.
                for part in text.parts(separatedBy: "${").dropFirst() {
                    let name = part.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                    guard !name.isEmpty, name != "HOME", seen.insert(String(name)).inserted else { continue }
                    add(
                        .variable(
                            VariableFinding(String(name), value: nil, evidence: Evidence(path, line: index + 1))))
                }
            }
        }
    }
}

/// A script of a manifest.
struct NodeScript {
    let name: String
    let command: String
    let line: Int
}

extension NodeManifest {
    /// The script `name`; nil where it only says that there is none.
    func script(_ name: String) -> NodeScript? {
        guard let member = root["scripts"]?.object?.last(where: { $0.key == name }), let command = member.value.string,
            !command.trimmingSpaces.isEmpty, command.range(ofText: "no test specified") == nil
        else { return nil }
        return NodeScript(name: name, command: command, line: member.line)
    }
}

/// The port that a command names: `--port 3000`, `-p 3000`, `PORT=3000`.
func portNumber(in command: String) -> Int? {
    let words = command.split(whereSeparator: { $0.isWhitespace || $0 == "=" || $0 == "\"" || $0 == "'" })
    for (word, next) in zip(words, words.dropFirst())
    where word == "--port" || word == "-p" || word == "PORT" || word.hasSuffix("_PORT") && word.allSatisfy(\.isASCII) {
        if let port = Int(next), (1...65_535).contains(port) { return port }
    }
    return nil
}

/// The scripts that are taken for each task, the first that is there.
private let taskScripts: [(task: String, names: [String])] = [
    ("build", ["build"]), ("test", ["test"]), ("lint", ["lint"]), ("start", ["start", "serve"]),
    ("dev", ["dev", "develop", "start:dev"]),
    ("typecheck", ["typecheck", "type-check", "check-types", "types:check", "tsc", "check:types"]),
]

private let nodeTestRunners: [(package: String, command: String)] = [
    ("vitest", "vitest run"), ("jest", "jest"), ("mocha", "mocha"), ("ava", "ava"), ("tap", "tap"),
    ("jasmine", "jasmine"), ("uvu", "uvu"), ("@angular/cli", "ng test --watch=false"),
    ("karma", "karma start --single-run"),
]

private let frameworks: [(package: String, command: String)] = [
    ("next", "next start"), ("nuxt", "nuxt preview"), ("@remix-run/serve", "remix-serve build/server/index.js"),
    ("@react-router/serve", "react-router-serve build/server/index.js"),
    ("@sveltejs/adapter-node", "node build"), ("@sveltejs/kit", "vite preview"), ("astro", "astro preview"),
    ("@docusaurus/core", "docusaurus serve"), ("gatsby", "gatsby serve"), ("@nestjs/core", "nest start"),
    ("@strapi/strapi", "strapi start"), ("react-scripts", "react-scripts start"), ("@angular/cli", "ng serve"),
    ("vitepress", "vitepress preview"), ("vite", "vite preview"),
]

private let serverPackages: Set<String> = [
    "express", "fastify", "koa", "@hapi/hapi", "hono", "restify", "polka", "socket.io", "ws", "apollo-server",
    "@apollo/server", "micro", "elysia", "discord.js",
]
