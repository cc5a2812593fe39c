//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Store
import TOML
import Versions

/// What a `pylock.toml` (PEP 751) that was made for one platform says.
public struct Pylock: Hashable, Sendable {
    /// The distributions, sorted by name.
    public var distributions: [LockedDistribution]
    /// The packages that are folders: their paths as the file gives them, and whether they are editable.
    public var folders: [LocalPythonProject]

    /// Reads a `pylock.toml` and chooses one file per package for `platform`.
    ///
    /// - Throws: ``ToolchainError/malformedPylock(line:problem:)`` for what PEP 751 does not allow or has no SHA-256,
    ///   ``ToolchainError/noSuitableFile(name:version:)`` for a package without a file for the platform.
    public init(parsing bytes: [UInt8], for platform: PythonPlatform) throws(ToolchainError) {
        let document: TOMLNode
        do throws(TOMLError) { document = try parseTOML(bytes) } catch {
            throw .malformedPylock(line: error.line, problem: error.problem)
        }
        guard document["lock-version"]?.string?.hasPrefix("1.") == true else {
            throw .malformedPylock(line: 1, problem: "`lock-version` is not 1.x")
        }
        var distributions: [LockedDistribution] = []
        var folders: [LocalPythonProject] = []
        for package in document["packages"]?.array ?? [] {
            guard let name = package["name"]?.string else {
                throw .malformedPylock(line: package.line, problem: "a package without `name`")
            }
            if let folder = package["directory"] {
                guard let path = folder["path"]?.string else {
                    throw .malformedPylock(line: folder.line, problem: "a folder without `path`")
                }
                folders.append(LocalPythonProject(path: path, isEditable: folder["editable"]?.bool ?? false))
                continue
            }
            distributions.append(
                LockedDistribution(
                    name: normalizedPythonName(name), version: package["version"]?.string,
                    artifact: try Self.artifact(of: package, name, platform)))
        }
        self.distributions = distributions.sorted { $0.name < $1.name }
        self.folders = folders.sorted()
    }

    private static func artifact(
        of package: TOMLNode, _ name: String, _ platform: PythonPlatform
    ) throws(ToolchainError) -> LockedDistribution.Artifact {
        if let source = package["vcs"] {
            guard source["type"]?.string == "git", let url = source["url"]?.string,
                let commit = source["commit-id"]?.string
            else { throw .malformedPylock(line: source.line, problem: "`\(name)` has no Git URL and commit") }
            return .git(url: url, commit: commit, subdirectory: source["subdirectory"]?.string)
        }
        if let archive = package["archive"] {
            return .archive(try file(archive, name), subdirectory: archive["subdirectory"]?.string)
        }
        var wheels: [PythonArtifact] = []
        for wheel in package["wheels"]?.array ?? [] { wheels.append(try file(wheel, name)) }
        if let wheel = platform.bestWheel(among: wheels, named: \.decodedFileName) { return .wheel(wheel) }
        if let sdist = package["sdist"] { return .sdist(try file(sdist, name)) }
        throw .noSuitableFile(name: name, version: package["version"]?.string)
    }

    private static func file(_ node: TOMLNode, _ name: String) throws(ToolchainError) -> PythonArtifact {
        guard let url = node["url"]?.string else {
            throw .malformedPylock(line: node.line, problem: "a file of `\(name)` has no URL")
        }
        guard let digest = node["hashes"]?["sha256"]?.string.flatMap({ Digest(hex: $0) }) else {
            throw .malformedPylock(line: node.line, problem: "`\(url)` has no SHA-256")
        }
        return PythonArtifact(url: url, size: node["size"]?.int.map { Int64($0) }, digest: digest)
    }
}

extension PythonArtifact {
    /// The file's name with its percent encoding undone: `1.0%2Bcpu` is the version `1.0+cpu`.
    var decodedFileName: String {
        var bytes: [UInt8] = []
        var rest = Array(fileName.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A `pylock.toml` (PEP 751) of these distributions, one file each, sorted by name.
public func pylock(of distributions: [LockedDistribution]) -> String {
    var text = "lock-version = \"1.0\"\ncreated-by = \"fitout\"\n"
    for distribution in distributions.sorted(by: { $0.name < $1.name }) {
        text += "\n[[packages]]\nname = \(quoted(distribution.name))\n"
        if let version = distribution.version { text += "version = \(quoted(version))\n" }
        switch distribution.artifact {
        case .wheel(let file): text += "wheels = [{ \(fields(of: file)) }]\n"
        case .sdist(let file): text += "sdist = { \(fields(of: file)) }\n"
        case .archive(let file, let subdirectory):
            text += "archive = { \(fields(of: file))\(field("subdirectory", subdirectory)) }\n"
        case .git(let url, let commit, let subdirectory):
            text += "vcs = { type = \"git\", url = \(quoted(url)), commit-id = \(quoted(commit))"
            text += "\(field("subdirectory", subdirectory)) }\n"
        }
    }
    return text
}

private func fields(of file: PythonArtifact) -> String {
    let size = file.size.map { "size = \($0), " } ?? ""
    return "url = \(quoted(file.url)), \(size)hashes = { sha256 = \"\(file.digest.hex)\" }"
}

private func field(_ name: String, _ value: String?) -> String {
    value.map { ", \(name) = \(quoted($0))" } ?? ""
}

/// A basic string of TOML.
private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": result += "\\\(scalar)"
        case "\u{0}"..<"\u{20}", "\u{7F}":
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
