//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import YAML

extension EnvironmentSpec {
    /// Reads `fitout.yaml`.
    ///
    /// - Parameters:
    ///   - bytes: The file's content.
    ///   - file: Its name, for messages.
    /// - Throws: `EnvironmentError` with line and column; unknown keys are errors.
    public init(yaml bytes: [UInt8], file: String = "fitout.yaml") throws(EnvironmentError) {
        let root: YAMLNode?
        do throws(YAMLError) {
            root = try parseYAML(bytes)
        } catch {
            throw .malformed(file: file, line: error.line, column: error.column, problem: error.problem)
        }
        guard let root else {
            throw .missingKey(file: file, line: 1, key: "fitout", hint: "run `fitout init` to write the file")
        }
        let reader = SpecReader(file: file)
        let keys = [
            "fitout", "base", "platforms", "toolchains", "packages", "dependencies", "environment", "tasks", "services",
        ]
        let sections = try reader.mapping(root, key: "the file", allowing: keys)
        guard let version = sections["fitout"] else {
            throw .missingKey(file: file, line: root.line, key: "fitout", hint: "add `fitout: 1` as the first line")
        }
        if version.int != 1 {
            throw reader.invalid(version, "fitout", "is not a version that this program reads", "write `fitout: 1`")
        }
        guard let baseNode = sections["base"] else {
            throw .missingKey(file: file, line: root.line, key: "base", hint: "add `base: debian:trixie`")
        }
        self.init(base: try reader.base(baseNode))
        if let node = sections["platforms"] { platforms = try reader.platforms(node) }
        toolchains = try reader.pairs(sections["toolchains"], "toolchains", ToolchainRequirement.init)
        packages = try reader.list(sections["packages"], "packages")
        environment = try reader.pairs(sections["environment"], "environment", EnvironmentVariable.init)
        tasks = try reader.pairs(sections["tasks"], "tasks", TaskCommand.init)
        services = try reader.pairs(sections["services"], "services", Service.init)
        if let node = sections["dependencies"] {
            guard let steps = node.sequence else {
                throw reader.invalid(node, "dependencies", "is not a list", "begin each step with `- manager: …`")
            }
            dependencies = []
            for step in steps { dependencies.append(try reader.step(step)) }
        }
    }
}

/// Turns nodes into values, or into errors that name their place.
private struct SpecReader {
    let file: String

    func invalid(_ node: YAMLNode, _ key: String, _ problem: String, _ hint: String) -> EnvironmentError {
        .invalidValue(file: file, line: node.line, column: node.column, key: key, problem: problem, hint: hint)
    }

    func mapping(
        _ node: YAMLNode, key: String, allowing keys: [String]
    ) throws(EnvironmentError) -> [String: YAMLNode] {
        guard let pairs = node.mapping else {
            throw invalid(node, key, "is not a mapping", "write `key: value` lines")
        }
        var values: [String: YAMLNode] = [:]
        for pair in pairs {
            let name = pair.key.string ?? ""
            guard keys.contains(name) else {
                throw .unknownKey(
                    file: file, line: pair.key.line, column: pair.key.column, key: name,
                    nearest: nearest(to: name, in: keys))
            }
            values[name] = pair.value
        }
        return values
    }

    func base(_ node: YAMLNode) throws(EnvironmentError) -> BaseSystem {
        let parts = (node.string ?? "").split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, ["debian", "ubuntu"].contains(parts[0]), !parts[1].isEmpty else {
            throw invalid(
                node, "base", "is not a distribution and a suite", "write for example `base: debian:trixie`")
        }
        return BaseSystem(distribution: parts[0], suite: parts[1])
    }

    func platforms(_ node: YAMLNode) throws(EnvironmentError) -> [String] {
        let names = node.strings
        for name in names where !["linux/amd64", "linux/arm64"].contains(name) {
            throw invalid(node, "platforms", "names `\(name)`", "take `linux/amd64` or `linux/arm64`")
        }
        if names.isEmpty { throw invalid(node, "platforms", "is empty", "write `platforms: [linux/amd64]`") }
        return names
    }

    func list(_ node: YAMLNode?, _ key: String) throws(EnvironmentError) -> [Annotated<String>] {
        guard let node, !isNull(node) else { return [] }
        guard let items = node.sequence else { throw invalid(node, key, "is not a list", "begin each line with `- `") }
        var values: [Annotated<String>] = []
        for item in items {
            guard let text = item.string, !text.isEmpty else {
                throw invalid(item, key, "holds something that is not a text", "write one name on each line")
            }
            values.append(Annotated(text))
        }
        return values
    }

    func pairs<Value>(
        _ node: YAMLNode?, _ key: String, _ make: (String, String) -> Value
    ) throws(EnvironmentError) -> [Annotated<Value>] {
        guard let node, !isNull(node) else { return [] }
        guard let pairs = node.mapping else { throw invalid(node, key, "is not a mapping", "write `name: value` lines") }
        var values: [Annotated<Value>] = []
        for pair in pairs {
            guard let name = pair.key.string, pair.value.sequence == nil, pair.value.mapping == nil else {
                throw invalid(pair.value, key, "holds something that is not a text", "write `name: value`")
            }
            values.append(Annotated(make(name, pair.value.string ?? "")))
        }
        return values
    }

    func step(_ node: YAMLNode) throws(EnvironmentError) -> DependencyStep {
        let keys = [
            "manager", "directory", "project", "extras", "groups", "requirements-files", "constraints-files",
            "requirements", "lockfile", "exclude-newer",
        ]
        let values = try mapping(node, key: "a step of dependencies", allowing: keys)
        guard let manager = values["manager"]?.string else {
            throw .missingKey(file: file, line: node.line, key: "manager", hint: "name the tool, for example `manager: uv`")
        }
        guard manager == "uv" else {
            throw invalid(values["manager"] ?? node, "manager", "names `\(manager)`", "take `uv`, which installs Python")
        }
        var step = DependencyStep(manager: manager, directory: values["directory"]?.string ?? ".")
        try relative(step.directory, values["directory"] ?? node, "directory")
        if let project = values["project"] {
            guard let flag = project.bool else { throw invalid(project, "project", "is neither true nor false", "write `true`") }
            step.installsProject = Annotated(flag)
        }
        step.extras = try list(values["extras"], "extras")
        step.groups = try list(values["groups"], "groups")
        step.requirementsFiles = try list(values["requirements-files"], "requirements-files")
        step.constraintsFiles = try list(values["constraints-files"], "constraints-files")
        step.requirements = try list(values["requirements"], "requirements")
        step.lockfile = Annotated(values["lockfile"]?.string ?? "")
        for path in (step.requirementsFiles + step.constraintsFiles + [step.lockfile]).map(\.value) {
            try relative(path, node, "dependencies")
        }
        if let day = values["exclude-newer"] {
            guard let text = day.string, isDay(text) else {
                throw invalid(day, "exclude-newer", "is not a day", "write it as `\"2024-05-31\"`")
            }
            step.excludeNewer = Annotated(text)
        }
        return step
    }

    /// Paths of a spec stay inside the repository.
    private func relative(_ path: String, _ node: YAMLNode, _ key: String) throws(EnvironmentError) {
        if path.hasPrefix("/") || path.split(separator: "/").contains("..") {
            throw invalid(node, key, "leaves the repository with `\(path)`", "name a path inside the repository")
        }
    }

    private func isNull(_ node: YAMLNode) -> Bool {
        node.string == nil && node.sequence == nil && node.mapping == nil
    }
}

private func isDay(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.count) == [4, 2, 2] else { return false }
    let numbers = parts.compactMap { Int($0) }
    return numbers.count == 3 && (1...12).contains(numbers[1]) && (1...31).contains(numbers[2])
}

/// The candidate with the smallest edit distance, where that is small enough to be what was meant.
func nearest(to word: String, in candidates: [String]) -> String? {
    let scored = candidates.map { (editDistance(word, $0), $0) }.sorted { $0 < $1 }
    guard let best = scored.first, best.0 <= max(2, word.count / 3) else { return nil }
    return best.1
}

private func editDistance(_ lhs: String, _ rhs: String) -> Int {
    let (a, b) = (Array(lhs.utf8), Array(rhs.utf8))
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, right) in b.enumerated() {
            let replaced = diagonal + (left == right ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
        }
    }
    return row[b.count]
}
