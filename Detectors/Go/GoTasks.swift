//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension ProjectFindings {
    /// The commands of the modules of a repository.
    ///
    /// - Parameters:
    ///   - directory: The folder of the workspace or of the first module.
    ///   - modules: The folders of all modules.
    ///   - members: Those that a workspace joins.
    ///   - isWorkspace: Whether there is a workspace.
    ///   - evidence: The manifest of the first module or of the workspace.
    mutating func goTasks(
        in directory: String, modules: [String], members: [String], isWorkspace: Bool, _ evidence: Evidence
    ) {
        let patterns = goPatterns(modules: modules, members: members, isWorkspace: isWorkspace)
        if !repository.contains(joinPath(directory, "vendor/modules.txt")) {
            task("install", "go mod download", .inferred, in: directory, evidence)
        }
        if let patterns {
            task("build", "go build \(patterns)", .inferred, in: directory, evidence)
            task("test", "go test \(patterns)", .inferred, in: directory, evidence)
        } else {
            // Modules beside each other are built one by one.
            for (name, verb) in [("build", "build"), ("test", "test")] {
                let steps = modules.prefix(20).map { "(cd \(shellQuoted($0)) && go \(verb) ./...)" }
                task(name, steps.joined(separator: " && "), .inferred, evidence)
            }
        }
        let lint = [".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json"]
            .map { joinPath(directory, $0) }.first(where: repository.contains)
        if let lint { task("lint", "golangci-lint run", .inferred, in: directory, Evidence(lint)) }
        if let program = goProgram(in: directory, modules: modules) {
            let package = program.isEmpty ? "." : "./\(program)"
            task(
                "start", "go run \(shellQuoted(package))", .inferred, in: directory,
                Evidence(joinPath(directory, joinPath(program, "main.go"))))
        }
    }

    /// What `go build` and `go test` are told; nil where several modules have no workspace.
    private func goPatterns(modules: [String], members: [String], isWorkspace: Bool) -> String? {
        if isWorkspace {
            // Outside of a module of the workspace `./...` names nothing.
            let folders = members.filter { modules.contains($0) }
            if folders.isEmpty || folders == [""] { return "./..." }
            return folders.prefix(50).map { $0.isEmpty ? "./..." : shellQuoted("./\($0)/...") }.joined(separator: " ")
        }
        guard let first = modules.first else { return "./..." }
        let siblings = modules.filter { $0.split(separator: "/").count == first.split(separator: "/").count }
        return first.isEmpty || siblings.count == 1 ? "./..." : nil
    }

    /// The folder of the one program of a module, relative to `directory`: its root, or a folder in `cmd`.
    private func goProgram(in directory: String, modules: [String]) -> String? {
        func isProgram(_ path: String) -> Bool {
            repository.lines(path).contains { $0.hasPrefix("package main") }
        }
        if repository.contains(joinPath(directory, "main.go")), isProgram(joinPath(directory, "main.go")) { return "" }
        let commands = repository.files(named: "main.go").filter { file in
            guard let folder = relative(file.directory, to: joinPath(directory, "cmd")) else { return false }
            return folder.split(separator: "/").count <= 1 && isProgram(file.path)
        }
        guard commands.count == 1, let folder = commands.first?.directory else { return nil }
        return relative(folder, to: directory)
    }
}
