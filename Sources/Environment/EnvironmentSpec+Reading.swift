//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Calendar
import YAML

extension EnvironmentSpec {
    /// Reads `fitout.yaml`.
    ///
    /// - Parameters:
    ///   - bytes: The file's content.
    ///   - file: Its name, for messages.
    /// - Throws: `EnvironmentError` with line and column; unknown keys are errors.
    public init(yaml bytes: [UInt8], file: String = "fitout.yaml") throws(EnvironmentError) {
        let documents: [YAMLNode]
        do throws(YAMLError) {
            documents = try parseYAMLDocuments(bytes)
        } catch {
            throw .malformed(file: file, line: error.line, column: error.column, problem: error.problem)
        }
        guard let root = documents.first, !root.isNull else {
            throw .missingKey(file: file, line: 1, key: "fitout", hint: "run `fitout init` to write the file")
        }
        if let second = documents.dropFirst().first {
            throw .malformed(
                file: file, line: second.line, column: second.column,
                problem: "a second document begins here\n\nhint: remove the line `---` in front of it")
        }
        let reader = SpecReader(file: file)
        let keys = [
            "fitout", "base", "allow-expired", "platforms", "toolchains", "packages", "dependencies", "environment",
            "tasks", "services",
        ]
        guard let pairs = root.mapping else {
            throw .malformed(
                file: file, line: root.line, column: root.column,
                problem: "the file holds no keys\n\nhint: write `key: value` lines, the first one `fitout: 1`")
        }
        let sections = try reader.values(of: pairs, allowing: keys)
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
        if let node = sections["allow-expired"], !node.isNull {
            allowsExpired.value = try reader.flag(node, "allow-expired")
        }
        if let node = sections["platforms"] { platforms = try reader.platforms(node) }
        toolchains = try reader.pairs(sections["toolchains"], "toolchains", reader.toolchain)
        packages = try reader.list(sections["packages"], "packages")
        environment = try reader.pairs(sections["environment"], "environment", reader.variable)
        tasks = try reader.pairs(sections["tasks"], "tasks", reader.task)
        services = try reader.pairs(sections["services"], "services") { (name, pair) throws(EnvironmentError) in
            Service(name: name, version: pair.value.string ?? "")
        }
        dependencies = try reader.steps(sections["dependencies"])
    }
}

extension SpecReader {
    fileprivate func base(_ node: YAMLNode) throws(EnvironmentError) -> BaseSystem {
        let parts = (node.string ?? "").split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, ["debian", "ubuntu"].contains(parts[0]), isSuite(parts[1]) else {
            throw invalid(
                node, "base", "is not a distribution and a suite", "write for example `base: debian:trixie`")
        }
        return BaseSystem(distribution: parts[0], suite: parts[1])
    }

    fileprivate func flag(_ node: YAMLNode, _ key: String) throws(EnvironmentError) -> Bool {
        guard let flag = node.bool else { throw invalid(node, key, "is neither true nor false", "write `true`") }
        return flag
    }

    /// A codename or a number.
    private func isSuite(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLowerCaseLetterOrDigit(first) else { return false }
        return text.utf8.allSatisfy { isLowerCaseLetterOrDigit($0) || ".-".utf8.contains($0) }
    }

    private func isLowerCaseLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    fileprivate func platforms(_ node: YAMLNode) throws(EnvironmentError) -> [String] {
        var names: [String] = []
        for item in node.string == nil ? try items(node, "platforms") : [node] {
            let name = try text(item, "platforms")
            if !EnvironmentSpec.knownPlatforms.contains(name) {
                throw invalid(item, "platforms", "names `\(name)`", "take `linux/amd64` or `linux/arm64`")
            }
            if names.contains(name) {
                throw invalid(item, "platforms", "names `\(name)` twice", "name each platform once")
            }
            names.append(name)
        }
        if names.isEmpty { throw invalid(node, "platforms", "is empty", "write `platforms: [linux/amd64]`") }
        return names
    }

    fileprivate func toolchain(_ tool: String, _ pair: YAMLPair) throws(EnvironmentError) -> ToolchainRequirement {
        let version = pair.value.string ?? ""
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        if let first = version.utf8.first,
            !digits.contains(first) || version.utf8.contains(where: { " ,*|<>=".utf8.contains($0) })
        {
            throw invalid(
                pair.value, "toolchains", "holds `\(version)`, which is not a version",
                "write a version or its beginning, for example `\(tool): \"3.13\"`")
        }
        return ToolchainRequirement(tool: tool, version: version)
    }

    fileprivate func variable(_ name: String, _ pair: YAMLPair) throws(EnvironmentError) -> EnvironmentVariable {
        let variable = EnvironmentVariable(name: name, value: pair.value.string ?? "")
        if !variable.isValid, !variable.value.utf8.contains(0) {
            throw invalid(
                pair.key, "environment", "names `\(name)`, which is not a variable",
                "write `NAME: value`, the name without `=`")
        }
        if variable.value.utf8.contains(0) {
            throw invalid(pair.value, "environment", "holds a zero byte", "remove `\\0` from the value")
        }
        return variable
    }

    fileprivate func task(_ name: String, _ pair: YAMLPair) throws(EnvironmentError) -> TaskCommand {
        let command = pair.value.string ?? ""
        if command.allSatisfy(\.isWhitespace) {
            throw invalid(
                pair.key, "tasks", "has no command for `\(name)`", "write `\(name): …` with a line for the shell")
        }
        return TaskCommand(name: name, command: command)
    }

    fileprivate func steps(_ node: YAMLNode?) throws(EnvironmentError) -> [DependencyStep] {
        guard let node, !node.isNull else { return [] }
        guard let nodes = node.sequence else {
            throw invalid(node, "dependencies", "is not a list", "begin each step with `- manager: …`")
        }
        var steps: [DependencyStep] = []
        for node in nodes { steps.append(try step(node)) }
        return steps
    }

    private func step(_ node: YAMLNode) throws(EnvironmentError) -> DependencyStep {
        let keys = [
            "manager", "directory", "project", "extras", "groups", "requirements-files", "constraints-files",
            "requirements", "lockfile", "exclude-newer",
        ]
        guard let pairs = node.mapping else {
            throw invalid(node, "dependencies", "holds a step without keys", "begin each step with `- manager: …`")
        }
        let values = try values(of: pairs, allowing: keys)
        guard let managerNode = values["manager"], !managerNode.isNull else {
            throw .missingKey(
                file: file, line: node.line, key: "manager", hint: "name the tool, for example `manager: uv`")
        }
        let manager = try text(managerNode, "manager")
        if manager != "uv" {
            throw invalid(managerNode, "manager", "names `\(manager)`", "take `uv`, which installs Python")
        }
        var step = DependencyStep(manager: manager)
        if let folder = values["directory"], !folder.isNull { step.directory = try path(folder, "directory") }
        if let project = values["project"], !project.isNull {
            step.installsProject = Annotated(try flag(project, "project"))
        }
        step.extras = try list(values["extras"], "extras")
        step.groups = try list(values["groups"], "groups")
        step.requirementsFiles = try files(values["requirements-files"], "requirements-files")
        step.constraintsFiles = try files(values["constraints-files"], "constraints-files")
        step.requirements = try list(values["requirements"], "requirements")
        if let lockfile = values["lockfile"], !lockfile.isNull {
            step.lockfile = Annotated(try file(lockfile, "lockfile"))
        }
        if let day = values["exclude-newer"], !day.isNull {
            guard let text = day.string, CalendarDay(text) != nil else {
                throw invalid(day, "exclude-newer", "is not a day", "write it as `\"2024-05-31\"`")
            }
            step.excludeNewer = Annotated(text)
        }
        return step
    }
}
