//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import JSON

extension NodeManifest {
    /// What a script runs, with the scripts before and behind it and those that it calls
    /// ([npm scripts](https://docs.npmjs.com/cli/using-npm/scripts)).
    func commands(of name: String, in repository: Repository) -> [(command: TracedCommand, script: NodeScript)] {
        var result: [(command: TracedCommand, script: NodeScript)] = []
        var seen: Set<String> = []
        var open = ["post\(name)", name, "pre\(name)"]
        while let next = open.popLast(), seen.count < 50 {
            guard seen.insert(next).inserted, let script = script(next) else { continue }
            var tracer = ShellTracer(repository, directory: directory)
            tracer.trace(script.command, path: path, firstLine: script.line)
            for command in tracer.commands {
                result.append((command, script))
                open += calledScripts(command.call).flatMap { ["post\($0)", $0, "pre\($0)"] }.reversed()
            }
        }
        return result
    }

    /// The scripts that a command runs: `npm run a`, `yarn a`, `run-s a b`, `concurrently "npm:a"`.
    private func calledScripts(_ call: [String]) -> [String] {
        let operands = call.dropFirst().filter { !$0.hasPrefix("-") }
        switch call.first {
        case "npm", "pnpm", "yarn", "bun":
            guard let first = operands.first else { return [] }
            if first == "run" || first == "run-script" { return Array(operands.dropFirst().prefix(1)) }
            return first == "t" ? ["test"] : [first]
        case "npm-run-all", "run-s", "run-p", "npm-run-all2":
            let names = root["scripts"]?.object?.map(\.key) ?? []
            return operands.flatMap { pattern in
                pattern.contains("*") ? names.filter { matchesShellPattern($0, pattern) } : [pattern]
            }
        case "concurrently":
            return operands.flatMap { text -> [String] in
                if text.hasPrefix("npm:") { return [String(text.dropFirst(4))] }
                let words = shellWords(text)
                return words.first == "concurrently" ? [] : calledScripts(words)
            }
        default: return []
        }
    }
}

extension ProjectFindings {
    /// The programs of the system that the scripts for building and testing run.
    mutating func nodePrograms(_ manifest: NodeManifest) {
        var seen: Set<String> = []
        for (name, phase) in [("test", SystemFinding.Phase.test), ("build", .build), ("start", .run)] {
            for (command, script) in manifest.commands(of: name, in: repository) where !command.isConditional {
                guard let program = command.call.first, systemPrograms.contains(program), seen.insert(program).inserted
                else { continue }
                system(
                    .program(program), phase, reason: "script `\(script.name)`",
                    Evidence(manifest.path, line: script.line))
            }
        }
    }
}

/// Programs that packages of npm do not bring.
private let systemPrograms: Set<String> = [
    "make", "cmake", "gcc", "g++", "python3", "protoc", "shellcheck", "bats", "java", "mvn", "cargo", "php", "bundle",
    "convert", "ffmpeg", "pandoc", "dot", "jq", "rsync", "zip", "unzip", "xvfb-run", "tar", "curl", "wget", "openssl",
    "inkscape", "gs", "pdftotext", "tidy", "perl", "sqlite3", "psql", "redis-server",
]
