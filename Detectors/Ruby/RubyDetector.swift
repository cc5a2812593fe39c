//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads Bundler's and RubyGems' manifests
/// ([Gemfile](https://bundler.io/man/gemfile.5.html), [gemspec](https://guides.rubygems.org/specification-reference/)).
struct RubyDetector: Detector {
    let name = "ruby"
    let summary = "Gemfile, Gemfile.lock, *.gemspec, .ruby-version, Rakefile"

    func findings(in repository: Repository) -> [Finding] {
        let gemfiles = repository.manifests(named: "Gemfile")
        let specifications = repository.files(withExtension: "gemspec").filter { !repository.isSecondary($0.path) }
        guard let first = (gemfiles + specifications).min(by: { ($0.depth, $0.path) < ($1.depth, $1.path) }) else {
            return []
        }
        let directory = first.directory
        var project = ProjectFindings(repository)
        project.language("ruby", Evidence(first.path))
        project.versionFile(".ruby-version", tool: "ruby", in: directory, prefixes: ["ruby-"])
        for file in (specifications + gemfiles) where file.directory == directory { readManifest(file.path, &project) }
        readLockfile(joinPath(directory, "Gemfile.lock"), &project)
        readTasks(directory, &project)
        project.dependency(
            "bundler", .project(backend: nil, isNative: hasExtensions(directory, &project)), in: directory,
            Evidence(first.path))
        return project.findings
    }

    /// Calls such as `gem "rails", "~> 7.1"`, `ruby "3.2.1"`, `spec.add_development_dependency "rspec"`.
    private func readManifest(_ path: String, _ project: inout ProjectFindings) {
        // Whether each block that is open is left out.
        var blocks: [Bool] = []
        for (index, line) in project.repository.lines(path).enumerated() {
            let text = line.prefix { $0 != "#" }.trimmingSpaces
            let evidence = Evidence(path, line: index + 1)
            if text == "end" || text.hasPrefix("end ") { _ = blocks.popLast() }
            if text.hasSuffix(" do") || text.hasPrefix("if ") || text.hasPrefix("unless ") || text.hasPrefix("case ") {
                blocks.append(isLeftOut(text))
                continue
            }
            if blocks.contains(true) || text.range(ofText: "path:") != nil || text.range(ofText: ":path") != nil {
                continue
            }
            let strings = rubyStrings(text)
            if text.hasPrefix("ruby ") || text.hasPrefix("ruby(") {
                guard text.range(ofText: "file:") == nil else { continue }
                let constraint = strings.prefix { $0.first?.isLetter != true }.joined(separator: ", ")
                if !constraint.isEmpty {
                    project.toolchain("ruby", isExact(constraint) ? .pin : .range, constraint, evidence)
                }
            } else if text.range(ofText: "required_ruby_version") != nil {
                let constraint = strings.joined(separator: ", ")
                if !constraint.isEmpty { project.toolchain("ruby", .range, constraint, evidence) }
            } else if let name = strings.first, isDependency(text) {
                let isDevelopment = text.range(ofText: "add_development_dependency") != nil || path.hasSuffix("Gemfile")
                add(
                    name, version: strings.dropFirst().first ?? "", phase: isDevelopment ? .test : .run, text, evidence,
                    &project)
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
            return names.contains { $0 == "jruby" || $0 == "truffleruby" || $0 == "windows" || $0 == "rbx" }
                != (call == "unless")
                && names.contains { $0 == "jruby" || $0 == "truffleruby" || $0 == "windows" || $0 == "rbx" }
        default: return false
        }
    }

    private func isDependency(_ text: String) -> Bool {
        text.hasPrefix("gem ") || text.hasPrefix("gem(") || text.range(ofText: "add_dependency") != nil
            || text.range(ofText: "add_runtime_dependency") != nil
            || text.range(ofText: "add_development_dependency") != nil
    }

    private func add(
        _ name: String, version: String, phase: SystemFinding.Phase, _ text: String, _ evidence: Evidence,
        _ project: inout ProjectFindings
    ) {
        if toolsOfDevelopers.contains(name) || name.hasPrefix("rubocop") { return }
        if text.range(ofText: "platforms:") != nil || text.range(ofText: "platform:") != nil {
            guard ["mri", ":ruby", "_linux"].contains(where: { text.range(ofText: $0) != nil }) else { return }
        }
        project.system(.module(language: "ruby", name: name), phase, evidence)
        project.needs(of: name, in: gemNeeds, version: version, evidence)
    }

    /// Ruby's and Bundler's versions, and the gems that need the system.
    private func readLockfile(_ path: String, _ project: inout ProjectFindings) {
        guard project.repository.contains(path) else { return }
        project.dependency("bundler", .lockfile(path), in: parentPath(path), Evidence(path))
        var section = ""
        for (index, line) in project.repository.lines(path).enumerated() {
            if line.first?.isWhitespace == false { section = line }
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            let evidence = Evidence(path, line: index + 1)
            if section == "RUBY VERSION", words.first == "ruby", words.count > 1 {
                project.toolchain("ruby", .lock, String(words[1].prefix { $0.isNumber || $0 == "." }), evidence)
            } else if section == "BUNDLED WITH", line.first?.isWhitespace == true, let version = words.first {
                project.toolchain("bundler", .lock, version, evidence)
            } else if section == "GEM", line.hasPrefix("    "), !line.hasPrefix("      "), let name = words.first {
                project.needs(
                    of: name, in: gemNeeds, version: words.count > 1 ? words[1].filter { $0 != "(" && $0 != ")" } : "",
                    evidence)
            }
        }
    }

    private func readTasks(_ directory: String, _ project: inout ProjectFindings) {
        let repository = project.repository
        let specs = repository.files(in: joinPath(directory, "spec"))
        let rakefile = ["Rakefile", "rakefile", "Rakefile.rb"].map { joinPath(directory, $0) }.first(
            where: repository.contains)
        let rails = joinPath(directory, "bin/rails")
        if let helper = specs.first(where: { $0.name == "spec_helper.rb" || $0.name == "rails_helper.rb" }) {
            project.system(.module(language: "ruby", name: "rspec"), .test, Evidence(helper.path))
            project.task("test", "rspec", .inferred, in: directory, Evidence(helper.path))
        } else if repository.contains(rails) {
            project.task("test", "bin/rails test", .inferred, in: directory, Evidence(rails))
        } else if let rakefile {
            let lines = repository.lines(rakefile)
            let line = lines.firstIndex { $0.range(ofText: "TestTask") != nil || $0.range(ofText: "task :test") != nil }
            if let line {
                project.task("test", "rake test", .inferred, in: directory, Evidence(rakefile, line: line + 1))
            }
        }
        if let rakefile { project.system(.program("rake"), .build, Evidence(rakefile)) }
    }

    /// Whether the gem has C sources, which are built against Ruby's headers.
    private func hasExtensions(_ directory: String, _ project: inout ProjectFindings) -> Bool {
        let prefix = directory.isEmpty ? "ext/" : directory + "/ext/"
        guard let file = project.repository.files(named: "extconf.rb").first(where: { $0.path.hasPrefix(prefix) })
        else { return false }
        for package in ["ruby-dev", "gcc", "g++", "make", "libc6-dev"] {
            project.system(.package(package), reason: "C extension", Evidence(file.path))
        }
        return true
    }

    private func isExact(_ constraint: String) -> Bool { constraint.first?.isNumber == true }
}

/// The string literals of a line of Ruby without interpolation.
func rubyStrings(_ line: String) -> [String] {
    var strings: [String] = []
    var rest = line[...]
    while let open = rest.firstIndex(where: { $0 == "\"" || $0 == "'" }) {
        let quote = rest[open]
        let body = rest[rest.index(after: open)...]
        guard let close = body.firstIndex(of: quote) else { break }
        if !body[..<close].contains("#") { strings.append(String(body[..<close])) }
        rest = body[body.index(after: close)...]
    }
    return strings
}

private let gemNeeds = PackageNeeds("Ruby/system-packages.tsv")
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
