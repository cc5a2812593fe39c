//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import TOML

extension PythonSurvey {
    /// Reads the files that pin the interpreter for a version manager.
    mutating func readVersionFiles() {
        readPythonVersionFile()
        readRuntimeFile()
        readToolVersions()
        for name in miseFiles { readMise(path(name)) }
    }

    /// `.python-version`: names as pyenv and uv take them, one a line; the first is the one that `python` runs.
    private mutating func readPythonVersionFile() {
        for name in [".python-version", ".python-versions"] where repository.contains(path(name)) {
            var isFirst = true
            for (index, line) in repository.lines(path(name)).enumerated() {
                let text = withoutComment(line)
                guard !text.isEmpty else { continue }
                let evidence = Evidence(path(name), line: index + 1)
                for word in text.split(separator: " ") {
                    guard let version = interpreterVersion(String(word)) else {
                        if word != "system" { repository.warn(evidence, "`\(word)` is not a CPython") }
                        continue
                    }
                    python(isFirst ? .pin : .hint, version, evidence: evidence)
                    isFirst = false
                }
            }
        }
    }

    /// `runtime.txt` of Heroku and others: `python-3.11.4`.
    private mutating func readRuntimeFile() {
        for name in ["runtime.txt", "binder/runtime.txt", ".binder/runtime.txt"] {
            for (index, line) in repository.lines(path(name)).enumerated() {
                let text = line.trimmingSpaces
                guard text.hasPrefix("python-"), let version = interpreterVersion(String(text.dropFirst(7))) else {
                    continue
                }
                python(.pin, version, evidence: Evidence(path(name), line: index + 1))
            }
        }
    }

    /// asdf's `.tool-versions`.
    private mutating func readToolVersions() {
        let file = path(".tool-versions")
        for (index, line) in repository.lines(file).enumerated() {
            let words = withoutComment(line).split(whereSeparator: \.isWhitespace).map(String.init)
            guard words.first == "python" else { continue }
            addPins(Array(words.dropFirst()), evidence: Evidence(file, line: index + 1))
        }
    }

    private mutating func readMise(_ file: String) {
        guard repository.contains(file), let node = repository.toml(file)?["tools"]?["python"] else { return }
        let versions = node["version"].map(\.strings) ?? node.strings
        addPins(versions, evidence: Evidence(file, line: node.line))
    }

    private mutating func addPins(_ versions: [String], evidence: Evidence) {
        var isFirst = true
        for version in versions.compactMap(interpreterVersion) {
            python(isFirst ? .pin : .hint, version, evidence: evidence)
            isFirst = false
        }
    }
}

/// The version in the names that pyenv and uv take: `3.12`, `3.13t`, `cpython@3.12`, `cpython-3.12.1-linux`, `>=3.10`;
/// nil for another implementation and for a name without a version.
func interpreterVersion(_ name: String) -> String? {
    var text = name[...]
    for prefix in ["cpython@", "cpython-", "cpython", "python@", "python-", "python", "prefix:"]
    where text.hasPrefix(prefix) {
        text = text.dropFirst(prefix.count)
        break
    }
    guard let first = text.first else { return nil }
    if "<>=!~".contains(first) { return String(text) }
    guard first.isNumber else { return nil }
    var version = String(text.prefix { $0.isNumber || $0 == "." || $0 == "*" || $0.isLetter && $0 != "t" && $0 != "d" })
    while version.hasSuffix(".") { version.removeLast() }
    if version.hasSuffix("-dev") { version.removeLast(4) }
    return version.isEmpty ? nil : version
}

private let miseFiles = [
    "mise.local.toml", "mise.toml", ".mise.toml", "mise/config.toml", ".mise/config.toml", ".config/mise.toml",
    ".config/mise/config.toml",
]
