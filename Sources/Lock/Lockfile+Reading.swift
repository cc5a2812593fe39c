//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import JSON
import Store
import Toolchains

extension Lockfile {
    /// Reads `fitout.lock`.
    ///
    /// - Throws: `LockError` with the line; unknown and missing members are errors.
    public init(json bytes: [UInt8], file: String = "fitout.lock") throws(LockError) {
        let root: JSONNode
        do throws(JSONError) {
            root = try parseJSON(bytes)
        } catch {
            throw .malformed(file: file, line: error.line, problem: error.problem)
        }
        let reader = LockReader(file: file)
        if let version = root["version"]?.int, version != Lockfile.formatVersion {
            throw .version(file: file, found: String(version))
        }
        try reader.expect(
            root, ["version", "spec", "base", "sourceDateEpoch", "archives", "platforms", "inputs"])
        var platforms: [LockedPlatform] = []
        let archives = try reader.each(root, "archives", reader.archive)
        for member in root["platforms"]?.object ?? [] {
            platforms.append(try reader.platform(member.key, member.value, archives: archives.count))
        }
        self.init(
            spec: try reader.digest(root, "spec"), base: try reader.text(root, "base"),
            sourceDateEpoch: Int64(try reader.number(root, "sourceDateEpoch")), archives: archives,
            platforms: platforms, inputs: try reader.each(root, "inputs", reader.input))
    }
}

/// Turns nodes into values, or into errors that name their line.
private struct LockReader {
    let file: String

    func expect(_ node: JSONNode, _ keys: [String], optional: [String] = []) throws(LockError) {
        guard let members = node.object else {
            throw .malformed(file: file, line: node.line, problem: "an object is missing")
        }
        for member in members where !keys.contains(member.key) && !optional.contains(member.key) {
            throw .malformed(file: file, line: member.line, problem: "unknown member `\(member.key)`")
        }
        for key in keys where node[key] == nil {
            throw .malformed(file: file, line: node.line, problem: "`\(key)` is missing")
        }
    }

    func text(_ node: JSONNode, _ key: String) throws(LockError) -> String {
        guard let text = node[key]?.string else {
            throw .malformed(file: file, line: node.line, problem: "`\(key)` is not a string")
        }
        return text
    }

    func number(_ node: JSONNode, _ key: String) throws(LockError) -> Int {
        guard let number = node[key]?.int, number >= 0 else {
            throw .malformed(file: file, line: node.line, problem: "`\(key)` is not a whole number")
        }
        return number
    }

    func digest(_ node: JSONNode, _ key: String) throws(LockError) -> Digest {
        guard let digest = Digest(try text(node, key)) else {
            throw .malformed(file: file, line: node.line, problem: "`\(key)` is not `sha256:` and 64 hexadecimal digits")
        }
        return digest
    }

    func each<Value>(
        _ node: JSONNode, _ key: String, _ read: (JSONNode) throws(LockError) -> Value
    ) throws(LockError) -> [Value] {
        guard let nodes = node[key]?.array else {
            throw .malformed(file: file, line: node.line, problem: "`\(key)` is not an array")
        }
        var values: [Value] = []
        for node in nodes { values.append(try read(node)) }
        return values
    }

    func archive(_ node: JSONNode) throws(LockError) -> LockedArchive {
        try expect(node, ["uri", "suite", "date"])
        return LockedArchive(
            uri: try text(node, "uri"), suite: try text(node, "suite"), date: try text(node, "date"))
    }

    func platform(_ name: String, _ node: JSONNode, archives: Int) throws(LockError) -> LockedPlatform {
        try expect(node, ["packages", "steps"])
        let packages = try each(node, "packages") { (node) throws(LockError) in
            try package(node, archives: archives)
        }
        return LockedPlatform(
            name: name, packages: packages, steps: try each(node, "steps", step))
    }

    func package(_ node: JSONNode, archives: Int) throws(LockError) -> LockedPackage {
        try expect(node, ["name", "version", "architecture", "group", "archive", "path", "size", "digest"])
        guard let group = LockedPackage.Group(rawValue: try text(node, "group")) else {
            throw .malformed(file: file, line: node.line, problem: "`group` is neither base, requested nor automatic")
        }
        let archive = try number(node, "archive")
        guard archive < archives else {
            throw .malformed(file: file, line: node.line, problem: "`archive` names none of the archives")
        }
        let path = try text(node, "path")
        if path.hasPrefix("/") || path.split(separator: "/").contains("..") {
            throw .malformed(file: file, line: node.line, problem: "`path` leaves the archive")
        }
        return LockedPackage(
            name: try text(node, "name"), version: try text(node, "version"),
            architecture: try text(node, "architecture"), digest: try digest(node, "digest"),
            size: Int64(try number(node, "size")), path: path, archive: archive, group: group)
    }

    func step(_ node: JSONNode) throws(LockError) -> LockedStep {
        try expect(node, ["manager", "uv", "buildExcludeNewer", "projects", "distributions"])
        guard let uv = node["uv"] else { throw .malformed(file: file, line: node.line, problem: "`uv` is missing") }
        try expect(uv, ["version", "url", "digest"], optional: ["size"])
        let date = try text(node, "buildExcludeNewer")
        let lock = PythonLock(
            distributions: try each(node, "distributions", distribution),
            localProjects: try each(node, "projects", project), buildExcludeNewer: date.isEmpty ? nil : date,
            uv: LockedUv(version: try text(uv, "version"), wheel: try artifact(uv)))
        return LockedStep(manager: try text(node, "manager"), python: lock)
    }

    func artifact(_ node: JSONNode) throws(LockError) -> PythonArtifact {
        var size: Int64?
        if node["size"] != nil { size = Int64(try number(node, "size")) }
        return PythonArtifact(url: try text(node, "url"), size: size, digest: try digest(node, "digest"))
    }

    func project(_ node: JSONNode) throws(LockError) -> LocalPythonProject {
        try expect(node, ["path", "editable"])
        return LocalPythonProject(path: try text(node, "path"), isEditable: node["editable"]?.bool ?? true)
    }

    func distribution(_ node: JSONNode) throws(LockError) -> LockedDistribution {
        try expect(
            node, ["name", "kind", "url"], optional: ["version", "size", "digest", "commit", "subdirectory"])
        let subdirectory = node["subdirectory"]?.string
        let kind: LockedDistribution.Artifact
        switch try text(node, "kind") {
        case "wheel": kind = .wheel(try artifact(node))
        case "sdist": kind = .sdist(try artifact(node))
        case "archive": kind = .archive(try artifact(node), subdirectory: subdirectory)
        case "git":
            kind = .git(url: try text(node, "url"), commit: try text(node, "commit"), subdirectory: subdirectory)
        case let other: throw .malformed(file: file, line: node.line, problem: "`kind` is `\(other)`")
        }
        return LockedDistribution(name: try text(node, "name"), version: node["version"]?.string, artifact: kind)
    }

    func input(_ node: JSONNode) throws(LockError) -> LockedInput {
        try expect(node, ["path", "digest"])
        return LockedInput(path: try text(node, "path"), digest: try digest(node, "digest"))
    }
}
