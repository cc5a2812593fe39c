//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Versions
import YAML

/// Why a file does not describe a detector.
public struct DetectorDescriptionError: Error, Hashable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// The line, from 1.
    public let line: Int
    /// The column in characters, from 1.
    public let column: Int
    /// What is wrong there.
    public let problem: String

    /// `path:line:column: problem`.
    public var description: String { "\(path):\(line):\(column): \(problem)" }
}

extension DetectorDescription {
    /// Reads a description; `path` is for messages. The patterns of one that is `shipped` are known to be right.
    init(_ bytes: [UInt8], path: String, shipped: Bool = false) throws(DetectorDescriptionError) {
        let root: YAMLNode?
        do throws(YAMLError) {
            root = try parseYAML(bytes)
        } catch {
            throw DetectorDescriptionError(path: path, line: error.line, column: error.column, problem: error.problem)
        }
        let reader = DescriptionReader(path: path, isShipped: shipped)
        guard let root else { throw reader.error(YAMLNode(.mapping([]), line: 1, column: 1), "the file is empty") }
        try reader.check(root, keys: ["detector", "name", "summary", "rules"])
        guard let version = root["detector"] else { throw reader.error(root, "`detector: 1` is missing") }
        guard version.string == "1" else {
            throw reader.error(version, "version `\(version.string ?? "")` of the format is not known")
        }
        name = try reader.text(root, "name")
        summary = try reader.text(root, "summary")
        guard let nodes = root["rules"]?.sequence, !nodes.isEmpty else {
            throw reader.error(root["rules"] ?? root, "`rules` must be a list of rules")
        }
        var rules: [Rule] = []
        for node in nodes { rules.append(try reader.rule(node)) }
        self.rules = rules
    }
}

/// Reads the parts of a description; `path` is for messages.
struct DescriptionReader {
    let path: String
    let isShipped: Bool

    func error(_ node: YAMLNode, _ problem: String) -> DetectorDescriptionError {
        DetectorDescriptionError(path: path, line: node.line, column: node.column, problem: problem)
    }

    func check(_ node: YAMLNode, keys: [String]) throws(DetectorDescriptionError) {
        guard let pairs = node.mapping else { throw error(node, "a mapping is expected") }
        for pair in pairs {
            let key = pair.key.string ?? ""
            guard !keys.contains(key) else { continue }
            throw error(
                pair.key,
                "the key `\(key)` is not known\n\nhint: known here are \(keys.map { "`\($0)`" }.joined(separator: ", "))"
            )
        }
    }

    func text(_ node: YAMLNode, _ key: String) throws(DetectorDescriptionError) -> String {
        guard let value = node[key] else { throw error(node, "`\(key)` is missing") }
        guard let text = value.string, !text.isEmpty else { throw error(value, "`\(key)` must be a text") }
        return text
    }

    func texts(_ node: YAMLNode?) throws(DetectorDescriptionError) -> [String] {
        guard let node else { return [] }
        let nodes = node.sequence ?? [node]
        var result: [String] = []
        for item in nodes {
            guard let text = item.string else { throw error(item, "a text is expected") }
            result.append(text)
        }
        return result
    }

    /// The text of `key`, which may be missing.
    func optionalText(_ node: YAMLNode, _ key: String) throws(DetectorDescriptionError) -> String? {
        node[key] == nil ? nil : try text(node, key)
    }

    /// The pairs of a mapping with texts as keys; none where there is no node.
    func pairs(_ node: YAMLNode?) throws(DetectorDescriptionError) -> [(key: String, value: YAMLNode)] {
        guard let node else { return [] }
        guard let pairs = node.mapping else { throw error(node, "a mapping is expected") }
        var result: [(key: String, value: YAMLNode)] = []
        for pair in pairs {
            guard let key = pair.key.string, !key.isEmpty else { throw error(pair.key, "a name is expected") }
            result.append((key, pair.value))
        }
        return result
    }

    /// One of the cases of an enumeration by its name.
    func word<Word: RawRepresentable<String> & CaseIterable>(
        _ node: YAMLNode, _ key: String, from words: [Word] = Array(Word.allCases)
    ) throws(DetectorDescriptionError) -> Word? {
        guard let item = node[key] else { return nil }
        guard let word = words.first(where: { $0.rawValue == item.string }) else {
            let names = words.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            throw error(item, "`\(key)` is one of \(names)")
        }
        return word
    }
}
