//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import YAML

/// Reads the steps of a job or of a composite action.
struct ActionsSteps {
    let repository: Repository
    let path: String
    var context: ActionsContext
    let directory: String
    var depth = 0
    /// Whether an enclosing step runs under a condition whose outcome is not known.
    var isConditional = false
    /// Where the repository is checked out, relative to the workspace; empty for the workspace itself.
    private var ownFolder = ""

    init(_ repository: Repository, path: String, context: ActionsContext, directory: String) {
        self.repository = repository
        self.path = path
        self.context = context
        self.directory = directory
    }

    /// Adds what `steps` do to `job`.
    mutating func read(_ steps: [YAMLNode], into job: inout CIJob) {
        for step in steps {
            var isConditional = self.isConditional
            if let condition = step["if"]?.string {
                guard let holds = context.holds(condition) else {
                    isConditional = true
                    readStep(step, isConditional: isConditional, into: &job)
                    continue
                }
                if !holds { continue }
            }
            readStep(step, isConditional: isConditional, into: &job)
        }
    }

    private mutating func readStep(_ step: YAMLNode, isConditional: Bool, into job: inout CIJob) {
        if let uses = step["uses"]?.string {
            let outer = context
            for (name, value) in environment(step["env"], context) {
                context.values["env.\(name)"] = value.map { .text($0) } ?? .unknown
            }
            readUse(uses, step, isConditional: isConditional, into: &job)
            context = outer
        }
        guard let run = step["run"], let text = run.string else { return }
        if let shell = step["shell"]?.string, !["bash", "sh"].contains(where: shell.hasPrefix) { return }
        var variables: [String: String] = [:]
        for (name, value) in environment(step["env"], context) { variables[name] = value }
        var script = context.expand(text)
        if !ownFolder.isEmpty { script = script.replacing(text: "cd \(ownFolder)\n", with: "") }
        let folder = step["working-directory"]?.string.map { context.expand($0) }
        job.steps.append(
            CIJob.Step(
                script: script, evidence: Evidence(path, line: scriptLine(of: run, path, repository)),
                directory: withinRepository(folder.map { joinPath("", $0) } ?? directory), variables: variables,
                isConditional: isConditional))
        readFiles(text, step["id"]?.string)
    }

    /// The folder of the repository that a folder of the workspace is.
    private func withinRepository(_ folder: String) -> String {
        if ownFolder.isEmpty { return folder }
        if folder == ownFolder { return "" }
        return folder.hasPrefix(ownFolder + "/") ? String(folder.dropFirst(ownFolder.count + 1)) : folder
    }

    /// `echo "NAME=value" >> $GITHUB_ENV` sets a variable for the steps behind it, `>> $GITHUB_OUTPUT` an output of the
    /// step ([Workflow commands](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands)).
    private mutating func readFiles(_ script: String, _ id: String?) {
        for line in script.split(whereSeparator: \.isNewline) {
            let isVariable = line.range(ofText: "GITHUB_ENV") != nil
            guard isVariable || line.range(ofText: "GITHUB_OUTPUT") != nil || line.range(ofText: "::set-output") != nil,
                line.utf8.count < 20_000
            else { continue }
            let words = shellWords(String(line))
            guard words.first == "echo", words.count > 1 else { continue }
            var text = words[1]
            // The older form: `::set-output name=NAME::value`.
            if text.hasPrefix("::set-output"), let start = text.range(ofText: "name="),
                let end = text[start...].range(ofText: "::")
            {
                text = text[start..<end].dropFirst(5) + "=" + text[end...].dropFirst(2)
            }
            guard let sign = text.firstIndex(of: "=") else { continue }
            let value = context.expand(String(text[text.index(after: sign)...]))
            let name = isVariable ? "env.\(text[..<sign])" : id.map { "steps.\($0).outputs.\(text[..<sign])" }
            guard let name else { continue }
            // What is written more than once depends on what happens.
            let isNew = isVariable || context.values[name] == nil
            context.values[name] = value.contains("$") || !isNew ? .unknown : .text(value)
        }
    }

    private mutating func readUse(_ uses: String, _ step: YAMLNode, isConditional: Bool, into job: inout CIJob) {
        if uses.hasPrefix("./") {
            readLocalAction(joinPath("", uses), step, isConditional: isConditional, into: &job)
            return
        }
        let parts = uses.split(separator: "@", maxSplits: 1).map(String.init)
        guard let action = parts.first else { return }
        if action.lowercased() == "actions/checkout", step["with"]?["repository"] == nil,
            let folder = step["with"]?["path"]?.string.map({ joinPath("", context.expand($0)) }), !folder.contains("$")
        {
            ownFolder = folder
        }
        let use = ActionUse(
            action: action.lowercased(), reference: parts.count > 1 ? parts[1] : "", with: step["with"],
            repository: repository, path: path, line: step["uses"]?.line)
        job.toolchains += use.toolchains(context)
        if !isConditional || context.holds(step["if"]?.string ?? "") != false { job.packages += use.packages(context) }
        job.services += use.services(context)
    }

    /// A composite action of the repository
    /// ([Metadata syntax](https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax)).
    private mutating func readLocalAction(
        _ folder: String, _ step: YAMLNode, isConditional: Bool, into job: inout CIJob
    ) {
        let candidates = ["action.yml", "action.yaml"].map { joinPath(folder, $0) }
        guard depth < 4, let file = candidates.first(where: repository.contains), let action = repository.yaml(file)
        else { return }
        var inner = context
        for name in inner.values.keys where name.hasPrefix("inputs.") { inner.values[name] = nil }
        inner.values.merge(defaults(action["inputs"])) { _, new in new }
        for pair in step["with"]?.mapping ?? [] {
            guard let name = pair.key.string, let text = pair.value.string else { continue }
            inner.values["inputs.\(name)"] = text.contains("${{") ? context.evaluate(text) : .text(text)
        }
        inner.values["github.action_path"] = .text("/workspace/\(folder)")
        var steps = ActionsSteps(repository, path: file, context: inner, directory: "")
        steps.depth = depth + 1
        steps.isConditional = isConditional
        steps.read(action["runs"]?["steps"]?.sequence ?? [], into: &job)
    }
}

/// The line of a script's first line: the one below the sign of a block.
func scriptLine(of node: YAMLNode, _ path: String, _ repository: Repository) -> Int {
    let lines = repository.lines(path)
    guard node.line >= 1, node.line <= lines.count else { return node.line }
    let rest = lines[node.line - 1].dropFirst(max(node.column - 1, 0))
    return rest.hasPrefix("|") || rest.hasPrefix(">") ? node.line + 1 : node.line
}
