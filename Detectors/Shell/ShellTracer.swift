//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// Walks through the commands of scripts without running anything: loops over known words are unrolled, conditions
/// that are known are decided, and scripts, functions and make targets of the repository are followed.
struct ShellTracer {
    /// The place of a script.
    struct Place {
        var path: String
        /// The line of the file that holds the script's first line.
        var firstLine: Int
    }

    let repository: Repository
    /// What would run, in order.
    private(set) var commands: [TracedCommand] = []

    /// Variables whose values are known.
    var variables: [String: String]
    /// `$1`, `$2`…
    var arguments: [String] = []
    var directory: String
    var place: Place
    var functions: [String: ShellNode] = [:]
    /// Scripts and functions that are being walked through, so that none calls itself for ever.
    var active: [String] = []
    /// How many unknown conditions surround the command.
    private var conditions = 0
    private var input: [String] = []

    /// A tracer for scripts that run in `directory` with `variables` set.
    init(_ repository: Repository, directory: String = "", variables: [String: String] = [:]) {
        self.repository = repository
        self.directory = directory
        self.variables = linuxVariables.merging(variables) { _, given in given }
        place = Place(path: "", firstLine: 1)
    }

    /// Walks through `script`, whose first line is line `firstLine` of the file at `path`.
    mutating func trace(_ script: String, path: String, firstLine: Int) {
        place = Place(path: path, firstLine: firstLine)
        run(ShellParser.parse(script))
    }

    /// Walks through a command; its outcome where it is known.
    @discardableResult
    mutating func run(_ node: ShellNode) -> Bool? {
        guard commands.count < commandLimit else { return nil }
        switch node {
        case .simple(let command):
            return run(command)
        case .sequence(let nodes):
            var outcome: Bool?
            for node in nodes { outcome = run(node) }
            return outcome
        case .pipeline(let nodes):
            let before = input
            for node in nodes {
                run(node)
                input = output(of: node) ?? (isFilter(node) ? input : [])
            }
            input = before
            return nil
        case .both(let left, let right):
            let outcome = run(left)
            if outcome == false { return false }
            let second = outcome == nil && isCondition(left) ? conditionally { $0.run(right) } : run(right)
            return outcome == true ? second : nil
        case .either(let left, let right):
            let outcome = run(left)
            if outcome == true { return true }
            let second = conditionally { $0.run(right) }
            return outcome == false ? second : nil
        case .negation(let inner):
            return run(inner).map { !$0 }
        case .conditional(let branches, let otherwise):
            runConditional(branches, otherwise)
        case .iteration(let variable, let words, let body):
            let before = variables[variable]
            for value in expand(words).prefix(iterationLimit) {
                variables[variable] = value
                run(body)
            }
            variables[variable] = before
        case .repetition(let body):
            run(body)
        case .selection(let subject, let choices):
            runSelection(subject, choices)
        case .function(let name, let body):
            functions[name] = body
        }
        return nil
    }

    private mutating func runConditional(_ branches: [ShellNode.Branch], _ otherwise: ShellNode?) {
        var isCertain = true
        for branch in branches {
            let outcome = run(branch.condition)
            if outcome == false { continue }
            if outcome == true, isCertain {
                run(branch.body)
                return
            }
            isCertain = false
            conditionally { $0.run(branch.body) }
            if outcome == true { return }
        }
        guard let otherwise else { return }
        if isCertain { run(otherwise) } else { conditionally { $0.run(otherwise) } }
    }

    private mutating func runSelection(_ subject: ShellWord, _ choices: [ShellNode.Choice]) {
        let value = expand(subject)
        let isKnown = !value.contains("$")
        for choice in choices {
            if isKnown {
                let patterns = choice.patterns.map { expand($0) }
                guard patterns.contains(where: { matchesShellPattern(value, $0) }) else { continue }
                run(choice.body)
                return
            }
            conditionally { $0.run(choice.body) }
        }
    }

    @discardableResult
    private mutating func conditionally(_ body: (inout ShellTracer) -> Bool?) -> Bool? {
        let known = variables
        conditions += 1
        let outcome = body(&self)
        conditions -= 1
        // What may have been added to a list is kept; any other assignment that may not happen is not.
        for (name, value) in known where variables[name]?.hasPrefix(value) != true { variables[name] = value }
        return outcome
    }

    private mutating func run(_ command: SimpleCommand) -> Bool? {
        var local: [String: String] = [:]
        for (name, word) in command.assignments {
            let value = expand(word)
            // A value that is known in part keeps the names of the rest.
            if value.contains("$(") || value == "$\(name)" { variables[name] = nil } else { local[name] = value }
        }
        guard !command.words.isEmpty else {
            variables.merge(local) { _, new in new }
            return true
        }
        let words = expand(command.words)
        guard let first = words.first else { return nil }
        switch first {
        case "[", "test", "[[":
            return testOutcome(words)
        case "true", ":": return true
        case "false": return false
        case "export", "declare", "local", "readonly", "typeset":
            for word in words.dropFirst() {
                guard let sign = word.firstIndex(of: "=") else { continue }
                let value = String(word[word.index(after: sign)...])
                variables[String(word[..<sign])] = value.contains("$(") ? nil : value
            }
            return true
        case "cd", "pushd":
            guard let target = words.dropFirst().first(where: { !$0.hasPrefix("-") }) else { return nil }
            directory = target.contains("$") ? directory : folder(target)
            return nil
        default:
            break
        }
        if let known = availability(words) { return known }
        let traced = TracedCommand(
            words: words, input: command.input.map { listedWords(expand($0)) } ?? input, directory: directory,
            variables: local, isConditional: conditions > 0,
            isRecipe: active.contains { $0.hasPrefix("make ") },
            evidence: Evidence(place.path, line: place.firstLine + max(command.line, 1) - 1))
        if !follow(traced) { commands.append(traced) }
        return nil
    }

    /// The words that a command at the head of a pipeline writes, where they are known.
    private func output(of node: ShellNode) -> [String]? {
        guard case .simple(let command) = node else { return nil }
        return output(ofCall: programCall(expand(command.words)), input: command.input.map { expand($0) })
    }

    /// Whether the outcome of a command decides whether the next one runs, rather than an installation's success.
    private func isCondition(_ node: ShellNode) -> Bool {
        switch node {
        case .simple(let command):
            ["[", "test", "[[", "command", "which", "type"].contains(command.words.first?.bare ?? "")
        case .negation(let inner): isCondition(inner)
        case .both(let left, let right), .either(let left, let right): isCondition(left) && isCondition(right)
        default: false
        }
    }

    private func isFilter(_ node: ShellNode) -> Bool {
        guard case .simple(let command) = node, let name = command.words.first?.bare else { return false }
        return ["grep", "sed", "tr", "sort", "cut", "awk", "uniq", "head", "tail", "envsubst"].contains(name)
    }

    mutating func append(_ command: TracedCommand) { commands.append(command) }
}

/// Enough for any script that people keep; a bound for those made to grow.
private let commandLimit = 5_000
private let iterationLimit = 200

/// What is known of the machine: Linux on x86-64, a checkout in the working directory.
private let linuxVariables = [
    "RUNNER_OS": "Linux", "TRAVIS_OS_NAME": "linux", "OSTYPE": "linux-gnu", "RUNNER_ARCH": "X64",
    "TRAVIS_CPU_ARCH": "amd64", "CIRRUS_OS": "linux", "AGENT_OS": "Linux", "GITHUB_WORKSPACE": "/workspace",
    "TRAVIS_BUILD_DIR": "/workspace", "CI_PROJECT_DIR": "/workspace", "CIRRUS_WORKING_DIR": "/workspace", "PWD": ".",
    "GITHUB_ACTIONS": "true", "CI": "true", "HOSTTYPE": "x86_64",
]
