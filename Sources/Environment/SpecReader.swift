//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import YAML

/// Turns nodes into values, or into errors that name their place.
struct SpecReader {
    /// The file's name, for messages.
    let file: String

    func invalid(_ node: YAMLNode, _ key: String, _ problem: String, _ hint: String) -> EnvironmentError {
        .invalidValue(file: file, line: node.line, column: node.column, key: key, problem: problem, hint: hint)
    }

    /// The values of a mapping by key.
    func values(of pairs: [YAMLPair], allowing keys: [String]) throws(EnvironmentError) -> [String: YAMLNode] {
        var values: [String: YAMLNode] = [:]
        for pair in pairs {
            guard let name = pair.key.string, keys.contains(name) else {
                let name = pair.key.string ?? ""
                throw .unknownKey(
                    file: file, line: pair.key.line, column: pair.key.column, key: name,
                    nearest: nearest(to: name, in: keys))
            }
            values[name] = pair.value
        }
        return values
    }

    /// A scalar's text, which is not empty.
    func text(_ node: YAMLNode, _ key: String) throws(EnvironmentError) -> String {
        guard let text = node.string, !text.isEmpty else {
            let problem = node.sequence == nil && node.mapping == nil ? "holds an empty text" : "holds more than a text"
            throw invalid(node, key, problem, "write one text")
        }
        return text
    }

    func items(_ node: YAMLNode?, _ key: String) throws(EnvironmentError) -> [YAMLNode] {
        guard let node, !node.isNull else { return [] }
        guard let items = node.sequence else { throw invalid(node, key, "is not a list", "begin each line with `- `") }
        return items
    }

    /// A list of texts.
    func list(_ node: YAMLNode?, _ key: String) throws(EnvironmentError) -> [Annotated<String>] {
        var values: [Annotated<String>] = []
        for item in try items(node, key) { values.append(Annotated(try text(item, key))) }
        return values
    }

    /// A mapping of names to texts; a value that is not there is passed on as null.
    func pairs<Value>(
        _ node: YAMLNode?, _ key: String, _ make: (String, YAMLPair) throws(EnvironmentError) -> Value
    ) throws(EnvironmentError) -> [Annotated<Value>] {
        guard let node, !node.isNull else { return [] }
        guard let pairs = node.mapping else {
            throw invalid(node, key, "is not a mapping", "write `name: value` lines")
        }
        var values: [Annotated<Value>] = []
        for pair in pairs {
            let name = try text(pair.key, key)
            if pair.value.sequence != nil || pair.value.mapping != nil {
                throw invalid(pair.value, key, "holds more than a text for `\(name)`", "write `\(name): value`")
            }
            values.append(Annotated(try make(name, pair)))
        }
        return values
    }

    /// A list of files of the repository.
    func files(_ node: YAMLNode?, _ key: String) throws(EnvironmentError) -> [Annotated<String>] {
        var values: [Annotated<String>] = []
        for item in try items(node, key) { values.append(Annotated(try file(item, key))) }
        return values
    }

    /// A file of the repository.
    func file(_ node: YAMLNode, _ key: String) throws(EnvironmentError) -> String {
        let path = try path(node, key)
        if path == "." { throw invalid(node, key, "names no file", "name a file inside the repository") }
        return path
    }

    /// A path inside the repository in its one spelling: no `./`, no doubled or trailing slash; `.` for the root.
    func path(_ node: YAMLNode, _ key: String) throws(EnvironmentError) -> String {
        let text = try text(node, key)
        let parts = text.split(separator: "/").filter { $0 != "." }
        if text.hasPrefix("/") || parts.contains("..") {
            throw invalid(node, key, "leaves the repository with `\(text)`", "name a path inside the repository")
        }
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }
}
