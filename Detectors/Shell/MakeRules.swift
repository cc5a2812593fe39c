//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// The rules of a makefile whose targets and recipes are written out.
struct MakeRules {
    /// The commands that make a target.
    struct Recipe {
        let target: String
        let script: String
        /// The file that holds it.
        let path: String
        /// The line of the first command.
        let line: Int
    }

    /// A target with the place of its rule.
    struct Target {
        let name: String
        let path: String
        let line: Int
    }

    /// The makefile.
    let path: String
    /// The targets in the order of the files.
    private(set) var targets: [Target] = []
    private var prerequisites: [String: [String]] = [:]
    private var recipes: [String: Recipe] = [:]
    private var variables: [String: String] = ["MAKE": "make", "SHELL": "/bin/sh", "CURDIR": "/workspace"]

    /// Reads the makefile of `directory`; nil where there is none.
    init?(in directory: String, of repository: Repository) {
        let paths = ["GNUmakefile", "makefile", "Makefile"].map { joinPath(directory, $0) }
        guard let path = paths.first(where: repository.contains) else { return nil }
        self = repository.derived(MakeRules.self, from: path) { MakeRules(path, in: directory, of: repository) }
    }

    private init(_ path: String, in directory: String, of repository: Repository) {
        self.path = path
        var included: Set<String> = [path]
        read(path, in: directory, of: repository, &included)
    }

    /// What makes `target`: the recipes of its prerequisites, then its own. Each target is made once.
    func recipes(for target: String) -> [Recipe] {
        var done: Set<String> = []
        var result: [Recipe] = []
        collect(target, &done, &result)
        return result
    }

    private func collect(_ target: String, _ done: inout Set<String>, _ result: inout [Recipe]) {
        guard done.count < 200, done.insert(target).inserted else { return }
        for prerequisite in prerequisites[target] ?? [] { collect(prerequisite, &done, &result) }
        if let recipe = recipes[target] { result.append(recipe) }
    }

    /// - Parameter included: The files that were read, so that none is read twice.
    private mutating func read(
        _ path: String, in directory: String, of repository: Repository, _ included: inout Set<String>
    ) {
        let lines = repository.lines(path)
        var current: [String] = []
        var recipe: (script: [String], line: Int)?
        func finished(_ names: [String]) -> [(String, Recipe)] {
            guard let recipe else { return [] }
            return names.map {
                ($0, Recipe(target: $0, script: recipe.script.joined(separator: "\n"), path: path, line: recipe.line))
            }
        }
        for (index, line) in lines.enumerated() {
            if line.hasPrefix("\t") {
                guard !current.isEmpty else { continue }
                let command = line.drop { $0 == "\t" || $0 == " " || $0 == "@" || $0 == "-" || $0 == "+" }
                if recipe == nil { recipe = ([], index + 1) }
                recipe?.script.append(expanded(String(command)).replacing(text: "$$", with: "$"))
            } else if line.isEmpty || line.hasPrefix("#") || line.hasPrefix("if") || line.hasPrefix("endif")
                || line.hasPrefix("else")
            {
                if recipe != nil { recipe?.script.append("") }
            } else {
                for (name, value) in finished(current) where recipes[name] == nil { recipes[name] = value }
                recipe = nil
                current = []
                let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
                guard let first = words.first, ["include", "-include", "sinclude"].contains(first) else {
                    current = readHead(line, path, at: index + 1)
                    continue
                }
                // Makefiles are included from the folder that make runs in.
                for word in expanded(words.dropFirst().joined(separator: " ")).split(separator: " ") {
                    let name =
                        word.hasPrefix("/workspace/") ? String(word.dropFirst(11)) : joinPath(directory, String(word))
                    for file in repository.paths(matching: name)
                    where included.count < 20 && included.insert(file).inserted {
                        read(file, in: directory, of: repository, &included)
                    }
                }
            }
        }
        for (name, value) in finished(current) where recipes[name] == nil { recipes[name] = value }
    }

    /// Reads an assignment or the head of a rule; the rule's targets.
    private mutating func readHead(_ line: String, _ path: String, at number: Int) -> [String] {
        if let sign = line.firstIndex(of: "="), !line[..<sign].dropLast().contains(where: { $0 == ":" }) {
            var name = line[..<sign]
            var isAppending = false
            while let last = name.last, ":?+!".contains(last) {
                isAppending = isAppending || last == "+"
                name.removeLast()
            }
            let key = name.split(separator: " ").last.map(String.init) ?? ""
            let value = expanded(line[line.index(after: sign)...].trimmingSpaces)
            variables[key] = isAppending ? [variables[key] ?? "", value].joined(separator: " ") : value
            return []
        }
        guard let colon = line.firstIndex(of: ":"), line.first?.isWhitespace == false else { return [] }
        let names = expanded(String(line[..<colon])).split(separator: " ").map(String.init)
        guard !names.contains(where: { $0.hasPrefix(".") }) else { return [] }
        let rest = line[line.index(after: colon)...].drop { $0 == ":" }.prefix { $0 != "#" && $0 != ";" }
        let needs = expanded(String(rest)).split(separator: " ").map(String.init).filter { $0 != "|" }
        for name in names {
            if prerequisites[name] == nil { targets.append(Target(name: name, path: path, line: number)) }
            prerequisites[name, default: []] += needs
        }
        return names
    }

    /// `text` with the variables of the makefile; what is not known stays.
    private func expanded(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...].dropFirst()
            guard let open = rest.first, open == "(" || open == "{" else {
                result += "$"
                if rest.first == "$" {
                    result += "$"
                    rest = rest.dropFirst()
                }
                continue
            }
            guard let close = rest.firstIndex(of: open == "(" ? ")" : "}") else {
                result += "$"
                continue
            }
            let name = String(rest[rest.index(after: rest.startIndex)..<close])
            let value = variables[name]
            result += value ?? "${\(name)}"
            rest = rest[rest.index(after: close)...]
            if result.utf8.count > 20_000 { return result }
        }
        return result + rest
    }
}
