//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import TOML

extension PythonSurvey {
    /// `[tool.poetry]`, whose constraints are turned into PEP 508.
    mutating func readPoetry(_ poetry: TOMLNode, file: String) {
        name = name ?? poetry["name"]?.string
        version = version ?? poetry["version"]?.string
        if poetry["package-mode"]?.bool == false { isApplication = true }
        if manifest == nil || poetry["name"] != nil { manifest = manifest ?? Evidence(file, line: poetry.line) }
        let main = poetry["dependencies"]?.table ?? []
        for pair in main {
            let evidence = Evidence(file, line: pair.value.line)
            if pair.key.lowercased() == "python" {
                if let text = pair.value.string { python(.range, text, isPoetry: true, evidence: evidence) }
            } else if pair.value["optional"]?.bool != true {
                for text in poetryRequirements(pair) { addRuntime(text, evidence: evidence) }
            }
        }
        for pair in poetry["extras"]?.table ?? [] {
            let texts = pair.value.strings.flatMap { name in
                main.first { canonicalName($0.key) == canonicalName(name) }.map { poetryRequirements($0) } ?? []
            }
            addExtra(pair.key, texts, evidence: Evidence(file, line: pair.value.line))
        }
        if let dev = poetry["dev-dependencies"] { readPoetryGroup("dev", dev, hasTests: false, file: file) }
        for pair in poetry["group"]?.table ?? [] {
            let hasTests = (poetry["group"]?.table ?? []).contains { pythonRole(ofName: $0.key) == .test }
            if let group = pair.value["dependencies"] {
                readPoetryGroup(pair.key, group, hasTests: hasTests, file: file)
            }
        }
        readScripts(poetry["scripts"], file: file)
        readClassifiers(
            (poetry["classifiers"]?.array ?? []).compactMap { node in
                node.string.map { ($0, Evidence(file, line: node.line)) }
            })
        if poetry["build"] != nil, nativeEvidence == nil {
            nativeEvidence = Evidence(file, line: poetry["build"]?.line)
        }
    }

    private mutating func readPoetryGroup(_ name: String, _ group: TOMLNode, hasTests: Bool, file: String) {
        let pairs = (group.table ?? []).filter { $0.key.lowercased() != "python" }
        let texts = pairs.flatMap { poetryRequirements($0) }
        let role = pythonRole(ofName: name, requirements: texts, hasTests: hasTests) ?? .development
        for pair in pairs {
            for text in poetryRequirements(pair) {
                require(text, role: role, evidence: Evidence(file, line: pair.value.line))
            }
        }
    }
}

/// The requirements that a dependency of Poetry stands for: one, or one for each set of constraints.
func poetryRequirements(_ pair: TOMLPair) -> [String] {
    if let text = pair.value.string { return [pair.key + poetrySpecifier(text)] }
    if let variants = pair.value.array {
        return variants.flatMap { poetryRequirements(TOMLPair(key: pair.key, value: $0)) }
    }
    guard pair.value.table != nil else { return [] }
    let table = pair.value
    var text = pair.key
    let extras = table["extras"]?.strings ?? []
    if !extras.isEmpty { text += "[\(extras.joined(separator: ","))]" }
    if let git = table["git"]?.string {
        let revision = table["rev"]?.string ?? table["tag"]?.string ?? table["branch"]?.string
        text += " @ git+\(git)" + (revision.map { "@\($0)" } ?? "")
    } else if let url = table["url"]?.string {
        text += " @ \(url)"
    } else if table["path"] != nil {
        return []
    } else {
        text += poetrySpecifier(table["version"]?.string ?? "*")
    }
    var markers = table["markers"]?.string.map { [$0] } ?? []
    if let python = table["python"]?.string { markers += poetryPythonMarkers(python) }
    if let platform = table["platform"]?.string { markers.append("sys_platform == \"\(platform)\"") }
    guard !markers.isEmpty else { return [text] }
    let marker = markers.count == 1 ? markers[0] : markers.map { "(\($0))" }.joined(separator: " and ")
    return ["\(text) ; \(marker)"]
}

/// Poetry's constraint as PEP 440 specifiers; alternatives (`||`) cannot be written so, the first one stands for them.
func poetrySpecifier(_ constraint: String) -> String {
    let first = constraint.parts(separatedBy: "||").first ?? "*"
    let parts = first.split { $0 == "," || $0 == " " }.map(String.init)
    var clauses: [String] = []
    var operation = ""
    for part in parts {
        if part.allSatisfy({ "<>=!~^".contains($0) }) {
            operation = part
            continue
        }
        if let clause = poetryClause(operation + part) { clauses.append(clause) }
        operation = ""
    }
    return clauses.joined(separator: ",")
}

private func poetryClause(_ clause: String) -> String? {
    if clause == "*" { return nil }
    let symbols = String(clause.prefix { "<>=!~^".contains($0) })
    let version = String(clause.dropFirst(symbols.count)).trimmingSpaces
    switch symbols {
    case "^": return ">=\(version),<\(caretLimit(version))"
    case "~": return ">=\(version),<\(tildeLimit(version))"
    case "", "=": return "==\(version)"
    default: return clause
    }
}

private func numbers(_ version: String) -> [Int] {
    version.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
}

private func caretLimit(_ version: String) -> String {
    let parts = numbers(version)
    let place = parts.firstIndex { $0 != 0 } ?? max(parts.count - 1, 0)
    return limit(parts, at: place)
}

private func tildeLimit(_ version: String) -> String {
    let parts = numbers(version)
    return limit(parts, at: parts.count > 1 ? 1 : 0)
}

private func limit(_ parts: [Int], at place: Int) -> String {
    guard place < parts.count, parts[place] < Int.max else { return "1" }
    let raised = parts[..<place] + [parts[place] + 1]
    return (raised + (raised.count < 2 ? [0] : [])).map(String.init).joined(separator: ".")
}

/// Poetry's `python = "^3.8"` on a dependency as marker clauses.
private func poetryPythonMarkers(_ constraint: String) -> [String] {
    poetrySpecifier(constraint).split(separator: ",").map { clause in
        let symbols = clause.prefix { "<>=!~".contains($0) }
        var version = String(clause.dropFirst(symbols.count))
        if version.hasSuffix(".*") { version.removeLast(2) }
        let isFull = version.split(separator: ".").count > 2
        return "\(isFull ? "python_full_version" : "python_version") \(symbols) \"\(version)\""
    }
}
