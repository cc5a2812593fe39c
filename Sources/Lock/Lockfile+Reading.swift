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
    /// - Throws: `LockError` with the line; unknown, missing and repeated members are errors.
    public init(json bytes: [UInt8], file: String = "fitout.lock") throws(LockError) {
        let root: JSONNode
        do throws(JSONError) {
            root = try parseJSON(bytes)
        } catch {
            throw .malformed(file: file, line: error.line, problem: error.problem)
        }
        let reader = LockReader(file: file)
        // The version comes first: another one may have other members.
        if root["version"] != nil, try reader.number(root, "version") != Lockfile.formatVersion {
            throw .version(file: file, found: String(try reader.number(root, "version")))
        }
        try reader.expect(
            root, "the file", ["version", "spec", "base", "sourceDateEpoch", "archives", "platforms", "inputs"])
        let archives = try reader.each(root, "archives", reader.archive)
        var platforms: [LockedPlatform] = []
        for member in try reader.members(root["platforms"], root, "`platforms`") {
            platforms.append(try reader.platform(member, archives: archives.count))
        }
        self.init(
            spec: try reader.digest(root, "spec"), base: try reader.text(root, "base"),
            sourceDateEpoch: try reader.time(root, "sourceDateEpoch"), archives: archives,
            platforms: platforms, inputs: try reader.each(root, "inputs", reader.input))
    }
}

extension LockReader {
    fileprivate func archive(_ node: JSONNode) throws(LockError) -> LockedArchive {
        try expect(node, "an archive", ["uri", "suite", "date"])
        return LockedArchive(
            uri: try text(node, "uri"), suite: try text(node, "suite"), date: try text(node, "date"))
    }

    fileprivate func platform(_ member: JSONMember, archives: Int) throws(LockError) -> LockedPlatform {
        guard ["linux/amd64", "linux/arm64"].contains(member.key) else {
            throw .malformed(file: file, line: member.line, problem: "`\(member.key)` is not a platform")
        }
        try expect(member.value, "a platform", ["packages", "steps"])
        let packages = try each(member.value, "packages") { (node) throws(LockError) in
            try package(node, archives: archives)
        }
        return LockedPlatform(name: member.key, packages: packages, steps: try each(member.value, "steps", step))
    }

    private func package(_ node: JSONNode, archives: Int) throws(LockError) -> LockedPackage {
        try expect(
            node, "a package", ["name", "version", "architecture", "group", "archive", "path", "size", "digest"])
        guard let group = LockedPackage.Group(rawValue: try text(node, "group")) else {
            throw malformed(node, "`group` is neither base, requested nor automatic")
        }
        let archive = try number(node, "archive")
        guard archive < archives else { throw malformed(node, "`archive` names none of the archives") }
        let name = try text(node, "name")
        guard isPackageName(name) else { throw malformed(node, "`\(name)` is not a package's name") }
        return LockedPackage(
            name: name, version: try text(node, "version"),
            architecture: try text(node, "architecture", oneOf: ["amd64", "arm64", "all"]),
            digest: try digest(node, "digest"), size: try number(node, "size"),
            path: try path(node, "path", below: "archive"), archive: Int(archive), group: group)
    }

    /// Debian policy, 5.6.1: lower-case letters, digits, `+`, `-` and `.`, the first a letter or digit.
    private func isPackageName(_ name: String) -> Bool {
        func isLetterOrDigit(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) }
        guard let first = name.utf8.first, isLetterOrDigit(first) else { return false }
        return name.utf8.allSatisfy { isLetterOrDigit($0) || "+-.".utf8.contains($0) }
    }

    private func step(_ node: JSONNode) throws(LockError) -> LockedStep {
        try expect(node, "a step", ["manager", "uv", "buildExcludeNewer", "projects", "distributions"])
        guard let uv = node["uv"] else { throw malformed(node, "`uv` is missing") }
        try expect(uv, "`uv`", ["version", "url", "digest"], optional: ["size"])
        let date = try text(node, "buildExcludeNewer")
        let lock = PythonLock(
            distributions: try each(node, "distributions", distribution),
            localProjects: try each(node, "projects", project), buildExcludeNewer: date.isEmpty ? nil : date,
            uv: LockedUv(version: try text(uv, "version"), wheel: try artifact(uv)))
        return LockedStep(manager: try text(node, "manager", oneOf: ["uv"]), python: lock)
    }

    private func artifact(_ node: JSONNode) throws(LockError) -> PythonArtifact {
        PythonArtifact(
            url: try text(node, "url"), size: node["size"] == nil ? nil : try number(node, "size"),
            digest: try digest(node, "digest"))
    }

    private func project(_ node: JSONNode) throws(LockError) -> LocalPythonProject {
        try expect(node, "a project", ["path", "editable"])
        return LocalPythonProject(
            path: try path(node, "path", below: "repository", mayBeEmpty: true), isEditable: try flag(node, "editable"))
    }

    private func distribution(_ node: JSONNode) throws(LockError) -> LockedDistribution {
        let kind: LockedDistribution.Artifact
        switch try text(node, "kind", oneOf: ["wheel", "sdist", "archive", "git"]) {
        case "archive":
            try expect(
                node, "a distribution", ["name", "kind", "url", "digest"],
                optional: ["version", "size", "subdirectory"])
            kind = .archive(try artifact(node), subdirectory: try subdirectory(node))
        case "git":
            try expect(
                node, "a distribution", ["name", "kind", "url", "commit"], optional: ["version", "subdirectory"])
            kind = .git(url: try text(node, "url"), commit: try commit(node), subdirectory: try subdirectory(node))
        case let other:
            try expect(node, "a distribution", ["name", "kind", "url", "digest"], optional: ["version", "size"])
            kind = other == "wheel" ? .wheel(try artifact(node)) : .sdist(try artifact(node))
        }
        return LockedDistribution(
            name: try text(node, "name"), version: try optionalText(node, "version"), artifact: kind)
    }

    private func subdirectory(_ node: JSONNode) throws(LockError) -> String? {
        node["subdirectory"] == nil ? nil : try path(node, "subdirectory", below: "distribution")
    }

    /// A whole commit, in SHA-1 or SHA-256.
    private func commit(_ node: JSONNode) throws(LockError) -> String {
        let commit = try text(node, "commit")
        guard [40, 64].contains(commit.utf8.count),
            commit.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { throw malformed(node, "`commit` is not a whole commit") }
        return commit
    }

    fileprivate func input(_ node: JSONNode) throws(LockError) -> LockedInput {
        try expect(node, "an input", ["path", "digest"])
        return LockedInput(path: try path(node, "path", below: "repository"), digest: try digest(node, "digest"))
    }
}
