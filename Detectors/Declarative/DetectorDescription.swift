//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Versions

/// A detector as a YAML file describes it: which files it looks for, and what they say.
struct DetectorDescription: Sendable {
    let name: String
    let summary: String
    let rules: [Rule]

    /// What the files of some names say.
    struct Rule: Sendable {
        /// Names such as `mix.exs` and `*.gemspec`, which are found in any folder, or paths such as `ci/tools.toml`.
        let files: [String]
        /// Files of which one must stand beside a file for the rule to hold; empty for no such condition.
        let beside: [String]
        let language: String?
        let toolchains: [Toolchain]
        let needs: [Need]
        let tasks: [(name: String, command: String)]
        let variables: [(name: String, value: Value)]
        let services: [(name: String, version: Value?)]
    }

    /// A statement about a toolchain.
    struct Toolchain: Sendable {
        let tool: String
        let kind: StatementKind
        let dialect: VersionDialect
        /// Put before what is found, for example `>=`.
        let prefix: String
        /// Where the version stands; nil where only the need for the tool is stated.
        let value: Value?
    }

    /// A need of the system.
    struct Need: Sendable {
        let requirement: @Sendable (String) -> SystemRequirement
        let names: Value
        let phase: SystemFinding.Phase
    }

    /// Where a text stands in a file.
    enum Value: Sendable {
        /// The text itself.
        case literal([String])
        /// What the keys lead to in a TOML, YAML or JSON file.
        case key([String])
        /// The rest of each line that begins with a text, blanks aside.
        case line(String)
        /// The first group of a regular expression, on each line where it matches.
        case pattern(LinePattern)
        /// The first line that is neither empty nor a comment.
        case first(dropping: [String])
    }
}

/// A regular expression that is applied to one line at a time.
struct LinePattern: @unchecked Sendable {
    // `Regex` is immutable; it lacks the conformance because of the closures that builders may put into one, and this
    // one comes from text.
    private let regex: Regex<AnyRegexOutput>

    /// Reads a regular expression in Swift's syntax with one group at least; nil for anything else.
    init?(_ text: String) {
        guard let regex = try? Regex(text), text.contains("(") else { return nil }
        self.regex = regex
    }

    /// The first group; nil where the line does not match or is longer than any that people write.
    func firstGroup(in line: String) -> String? {
        guard line.utf8.count <= 2_000, let match = try? regex.firstMatch(in: line), match.output.count > 1 else {
            return nil
        }
        return match.output[1].substring.map(String.init)
    }
}
