//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Versions

/// The commands of the spec.
struct TaskPlan {
    /// One for each name, sorted by name, with the places that speak for it.
    var chosen: [(task: TaskFinding, comment: String)] = []
    /// Those that lost.
    var rejected: [TaskFinding] = []
}

/// The strongest command for each name.
///
/// A command of a project in a folder of the repository is weaker than any of the repository as a whole. Several
/// languages in the root each install their own dependencies: these commands are joined, the first language's first.
func planTasks(
    _ findings: [TaskFinding], languages: [RankedLanguage], managers: [PackageManagerFinding]
) -> TaskPlan {
    var plan = TaskPlan()
    for name in Set(findings.map(\.name)).sorted() where name != "install" {
        plan.choose(among: findings.filter { $0.name == name })
    }
    let installs = findings.filter { $0.name == "install" }
    let needed = Set(
        plan.chosen.compactMap { ecosystem(of: $0.task.command) }
            + managers.filter { $0.directory.isEmpty && $0.lockfile != nil }.compactMap { ecosystems[$0.name] })
    plan.chooseInstalls(among: installs, languages, needed)
    plan.chosen.sort { $0.task.name < $1.task.name }
    return plan
}

extension TaskPlan {
    fileprivate mutating func choose(among candidates: [TaskFinding]) {
        guard let winner = strongest(of: candidates) else { return }
        chosen.append((winner, winner.evidence.description))
        rejected += candidates.filter { $0 != winner }
    }

    /// One command for each language that the root's files show, unless one of them is for all.
    fileprivate mutating func chooseInstalls(
        among candidates: [TaskFinding], _ languages: [RankedLanguage], _ needed: Set<String>
    ) {
        guard let first = strongest(of: candidates) else { return }
        let whole = candidates.filter { !$0.isOfAPart }
        guard let own = ecosystem(of: first.command), !first.isOfAPart else { return choose(among: candidates) }
        var winners: [(rank: Int, task: TaskFinding)] = []
        for name in Set(whole.compactMap { ecosystem(of: $0.command) }).sorted() {
            guard let winner = strongest(of: whole.filter { ecosystem(of: $0.command) == name }) else { continue }
            let rank = languages.firstIndex { (ecosystems[$0.name] ?? $0.name) == name }
            let isUsed = needed.contains(name) || rank.map { languages[$0].share >= 0.02 } ?? false
            if name == own || isUsed { winners.append((rank ?? languages.count, winner)) }
        }
        guard winners.count > 1 else { return choose(among: candidates) }
        let tasks = winners.sorted { $0.rank < $1.rank }.map(\.task)
        let joined = TaskFinding(
            "install", command: tasks.map(\.command).joined(separator: " && "),
            standing: tasks.map(\.standing).min() ?? .inferred, evidence: tasks[0].evidence)
        chosen.append((joined, tasks.map(\.evidence.description).joined(separator: ", ")))
        rejected += candidates.filter { !tasks.contains($0) }
    }

    private func strongest(of candidates: [TaskFinding]) -> TaskFinding? {
        let ofTheWhole = candidates.filter { !$0.isOfAPart }
        let eligible = ofTheWhole.isEmpty ? candidates : ofTheWhole
        guard let standing = eligible.map(\.standing).max() else { return nil }
        return eligible.first { $0.standing == standing }
    }
}

/// Package managers of one language whose lockfiles stand in one folder: the first is used, and which one is right is
/// not known.
func managerConflicts(_ managers: [PackageManagerFinding]) -> [Conflict] {
    var first: [String: PackageManagerFinding] = [:]
    var result: [Conflict] = []
    for manager in managers {
        guard let language = ecosystems[manager.name], manager.lockfile != nil || language == "java" else { continue }
        let key = "\(language) \(manager.directory)"
        guard let winner = first[key] else {
            first[key] = manager
            continue
        }
        result.append(
            Conflict(
                tool: "package manager", first: winner.statement, second: manager.statement, chosen: winner.name))
    }
    return result
}

extension PackageManagerFinding {
    /// As a statement of its lockfile, or of what else shows it.
    fileprivate var statement: ToolchainFinding {
        let place = lockfile.map { Evidence($0) } ?? evidence
        return ToolchainFinding(
            tool: "package manager", kind: lockfile == nil ? .hint : .lock, constraint: name, dialect: .generic,
            evidence: lockfile == evidence.path ? evidence : place)
    }
}

extension TaskFinding {
    /// Whether the command begins in the folder of the file that shows it, or in one above that, but not in the root.
    fileprivate var isOfAPart: Bool {
        let parts = command.split(separator: " && ", maxSplits: 1)
        guard parts.count == 2, parts[0].hasPrefix("cd ") else { return false }
        let folder = parts[0].dropFirst(3).filter { $0 != "'" }
        return evidence.path.hasPrefix("\(folder)/")
    }
}

/// The language whose packages a command installs, builds or tests; nil for scripts and the like, which may do all.
private func ecosystem(of command: String) -> String? {
    let words = command.split(separator: " ").drop { word in
        word.contains("=") && word.first?.isLetter == true && !word.hasPrefix("./")
    }
    guard let program = words.first?.split(separator: "/").last else { return nil }
    return ecosystems[String(program)]
}

/// The language of each package manager's command.
private let ecosystems: [String: String] = [
    "npm": "node", "pnpm": "node", "yarn": "node", "bun": "node", "npx": "node", "deno": "node",
    "javascript": "node", "typescript": "node", "node": "node", "corepack": "node",
    "bundle": "ruby", "bundler": "ruby", "rake": "ruby", "rspec": "ruby", "ruby": "ruby",
    "composer": "php", "php": "php", "phpunit": "php",
    "pip": "python", "pip3": "python", "uv": "python", "poetry": "python", "pdm": "python", "pipenv": "python",
    "python": "python", "python3": "python", "pytest": "python", "conda": "python", "mamba": "python",
    "pixi": "python",
    "go": "go", "cargo": "rust", "rust": "rust",
    "mvn": "java", "mvnw": "java", "maven": "java", "gradle": "java", "gradlew": "java", "ant": "java",
    "sbt": "scala", "scala": "scala", "lein": "clojure", "clojure": "clojure", "clj": "clojure",
    "java": "java", "kotlin": "java", "groovy": "java",
    "dotnet": "dotnet", "c#": "dotnet", "f#": "dotnet", "mix": "elixir", "elixir": "elixir",
    "rebar3": "erlang", "erlang": "erlang", "swift": "swift", "cabal": "haskell", "stack": "haskell",
    "haskell": "haskell", "opam": "ocaml", "dune": "ocaml", "ocaml": "ocaml", "cpanm": "perl", "carton": "perl",
    "perl": "perl", "dart": "dart", "flutter": "dart", "shards": "crystal", "crystal": "crystal",
    "nimble": "nim", "nim": "nim", "julia": "julia", "Rscript": "r", "r": "r",
]
