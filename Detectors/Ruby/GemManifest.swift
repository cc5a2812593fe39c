//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// What a `Gemfile` or a gemspec says, call by call.
struct GemManifest {
    /// A gem that is asked for.
    struct Gem {
        let name: String
        let version: String
        let isForDevelopment: Bool
        /// Whether it is part of the tests' environment, not a tool of developers or for another system.
        let isWanted: Bool
        let line: Int
    }

    private(set) var gems: [Gem] = []
    /// Constraints on Ruby.
    private(set) var rubies: [(constraint: String, isPin: Bool, line: Int)] = []
    /// Another implementation and its version.
    private(set) var engine: (name: String, version: String, line: Int)?
    /// The file from which Ruby's version is read.
    private(set) var rubyFile: String?

    /// Calls such as `gem "rails", "~> 7.1"`, `ruby "3.2.1"`, `spec.add_development_dependency "rspec"`.
    init(_ path: String, _ repository: Repository) {
        let isGemfile = !path.hasSuffix(".gemspec")
        // The blocks that are open: whether each is left out, and whether it is for development.
        var blocks: [(isLeftOut: Bool, isForDevelopment: Bool)] = []
        for (index, line) in repository.lines(path).enumerated() {
            let text = line.prefix { $0 != "#" }.trimmingSpaces
            if text == "end" || text.hasPrefix("end ") { _ = blocks.popLast() }
            if text.hasSuffix(" do") || text.hasPrefix("if ") || text.hasPrefix("unless ") || text.hasPrefix("case ") {
                blocks.append((isLeftOut(text), isDevelopmentGroup(text)))
                continue
            }
            let strings = rubyStrings(text)
            if isGemfile, text.hasPrefix("ruby ") || text.hasPrefix("ruby(") {
                readRuby(text, strings, index + 1)
            } else if !isGemfile, text.range(ofText: "required_ruby_version") != nil {
                let constraint = strings.joined(separator: ", ")
                if !constraint.isEmpty { rubies.append((constraint, false, index + 1)) }
            } else if let name = strings.first, !isConstraint(name), isDependency(text),
                text.range(ofText: "path:") == nil,
                text.range(ofText: ":path") == nil
            {
                let groups = text.range(ofText: "group").map { isDevelopmentGroup(String(text[$0...])) } ?? false
                let isForDevelopment =
                    text.range(ofText: "add_development_dependency") != nil || groups
                    || blocks.contains { $0.isForDevelopment }
                gems.append(
                    Gem(
                        name: name, version: strings.dropFirst().first { isConstraint($0) } ?? "",
                        isForDevelopment: isForDevelopment,
                        isWanted: !blocks.contains { $0.isLeftOut } && isForTests(name, text), line: index + 1))
            }
        }
    }

    private mutating func readRuby(_ text: String, _ strings: [String], _ line: Int) {
        if text.range(ofText: "file:") != nil {
            rubyFile = strings.first
            return
        }
        let constraint = strings.prefix { isConstraint($0) }.joined(separator: ", ")
        if let name = strings.first(where: { $0 == "jruby" || $0 == "truffleruby" }) {
            engine = (name, strings.last.flatMap { isConstraint($0) ? $0 : nil } ?? "", line)
        } else if !constraint.isEmpty {
            rubies.append((constraint, constraint.first?.isNumber == true, line))
        }
    }
}

/// Whether a block is for another implementation or system, or for a group that tests do without.
private func isLeftOut(_ head: String) -> Bool {
    let words = head.split { !$0.isLetter && $0 != "_" }.map { $0.lowercased() }
    guard let call = words.first else { return false }
    let names = words.dropFirst().filter { $0 != "do" && $0 != "optional" && $0 != "true" }
    switch call {
    case "platform", "platforms":
        return !names.contains { $0 == "mri" || $0 == "ruby" || $0.hasPrefix("mri_") || $0.hasPrefix("ruby_") }
    case "group": return !names.isEmpty && names.allSatisfy { groupsOfOthers.contains($0) }
    case "if", "unless":
        let isForOthers = names.contains { $0 == "jruby" || $0 == "truffleruby" || $0 == "windows" || $0 == "rbx" }
        return isForOthers && call == "if"
    default: return false
    }
}

/// Whether a block or an option names groups for tests and development only.
private func isDevelopmentGroup(_ text: String) -> Bool {
    let words = text.split { !$0.isLetter && $0 != "_" }.map(String.init)
    guard words.first == "group" || words.first == "groups" else { return false }
    let names = words.dropFirst().filter { $0 != "do" && $0 != "optional" && $0 != "true" }
    let groups: Set<String> = ["test", "tests", "development", "dev", "development_test", "ci"]
    return !names.isEmpty && names.allSatisfy { groups.contains($0) || groupsOfOthers.contains($0) }
}

private func isDependency(_ text: String) -> Bool {
    text.hasPrefix("gem ") || text.hasPrefix("gem(") || text.range(ofText: "add_dependency") != nil
        || text.range(ofText: "add_runtime_dependency") != nil
        || text.range(ofText: "add_development_dependency") != nil
}

private func isConstraint(_ text: String) -> Bool { text.first.map { $0.isNumber || "~<>=!".contains($0) } ?? false }

private func isForTests(_ name: String, _ text: String) -> Bool {
    if toolsOfDevelopers.contains(name) || name.hasPrefix("rubocop") { return false }
    if text.range(ofText: "platforms:") != nil || text.range(ofText: "platform:") != nil {
        return ["mri", ":ruby", "_linux"].contains { text.range(ofText: $0) != nil }
    }
    return true
}

/// The string literals of a line of Ruby without interpolation, `%q<a>` as RubyGems writes them included.
func rubyStrings(_ line: String) -> [String] {
    var strings: [String] = []
    var rest = line[...]
    while let open = rest.firstIndex(where: { $0 == "\"" || $0 == "'" || $0 == "%" }) {
        var quote = rest[open]
        var body = rest[rest.index(after: open)...]
        if quote == "%" {
            guard body.first == "q" || body.first == "Q", let bracket = body.dropFirst().first,
                let end = brackets[bracket]
            else {
                rest = body
                continue
            }
            quote = end
            body = body.dropFirst(2)
        }
        guard let close = body.firstIndex(of: quote) else { break }
        if !body[..<close].contains("#") { strings.append(String(body[..<close])) }
        rest = body[body.index(after: close)...]
    }
    return strings
}

private let brackets: [Character: Character] = ["<": ">", "(": ")", "[": "]", "{": "}"]
private let groupsOfOthers: Set<String> = [
    "benchmark", "benchmarks", "bench", "site", "docs", "doc", "documentation", "lint", "rubocop", "release", "deploy",
    "profile", "profiling", "debug", "jekyll_optional_dependencies", "kitchen", "changelog", "maintenance",
]
private let toolsOfDevelopers: Set<String> = [
    "bundler", "pry", "pry-byebug", "byebug", "debug", "yard", "codecov", "coveralls", "solargraph", "ruby-lsp",
    "overcommit",
    "guard", "guard-rspec", "standard", "reek", "brakeman", "steep", "rbs", "sorbet", "redcarpet",
    "github_changelog_generator",
]
