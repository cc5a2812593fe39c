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
        /// The line of the first command.
        let line: Int
    }

    /// The makefile.
    let path: String
    /// The targets in the order of the file, with the lines of their rules.
    private(set) var targets: [(name: String, line: Int)] = []
    private var prerequisites: [String: [String]] = [:]
    private var recipes: [String: Recipe] = [:]
    private var variables: [String: String] = ["MAKE": "make", "SHELL": "/bin/sh", "CURDIR": "/workspace"]

    /// Reads the makefile of `directory`; nil where there is none.
    init?(in directory: String, of repository: Repository) {
        let paths = ["GNUmakefile", "makefile", "Makefile"].map { joinPath(directory, $0) }
        guard let path = paths.first(where: repository.contains) else { return nil }
        self = repository.derived(MakeRules.self, from: path) { MakeRules(path, repository.lines(path)) }
    }

    private init(_ path: String, _ lines: [String]) {
        self.path = path
        read(lines)
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

    private mutating func read(_ lines: [String]) {
        var current: [String] = []
        var recipe: (script: [String], line: Int)?
        func finished(_ names: [String]) -> [(String, Recipe)] {
            guard let recipe else { return [] }
            return names.map {
                ($0, Recipe(target: $0, script: recipe.script.joined(separator: "\n"), line: recipe.line))
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
                current = readHead(line, at: index + 1)
            }
        }
        for (name, value) in finished(current) where recipes[name] == nil { recipes[name] = value }
    }

    /// Reads an assignment or the head of a rule; the rule's targets.
    private mutating func readHead(_ line: String, at number: Int) -> [String] {
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
            if prerequisites[name] == nil { targets.append((name, number)) }
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
