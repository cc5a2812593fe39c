//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import YAML

/// The entries of `.gitlab-ci.yml` and of the files that it includes, and how they build on each other.
struct GitLabConfiguration {
    /// A top-level entry, with the file that holds it.
    struct Entry {
        let path: String
        let line: Int
        let node: YAMLNode
    }

    typealias Value = (path: String, node: YAMLNode)

    /// A variable with its value.
    struct Variable {
        let name: String
        let value: String
        let path: String
        let line: Int
    }

    private let repository: Repository
    private(set) var entries: [String: Entry] = [:]
    private var order: [String] = []
    private var included: Set<String> = []

    init(_ repository: Repository) { self.repository = repository }

    /// The names of what may be a job, in the order of the files.
    var jobNames: [String] { order.filter { !$0.hasPrefix(".") && !globalKeys.contains($0) } }

    // MARK: Files

    /// Reads a file of the repository and what it includes.
    mutating func include(_ path: String, inputs: [String: String] = [:], depth: Int = 0) {
        let key = path + inputs.sorted { $0.key < $1.key }.map { "\n\($0.key)=\($0.value)" }.joined()
        guard depth < 6, included.count < 100, repository.contains(path), included.insert(key).inserted,
            let root = content(of: path, inputs)
        else { return }
        for node in root["include"].map({ $0.sequence ?? [$0] }) ?? [] {
            if node["project"] != nil || node["component"] != nil { continue }
            var given: [String: String] = [:]
            for pair in node["inputs"]?.mapping ?? [] {
                if let name = pair.key.string, let text = pair.value.string { given[name] = text }
            }
            for name in (node["local"] ?? node).strings where name.range(ofText: "://") == nil {
                for file in repository.paths(matching: joinPath("", name)).prefix(100) {
                    include(file, inputs: given, depth: depth + 1)
                }
            }
        }
        for pair in root.mapping ?? [] {
            guard let name = pair.key.string, name != "include" else { continue }
            if entries[name] == nil { order.append(name) }
            entries[name] = Entry(path: path, line: pair.key.line, node: pair.value)
        }
    }

    /// A file's configuration; behind a header that declares
    /// [inputs](https://docs.gitlab.com/ci/inputs/), with these replaced.
    private func content(of path: String, _ given: [String: String]) -> YAMLNode? {
        let documents = repository.yamlDocuments(path)
        guard let first = documents.first else { return nil }
        guard documents.count > 1, let spec = first["spec"] else { return first }
        var values = given
        for pair in spec["inputs"]?.mapping ?? [] {
            guard let name = pair.key.string, values[name] == nil else { continue }
            values[name] = pair.value["default"]?.string
        }
        guard documents[1].count(upTo: nodeLimit) < nodeLimit else { return documents[1] }
        return documents[1].mapTexts { withInputs($0, values) }
    }

    private func withInputs(_ text: String, _ values: [String: String]) -> String {
        guard text.range(ofText: "$[[") != nil else { return text }
        var result = ""
        for (index, part) in text.parts(separatedBy: "$[[").enumerated() {
            guard index > 0, let end = part.range(ofText: "]]") else {
                result += index > 0 ? "$[[" + part : part
                continue
            }
            let name = part[..<end].prefix { $0 != "|" }.trimmingSpaces
            if name.hasPrefix("inputs."), let value = values[String(name.dropFirst(7))] {
                result += value
            } else {
                result += "$[[" + part[..<end] + "]]"
            }
            result += part[end...].dropFirst(2)
        }
        return result
    }

    // MARK: Jobs

    /// A job's own name and those that it extends, the nearest first; each once.
    func lineage(of name: String) -> [String] {
        var result: [String] = []
        var seen: Set<String> = []
        var open = [name]
        while let next = open.popLast(), result.count < 100 {
            guard seen.insert(next).inserted else { continue }
            result.append(next)
            // Of several the last one wins, and is taken from the end first.
            open += entries[next]?.node["extends"]?.strings ?? []
        }
        return result
    }

    /// The value of a job's key: its own, or that of the nearest job that it extends.
    func value(_ key: String, of name: String) -> Value? {
        for ancestor in lineage(of: name) {
            guard let entry = entries[ancestor], let node = entry.node[key] else { continue }
            return node.tag == "!reference" ? referenced(node) : (entry.path, node)
        }
        return nil
    }

    /// The value that jobs have by default, unless the job says that it inherits none.
    func global(_ key: String, for name: String) -> Value? {
        if let inherited = value("inherit", of: name)?.node["default"] {
            if inherited.bool == false { return nil }
            if let keys = inherited.sequence, !keys.contains(where: { $0.string == key }) { return nil }
        }
        if let entry = entries["default"], let node = entry.node[key] { return (entry.path, node) }
        return entries[key].map { ($0.path, $0.node) }
    }

    /// The variables of a job: those of all jobs, then those that it inherits, then its own.
    func variables(of name: String) -> [Variable] {
        var result: [Variable] = []
        var places: [String: Int] = [:]
        func add(_ node: YAMLNode, _ path: String) {
            for pair in node.mapping ?? [] {
                guard let key = pair.key.string else { continue }
                var value: Value = (path, pair.value["value"] ?? pair.value)
                if value.node.tag == "!reference" {
                    guard let found = referenced(value.node) else { continue }
                    value = found
                }
                guard let text = value.node.string else { continue }
                let variable = Variable(name: key, value: text, path: path, line: pair.key.line)
                if let place = places[key] {
                    result[place] = variable
                } else {
                    places[key] = result.count
                    result.append(variable)
                }
            }
        }
        let inherited = value("inherit", of: name)?.node["variables"]
        if let entry = entries["variables"], inherited?.bool != false { add(entry.node, entry.path) }
        for ancestor in lineage(of: name).reversed() {
            guard let entry = entries[ancestor], let node = entry.node["variables"] else { continue }
            if node.tag == "!reference" {
                if let (path, node) = referenced(node) { add(node, path) }
            } else {
                add(node, entry.path)
            }
        }
        return result
    }

    /// What `!reference [job, key]` names, as deep as its keys go
    /// ([reference tags](https://docs.gitlab.com/ci/yaml/yaml_optimization/#reference-tags)).
    func referenced(_ node: YAMLNode, depth: Int = 0) -> Value? {
        guard depth < 10, let names = node.sequence?.compactMap(\.string), names.count >= 2, names.count < 20 else {
            return nil
        }
        for ancestor in lineage(of: names[0]) {
            guard let entry = entries[ancestor], var found = entry.node[names[1]] else { continue }
            for name in names.dropFirst(2) {
                guard
                    let next = found[name]
                        ?? Int(name).flatMap({ index in
                            found.sequence.flatMap { $0.indices.contains(index) ? $0[index] : nil }
                        })
                else { return nil }
                found = next
            }
            return found.tag == "!reference" ? referenced(found, depth: depth + 1) : (entry.path, found)
        }
        return nil
    }
}

/// More than any pipeline that people write.
private let nodeLimit = 100_000
private let globalKeys: Set<String> = [
    "default", "include", "stages", "variables", "workflow", "image", "services", "cache", "before_script",
    "after_script",
]
