//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import JSON
import Store
import Toolchains

extension Lockfile {
    /// The lock as JSON with one package, artifact or file on a line, so that it diffs line by line.
    public func rendered() -> String {
        var lines = ["{"]
        lines.append("  \"version\": \(Lockfile.formatVersion),")
        lines.append("  \"spec\": \(jsonString(spec.description)),")
        lines.append("  \"base\": \(jsonString(base)),")
        lines.append("  \"sourceDateEpoch\": \(sourceDateEpoch),")
        lines += list("archives", archives.map(\.line), indent: 1, end: ",")
        lines.append("  \"platforms\": {")
        for (index, platform) in platforms.enumerated() {
            lines.append("    \(jsonString(platform.name)): {")
            lines += list("packages", platform.packages.map(\.line), indent: 3, end: ",")
            lines += list("steps", platform.steps.map { $0.text(indent: 4) }, indent: 3)
            lines.append("    }" + (index + 1 < platforms.count ? "," : ""))
        }
        lines.append("  },")
        lines += list("inputs", inputs.map(\.line), indent: 1)
        lines.append("}")
        return lines.joined(separator: "\n") + "\n"
    }
}

/// The member `key` with one item on a line, and `end` behind it.
private func list(_ key: String, _ items: [String], indent: Int, end: String = "") -> [String] {
    let margin = String(repeating: "  ", count: indent)
    if items.isEmpty { return ["\(margin)\(jsonString(key)): []\(end)"] }
    return ["\(margin)\(jsonString(key)): ["]
        + items.enumerated().map { "\(margin)  \($0.element)\($0.offset + 1 < items.count ? "," : "")" }
        + ["\(margin)]\(end)"]
}

private func object(_ members: [(String, String)]) -> String {
    "{" + members.map { "\(jsonString($0.0)): \($0.1)" }.joined(separator: ", ") + "}"
}

extension LockedArchive {
    fileprivate var line: String {
        object([("uri", jsonString(uri)), ("suite", jsonString(suite)), ("date", jsonString(date))])
    }
}

extension LockedPackage {
    fileprivate var line: String {
        object([
            ("name", jsonString(name)), ("version", jsonString(version)), ("architecture", jsonString(architecture)),
            ("group", jsonString(group.rawValue)), ("archive", String(archive)), ("path", jsonString(path)),
            ("size", String(size)), ("digest", jsonString(digest.description)),
        ])
    }
}

extension LockedStep {
    /// The step on lines of its own, of which the first stands where it is put.
    fileprivate func text(indent: Int) -> String {
        let margin = String(repeating: "  ", count: indent)
        let uv = object([("version", jsonString(python.uv.version))] + members(of: python.uv.wheel))
        let projects = python.localProjects.map {
            object([("path", jsonString($0.path)), ("editable", $0.isEditable ? "true" : "false")])
        }
        let lines =
            [
                "{",
                "\(margin)  \"manager\": \(jsonString(manager)),",
                "\(margin)  \"uv\": \(uv),",
                "\(margin)  \"buildExcludeNewer\": \(jsonString(python.buildExcludeNewer ?? "")),",
            ]
            + list("projects", projects, indent: indent + 1, end: ",")
            + list("distributions", python.distributions.map(\.line), indent: indent + 1) + ["\(margin)}"]
        return lines.joined(separator: "\n")
    }
}

extension LockedDistribution {
    fileprivate var line: String {
        var parts = [("name", jsonString(name))]
        if let version { parts.append(("version", jsonString(version))) }
        switch artifact {
        case .wheel(let file): parts += [("kind", "\"wheel\"")] + members(of: file)
        case .sdist(let file): parts += [("kind", "\"sdist\"")] + members(of: file)
        case .archive(let file, let subdirectory):
            parts += [("kind", "\"archive\"")] + members(of: file) + optional("subdirectory", subdirectory)
        case .git(let url, let commit, let subdirectory):
            parts += [("kind", "\"git\""), ("url", jsonString(url)), ("commit", jsonString(commit))]
            parts += optional("subdirectory", subdirectory)
        }
        return object(parts)
    }
}

private func members(of file: PythonArtifact) -> [(String, String)] {
    [("url", jsonString(file.url))] + (file.size.map { [("size", String($0))] } ?? [])
        + [("digest", jsonString(file.digest.description))]
}

private func optional(_ key: String, _ value: String?) -> [(String, String)] {
    value.map { [(key, jsonString($0))] } ?? []
}

extension LockedInput {
    fileprivate var line: String {
        object([("path", jsonString(path)), ("digest", jsonString(digest.description))])
    }
}
