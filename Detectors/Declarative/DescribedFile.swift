//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// A file while a rule is applied to it: its lines are cut once.
final class DescribedFile {
    let file: CheckoutFile
    let repository: Repository
    let rule: DetectorDescription.Rule
    /// Comments are blank, so that all else keeps its number.
    private lazy var lines = repository.lines(file.path).map { line in
        let start = line.drop { $0 == " " || $0 == "\t" }
        return rule.comments.contains(where: start.hasPrefix) ? "" : line
    }
    private lazy var text = repository.text(file.path) ?? ""

    init(_ file: CheckoutFile, rule: DetectorDescription.Rule, in repository: Repository) {
        self.file = file
        self.rule = rule
        self.repository = repository
    }

    /// The texts that a value finds, with their places.
    func texts(_ value: DetectorDescription.Value?) -> [(text: String, evidence: Evidence)] {
        guard let value else { return [] }
        return found(value.place).compactMap { text, line in
            value.result(text).map { ($0, Evidence(file.path, line: line)) }
        }
    }

    /// The line of the first match, from 1; nil where there is none.
    func firstLine(matching pattern: LinePattern) -> Int? {
        guard contains(pattern.literal, in: text) else { return nil }
        return lines.firstIndex(where: pattern.matches).map { $0 + 1 }
    }

    private func found(_ place: DetectorDescription.Place) -> [(text: String, line: Int?)] {
        switch place {
        case .literal(let texts):
            return texts.map { ($0, nil) }
        case .key(let keys):
            return structured(keys).map { ($0.text, $0.line) }
        case .line(let prefix):
            return read { line in
                let text = line.trimmingSpaces
                return text.hasPrefix(prefix) ? [String(text.dropFirst(prefix.count)).trimmingSpaces] : []
            }
        case .pattern(let pattern):
            guard contains(pattern.literal, in: text) else { return [] }
            return read(pattern.firstGroups)
        case .first(let prefixes):
            for (index, line) in lines.enumerated() {
                var text = line.prefix { $0 != "#" }.trimmingSpaces
                for prefix in prefixes where text.hasPrefix(prefix) { text = String(text.dropFirst(prefix.count)) }
                if !text.isEmpty { return [(text, index + 1)] }
            }
            return []
        }
    }

    private func read(_ read: (String) -> [String]) -> [(text: String, line: Int?)] {
        lines.enumerated().flatMap { index, line in
            read(line).filter { !$0.isEmpty }.map { ($0, index + 1) }
        }
    }

    private func structured(_ keys: [String]) -> [(text: String, line: Int)] {
        switch rule.format ?? usualFormat(file.name) {
        case .json: repository.json(file.path)?.texts(keys) ?? []
        case .toml: repository.toml(file.path)?.texts(keys) ?? []
        case .yaml: repository.yaml(file.path)?.texts(keys) ?? []
        }
    }
}

/// What a file of this name usually is.
private func usualFormat(_ name: String) -> DetectorDescription.Format {
    if name.hasSuffix(".toml") || name.hasSuffix(".lock") { return .toml }
    return isYAML(name) ? .yaml : .json
}
