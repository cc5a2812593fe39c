//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import TOML

extension ToxConfiguration {
    /// Reads tox's native TOML (`tox.toml`, `[tool.tox]`) into the shape of `tox.ini`.
    init(_ node: TOMLNode, path: String) {
        var sections: [(name: String, entries: [INIFile.Entry])] = []
        let scalar = (node.table ?? []).filter { $0.value.table == nil }
        sections.append(("tox", scalar.map { tomlEntry($0) }))
        if let base = node["env_run_base"]?.table { sections.append(("testenv", base.map { tomlEntry($0) })) }
        for pair in node["env"]?.table ?? [] {
            sections.append(("testenv:\(pair.key)", (pair.value.table ?? []).map { tomlEntry($0) }))
        }
        self.init(file: INIFile(path: path, sections: sections))
    }
}

private func tomlEntry(_ pair: TOMLPair) -> INIFile.Entry {
    let nodes = pair.value.array ?? [pair.value]
    let isCommand = pair.key.hasPrefix("commands")
    let lines = nodes.compactMap { node -> (number: Int, text: String)? in
        if isCommand, let words = node.array {
            return (node.line, words.compactMap { tomlWord($0, isCommand: true) }.joined(separator: " "))
        }
        return tomlWord(node, isCommand: false).map { (node.line, $0) }
    }
    return INIFile.Entry(key: pair.key, lines: lines, number: pair.value.line)
}

/// A string, or the table of a replacement (`{ replace = "posargs", default = [...] }`) in the notation of `tox.ini`.
private func tomlWord(_ node: TOMLNode, isCommand: Bool) -> String? {
    if let text = node.string { return isCommand && !text.contains("{") ? shellQuoted(text) : text }
    let fallback = (node["default"]?.strings ?? []).joined(separator: " ")
    switch node["replace"]?.string {
    case "posargs": return "{posargs:\(fallback)}"
    case "env": return "{env:\(node["name"]?.string ?? ""):\(fallback)}"
    case "ref":
        let parts = node["of"]?.strings ?? []
        guard let key = parts.last, parts.count > 1 else { return nil }
        let section = parts[0] == "env_run_base" ? "testenv" : parts[0] == "env" ? "testenv:\(parts[1])" : parts[0]
        return "{[\(section)]\(key)}"
    default: return nil
    }
}
