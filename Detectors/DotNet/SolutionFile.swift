//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import JSON

/// A solution: the projects that are built together.
struct SolutionFile {
    let file: CheckoutFile
    /// Names and paths of projects, relative to the repository's root, in the order of the file.
    private(set) var projects: [(path: String, evidence: Evidence)] = []
    private var known: Set<String> = []

    init(_ file: CheckoutFile, _ repository: Repository) {
        self.file = file
        if file.name.hasSuffix(".slnx") {
            guard let root = repository.xml(file.path) else { return }
            for element in root.descendants(named: "Project") {
                if let path = element.attributes["Path"] { add(path, line: element.line, repository) }
            }
        } else if file.name.hasSuffix(".slnf") {
            let solution = repository.json(file.path)?["solution"]
            let folder = parentPath((solution?["path"]?.string ?? "").replacing(text: "\\", with: "/"))
            for node in solution?["projects"]?.array ?? [] {
                if let path = node.string { add(joinPath(folder, slashes(path)), line: node.line, repository) }
            }
        } else {
            for (index, line) in repository.lines(file.path).enumerated() where line.hasPrefix("Project(") {
                // `Project("{type}") = "name", "path", "{id}"`
                let strings = rubyStrings(line.replacing(text: "#", with: "\u{1}"))
                if strings.count > 2 {
                    add(strings[2].replacing(text: "\u{1}", with: "#"), line: index + 1, repository)
                }
            }
        }
    }

    private func slashes(_ path: String) -> String { path.replacing(text: "\\", with: "/") }

    private mutating func add(_ path: String, line: Int, _ repository: Repository) {
        let target = joinPath(file.directory, slashes(path))
        guard isProject(target), repository.contains(target), known.insert(target).inserted else { return }
        projects.append((target, Evidence(file.path, line: line)))
    }
}

/// Whether the path is that of a project in a language of .NET.
func isProject(_ path: String) -> Bool {
    path.hasSuffix(".csproj") || path.hasSuffix(".fsproj") || path.hasSuffix(".vbproj")
}
