//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// Walks through the blocks of a Jenkinsfile: each agent with an image or a label of its own is a job.
struct JenkinsReader {
    /// What surrounding blocks say.
    private struct Scope {
        var directory = ""
        var variables: [String: String] = [:]
        /// Whether what stands here runs only under a condition, or for something else than tests.
        var isConditional = false
        /// The number of the job that steps are added to.
        var job = 0
    }

    private let tokens: [ScriptToken]
    private let path: String
    /// For each opening brace or parenthesis the place of the one that closes it.
    private var closing: [Int: Int] = [:]
    private var jobs: [CIJob]
    /// Strings that names stand for.
    private var literals: [String: String] = [:]
    private var axes: [(name: String, values: [String])] = []

    init(_ text: String, path: String) {
        tokens = scriptTokens(text, .groovy)
        self.path = path
        jobs = [CIJob(name: "test", evidence: Evidence(path))]
        var open: [Int] = []
        for (index, token) in tokens.enumerated() where token.kind == .symbol {
            if "{([".contains(token.text) {
                open.append(index)
            } else if "})]".contains(token.text), let start = open.popLast() {
                closing[start] = index
            }
        }
    }

    /// The jobs of the file.
    mutating func read() -> [CIJob] {
        block(0..<tokens.count, Scope(), depth: 0)
        for index in jobs.indices {
            for variable in axes where variable.values.count > 1 {
                for step in jobs[index].steps.indices where jobs[index].steps[step].script.contains(variable.name) {
                    jobs[index].steps[step].varies = true
                }
            }
        }
        return jobs
    }

    // MARK: Blocks

    private mutating func block(_ range: Range<Int>, _ outer: Scope, depth: Int) {
        guard depth < 100 else { return }
        var scope = outer
        var index = range.lowerBound
        while index < range.upperBound {
            let token = tokens[index]
            if token.isSymbol("{") {
                let end = min(closing[index] ?? range.upperBound, range.upperBound)
                block((index + 1)..<max(end, index + 1), scope, depth: depth + 1)
                index = end + 1
                continue
            }
            guard token.kind == .word else {
                index += 1
                continue
            }
            index = statement(at: index, until: range.upperBound, &scope, depth: depth)
        }
    }

    /// Reads what begins with the word at `index`; answers where the rest begins.
    private mutating func statement(at index: Int, until limit: Int, _ scope: inout Scope, depth: Int) -> Int {
        let isMember = index > 0 && tokens[index - 1].isSymbol(".")
        // `def name = 'text'`.
        if index + 2 < limit, tokens[index + 1].isSymbol("="), tokens[index + 2].kind == .string {
            if literals.count < 1_000 { literals[tokens[index].text] = filled(tokens[index + 2].text, scope) }
            return index + 3
        }
        switch tokens[index].text {
        case "sh" where !isMember:
            if let (script, line) = argument("script", at: index, until: limit) {
                add(script, line, scope)
            }
        case "stage" where !isMember, "node" where !isMember, "dir" where !isMember, "withEnv" where !isMember,
            "inside", "if", "withMaven":
            guard let (arguments, body) = call(at: index, until: limit) else { return index + 1 }
            var inner = scope
            guard enter(tokens[index], arguments, body, &inner) else { return body.upperBound }
            block(body, inner, depth: depth + 1)
            return body.upperBound
        case "agent":
            guard let (_, body) = call(at: index, until: limit) else { return index + 1 }
            readAgent(body, scope)
            return body.upperBound
        case "environment":
            guard let (_, body) = call(at: index, until: limit) else { return index + 1 }
            readVariables(body, &scope)
            return body.upperBound
        case "tools":
            guard let (_, body) = call(at: index, until: limit) else { return index + 1 }
            readTools(body, scope)
            return body.upperBound
        case "when":
            guard let (_, body) = call(at: index, until: limit) else { return index + 1 }
            if isForReleases(body) { scope.isConditional = true }
            return body.upperBound
        case "axis":
            guard let (_, body) = call(at: index, until: limit) else { return index + 1 }
            readAxis(body, scope)
            return body.upperBound
        case "post", "options", "triggers", "parameters", "excludes":
            guard let (_, body) = call(at: index, until: limit) else { return index + 1 }
            return body.upperBound
        case "image":
            // `docker.image('postgres:16').withRun(…)` starts a service, `.inside` runs the block in it.
            guard isMember, index + 2 < limit, tokens[index + 2].kind == .string else { return index + 1 }
            use(filled(tokens[index + 2].text, scope), tokens[index + 2].line, scope)
        default: break
        }
        return index + 1
    }

    /// The tokens between the parentheses behind a word, and those of the block behind them.
    private func call(at index: Int, until limit: Int) -> (arguments: Range<Int>, body: Range<Int>)? {
        var position = index + 1
        var arguments = position..<position
        if position < limit, tokens[position].isSymbol("("), let end = closing[position], end < limit {
            arguments = (position + 1)..<end
            position = end + 1
        }
        while position < limit, tokens[position].kind == .lineEnd, position < index + 10 { position += 1 }
        guard position < limit, tokens[position].isSymbol("{") else { return nil }
        let end = min(closing[position] ?? limit, limit)
        return (arguments, (position + 1)..<max(end, position + 1))
    }

    /// Prepares for the block of a call; false where it is not for Linux or not for tests.
    private mutating func enter(
        _ word: ScriptToken, _ arguments: Range<Int>, _ body: Range<Int>, _ scope: inout Scope
    ) -> Bool {
        let texts = tokens[arguments].filter { $0.kind == .string }.map { filled($0.text, scope) }
        switch word.text {
        case "stage":
            let name = texts.first ?? ""
            let words = name.lowercased().split { !$0.isLetter }.map(String.init)
            if words.contains(where: otherStages.contains) { scope.isConditional = true }
            // A stage with an agent of its own is a job of its own.
            if hasOwnAgent(body) {
                var job = CIJob(name: name, evidence: Evidence(path, line: word.line))
                job.variables = jobs[0].variables
                jobs.append(job)
                scope.job = jobs.count - 1
            }
        case "node":
            let label = texts.first?.lowercased() ?? ""
            if foreignLabels.contains(where: { label.range(ofText: $0) != nil }) { return false }
        case "dir":
            if let folder = texts.first, !folder.contains("$"), !folder.hasPrefix("/") {
                scope.directory = joinPath(scope.directory, folder)
            }
        case "withEnv":
            for text in texts {
                guard let sign = text.firstIndex(of: "=") else { continue }
                scope.variables[String(text[..<sign])] = String(text[text.index(after: sign)...])
            }
        case "withMaven":
            for (place, token) in tokens[arguments].enumerated() where token.kind == .word {
                let value = arguments.lowerBound + place + 2
                guard let tool = installations[token.text], value < arguments.upperBound,
                    tokens[value].kind == .string
                else { continue }
                readTool(tool, tokens[value], scope)
            }
        case "if": scope.isConditional = true
        default: break
        }
        return true
    }

    private func hasOwnAgent(_ body: Range<Int>) -> Bool {
        var index = body.lowerBound
        while index < body.upperBound {
            if tokens[index].isSymbol("{") {
                index = (closing[index] ?? body.upperBound) + 1
                continue
            }
            if tokens[index].isWord("agent"), index + 1 < body.upperBound {
                return tokens[index + 1].isSymbol("{")
            }
            index += 1
        }
        return false
    }

    // MARK: Declarations

    /// `docker 'node:20'`, `docker { image 'node:20' }`, `label 'linux'`.
    private mutating func readAgent(_ body: Range<Int>, _ scope: Scope) {
        for index in body where tokens[index].kind == .word && index + 1 < body.upperBound {
            let next = tokens[index + 1].isSymbol("(") && index + 2 < body.upperBound ? index + 2 : index + 1
            guard tokens[next].kind == .string else { continue }
            let text = filled(tokens[next].text, scope)
            switch tokens[index].text {
            case "image", "docker": use(text, tokens[next].line, scope)
            case "label":
                if foreignLabels.contains(where: { text.lowercased().range(ofText: $0) != nil }), scope.job > 0 {
                    jobs[scope.job].isForeign = true
                }
            default: continue
            }
        }
    }

    private mutating func use(_ text: String, _ line: Int, _ scope: Scope) {
        guard !text.contains("$"), !text.isEmpty else { return }
        let image = ImageReference(text)
        let evidence = Evidence(path, line: line)
        if image.isService {
            jobs[scope.job].addService(text, evidence)
        } else {
            let wasForeign = jobs[scope.job].isForeign
            jobs[scope.job].use(image, evidence: evidence)
            // Of several images one that is not foreign decides.
            if !jobs[scope.job].steps.isEmpty { jobs[scope.job].isForeign = wasForeign }
        }
    }

    /// `NAME = 'value'`; what a call gives is not known.
    private mutating func readVariables(_ body: Range<Int>, _ scope: inout Scope) {
        for index in body where tokens[index].kind == .word && index + 2 < body.upperBound {
            guard tokens[index + 1].isSymbol("=") else { continue }
            let name = tokens[index].text
            let value = tokens[index + 2].kind == .string ? filled(tokens[index + 2].text, scope) : nil
            let evidence = Evidence(path, line: tokens[index].line)
            jobs[scope.job].variables.append(VariableFinding(name, value: value, evidence: evidence))
            guard let value else { continue }
            literals[name] = value
            literals["env.\(name)"] = value
            if let hint = toolchainHint(variable: name, value, evidence: evidence) {
                jobs[scope.job].toolchains.append(hint)
            }
        }
    }

    /// `jdk 'jdk-17'` and `nodejs 'node-20'` name installations, whose names mostly tell the version.
    private mutating func readTools(_ body: Range<Int>, _ scope: Scope) {
        for index in body where tokens[index].kind == .word && index + 1 < body.upperBound {
            guard let tool = installations[tokens[index].text] else { continue }
            let next = tokens[index + 1].isSymbol("(") && index + 2 < body.upperBound ? index + 2 : index + 1
            if tokens[next].kind == .string { readTool(tool, tokens[next], scope) }
        }
    }

    private mutating func readTool(_ tool: String, _ token: ScriptToken, _ scope: Scope) {
        let names = expandedAxes(filled(token.text, scope))
        for name in names where !name.contains("$") {
            var version = String(name.drop { !$0.isNumber }.prefix { $0.isNumber || $0 == "." })
            while version.hasSuffix(".") { version.removeLast() }
            if tool == "java", version.hasPrefix("1."), version.utf8.count > 2 { version.removeFirst(2) }
            if let hint = toolchainHint(tool, version, evidence: Evidence(path, line: token.line)) {
                jobs[scope.job].toolchains.append(hint)
            }
        }
    }

    /// `axis { name 'JDK'; values '11', '17' }` ([matrix](https://www.jenkins.io/doc/book/pipeline/syntax/#matrix-axes)).
    private mutating func readAxis(_ body: Range<Int>, _ scope: Scope) {
        var name = ""
        var values: [ScriptToken] = []
        var isValue = false
        for token in tokens[body] {
            if token.isWord("name") || token.isWord("values") { isValue = token.isWord("values") }
            guard token.kind == .string else { continue }
            if isValue { values.append(token) } else { name = token.text }
        }
        guard !name.isEmpty, axes.count < 20 else { return }
        axes.append((name, values.prefix(100).map(\.text)))
        for value in values {
            let evidence = Evidence(path, line: value.line)
            let number = String(value.text.drop { !$0.isNumber })
            let version = value.text.first?.isNumber == true ? value.text : number
            if let hint = toolchainHint(variable: name, version, evidence: evidence) {
                jobs[scope.job].toolchains.append(hint)
            } else if let tool = installations[name.lowercased()],
                let hint = toolchainHint(tool, version, evidence: evidence)
            {
                jobs[scope.job].toolchains.append(hint)
            }
        }
    }

    private func expandedAxes(_ text: String) -> [String] {
        for axis in axes where text.contains("$") {
            for form in ["${\(axis.name)}", "${env.\(axis.name)}", "$\(axis.name)"]
            where text.range(ofText: form) != nil {
                return axis.values.map { text.replacing(text: form, with: $0) }
            }
        }
        return [text]
    }

    /// Whether a condition admits tags or branches of releases only.
    private func isForReleases(_ body: Range<Int>) -> Bool {
        let words = tokens[body].filter { $0.kind == .word }.map(\.text)
        if words.contains("not") || words.contains("anyOf") { return false }
        if words.contains("buildingTag") || words.contains("tag") || words.contains("triggeredBy") { return true }
        guard words.first == "branch" else { return false }
        let names = tokens[body].filter { $0.kind == .string }.map(\.text)
        return !names.contains { ["main", "master", "trunk", "develop"].contains($0) || $0.contains("*") }
    }

    // MARK: Commands

    /// The text behind a step's name: its only argument, or the one with a name.
    private func argument(_ name: String, at index: Int, until limit: Int) -> (text: String, line: Int)? {
        var position = index + 1
        if position < limit, tokens[position].isSymbol("(") { position += 1 }
        var label: String?
        var first = true
        while position < limit, position < index + 40 {
            let token = tokens[position]
            if token.kind == .word, position + 1 < limit, tokens[position + 1].isSymbol(":") {
                label = token.text
                first = true
                position += 2
                continue
            }
            if token.isSymbol(","), label != nil {
                label = nil
            } else if token.kind == .lineEnd {
                if label == nil, !first { return nil }
            } else if token.kind == .string, first, label == nil || label == name {
                return (token.text, token.line)
            } else {
                // What Groovy computes is not known.
                if label == nil { return nil }
                first = false
            }
            position += 1
        }
        return nil
    }

    private mutating func add(_ script: String, _ line: Int, _ scope: Scope) {
        let text = filled(script, scope)
        guard jobs[scope.job].steps.count < 2_000 else { return }
        jobs[scope.job].steps.append(
            CIJob.Step(
                script: text, evidence: Evidence(path, line: line), directory: scope.directory,
                variables: scope.variables, isConditional: scope.isConditional))
    }

    /// The text with escapes resolved and `${name}` of known strings replaced.
    private func filled(_ text: String, _ scope: Scope) -> String {
        guard text.contains("\\") || text.contains("$") else { return text }
        var result = ""
        var rest = text[...]
        while let first = rest.first {
            rest = rest.dropFirst()
            if first == "\\", let next = rest.first, "$\"'\\".contains(next) {
                result.append(next)
                rest = rest.dropFirst()
            } else if first == "$" {
                let isBraced = rest.first == "{"
                let body = isBraced ? rest.dropFirst() : rest
                let name = body.prefix { $0.isLetter || $0.isNumber || $0 == "_" || ($0 == "." && isBraced) }
                let end = body[name.endIndex...]
                if let value = scope.variables[String(name)] ?? literals[String(name)], !isBraced || end.first == "}" {
                    result += value
                    rest = isBraced ? end.dropFirst() : end
                } else {
                    result.append(first)
                }
            } else {
                result.append(first)
            }
        }
        return result
    }
}

/// What the names of tools' installations are for, in `tools` and as names of axes.
private let installations = [
    "jdk": "java", "java": "java", "nodejs": "node", "node": "node", "maven": "maven", "gradle": "gradle", "go": "go",
    "python": "python", "ruby": "ruby", "dotnetsdk": "dotnet",
]
private let foreignLabels = ["windows", "win10", "macos", "osx", "darwin", "arm64", "aarch64", "freebsd"]
/// Stages that are not about the tests.
private let otherStages: Set<String> = [
    "deploy", "deployment", "release", "publish", "docs", "documentation", "docker", "upload", "sonar", "notify",
    "sign", "package",
]
