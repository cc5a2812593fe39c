//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
public import Detection

/// A detector that a YAML file describes.
public struct DeclaredDetector: Detector {
    private let description: DetectorDescription

    /// The name in the description.
    public var name: String { description.name }
    /// The summary in the description.
    public var summary: String { description.summary }
    /// The files of the rules, in their order.
    public var sources: [DetectorSource] { description.sources }

    /// The detector that the YAML text in `bytes` describes.
    ///
    /// - Parameters:
    ///   - bytes: The text, as `docs/detector.schema.json` specifies it.
    ///   - path: Where it comes from, for messages.
    /// - Throws: ``DetectorDescriptionError`` with the line and column.
    public init(_ bytes: [UInt8], path: String) throws(DetectorDescriptionError) {
        description = try DetectorDescription(bytes, path: path)
    }

    /// The detector of a description that ships with the tool.
    init(shipped bytes: [UInt8], path: String) throws(DetectorDescriptionError) {
        description = try DetectorDescription(bytes, path: path, shipped: true)
    }

    /// What the files that the description names say.
    public func findings(in repository: Repository) -> [Finding] {
        var project = ProjectFindings(repository)
        for rule in description.rules {
            var isFirst = true
            var folders: Set<String> = []
            for file in repository.files(of: rule) {
                let file = DescribedFile(file, rule: rule, in: repository)
                var line: Int?
                if let condition = rule.condition {
                    line = file.firstLine(matching: condition)
                    guard line != nil else { continue }
                }
                if let exclusion = rule.exclusion, file.firstLine(matching: exclusion) != nil { continue }
                let isFirstInFolder = folders.insert(file.file.directory).inserted
                rule.apply(to: file, line: line, isFirst: isFirst, isFirstInFolder: isFirstInFolder, &project)
                isFirst = false
            }
        }
        return project.findings
    }
}

extension DetectorDescription.Rule {
    /// What one file says; `line` is that of the condition. What the rule itself says is reported of the first file
    /// alone, what stands in the files of each.
    fileprivate func apply(
        to file: DescribedFile, line: Int?, isFirst: Bool, isFirstInFolder: Bool, _ project: inout ProjectFindings
    ) {
        let whole = Evidence(file.file.path, line: line)
        let directory = file.file.directory
        // Commands belong to the nearest file; for one that is named by its path they run in the root.
        let isNamedByPath = files.contains { $0.contains("/") }
        let folder = isNamedByPath ? "" : directory
        /// Nil where the command takes the file's name, and a shell reads that for more than a name.
        func filledIn(_ command: String) -> String? {
            guard command.contains("{file}") || command.contains("{stem}") else { return command }
            let path = isNamedByPath ? file.file.path : file.file.name
            guard shellQuoted(path) == path, !path.hasPrefix("-") else { return nil }
            let stem = path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path
            return command.replacing(text: "{file}", with: path).replacing(text: "{stem}", with: stem)
        }

        if isFirst, let language { project.language(language, whole) }
        for toolchain in toolchains where toolchain.value != nil || isFirst {
            for (text, evidence) in toolchain.value == nil ? [("", whole)] : file.texts(toolchain.value) {
                project.add(
                    .toolchain(
                        ToolchainFinding(
                            tool: toolchain.tool, kind: toolchain.kind, constraint: text, dialect: toolchain.dialect,
                            evidence: evidence)))
            }
        }
        if isFirstInFolder, let packageManager {
            let lockfile = packageManager.lockfiles.lazy.map { joinPath(directory, $0) }
                .first(where: project.repository.contains)
            let version = packageManager.version.flatMap { file.texts($0).first }
            project.packageManager(
                packageManager.name, version: version?.text, lockfile: lockfile, in: directory,
                version?.evidence ?? lockfile.map { Evidence($0) } ?? whole)
        }
        for (member, evidence) in members?.directories(in: file) ?? [] {
            project.member(in: member, of: members?.workspace ?? "", evidence)
        }
        for need in needs where isFirst || !need.names.isLiteral {
            for (text, evidence) in file.texts(need.names) {
                let place = need.names.isLiteral ? whole : evidence
                for name in text.split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
                    project.system(need.requirement(String(name)), need.phase, place)
                }
            }
        }
        for (name, command) in tasks where isFirst {
            guard let command = filledIn(command) else { continue }
            project.task(name, command, .inferred, in: folder, whole)
        }
        if let commands {
            for (name, evidence) in file.texts(commands.names) {
                let command = commands.run.replacing(text: "{name}", with: shellQuoted(name))
                project.task(name, command, .declared, in: folder, evidence)
            }
        }
        for (text, evidence) in file.texts(ports) {
            guard let port = Int(text), (1...65_535).contains(port) else { continue }
            project.add(.port(PortFinding(port, evidence: ports?.isLiteral == true ? whole : evidence)))
        }
        for (name, value) in variables {
            for (text, evidence) in file.texts(value).prefix(1) {
                project.add(.variable(VariableFinding(name, value: text, evidence: evidence)))
            }
        }
        for (name, version) in services {
            let found = version.flatMap { file.texts($0).first }
            project.service(name, version: found?.text, found?.evidence ?? whole)
        }
        for (name, evidence) in file.texts(suggestions) {
            project.service(name, isSuggestion: true, suggestions?.isLiteral == true ? whole : evidence)
        }
    }
}

extension DetectorDescription.Members {
    /// The folders of the members that a workspace's file names.
    fileprivate func directories(in file: DescribedFile) -> [(directory: String, evidence: Evidence)] {
        let name = manifest ?? file.file.name
        var seen: Set<String> = []
        var result: [(String, Evidence)] = []
        for (text, evidence) in file.texts(folders) {
            let parts = text.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
            guard !parts.isEmpty, !parts.contains("..") else { continue }
            let paths = file.repository.paths(matching: joinPath(file.file.directory, parts) + "/" + name)
            for path in paths {
                let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
                if seen.insert(directory).inserted { result.append((directory, evidence)) }
            }
        }
        return result
    }
}

extension DetectorDescription.Value {
    /// Whether the description itself names the texts.
    var isLiteral: Bool {
        if case .literal = place { true } else { false }
    }
}
