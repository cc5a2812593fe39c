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
        var beside: [String] = []
        /// Files of which none may stand beside it.
        var without: [String] = []
        /// What must match in some line of the file.
        var condition: LinePattern?
        /// What may match in no line.
        var exclusion: LinePattern?
        /// What lines begin with, blanks aside, that are read for nothing but `key`.
        var comments: [String] = []
        /// How `key` reads the file; nil where its name tells.
        var format: Format?
        var language: String?
        var toolchains: [Toolchain] = []
        var packageManager: PackageManager?
        var members: Members?
        var needs: [Need] = []
        var tasks: [(name: String, command: String)] = []
        /// Names of commands that the file declares, and the line that runs one, with `{name}` for it.
        var commands: (names: Value, run: String)?
        var ports: Value?
        var variables: [(name: String, value: Value)] = []
        var services: [(name: String, version: Value?)] = []
        /// Services that the project may do without.
        var suggestions: Value?
    }

    /// What the file is parsed as.
    enum Format: String, Sendable, CaseIterable {
        case json, toml, yaml
    }

    /// A statement about a toolchain.
    struct Toolchain: Sendable {
        let tool: String
        let kind: StatementKind
        let dialect: VersionDialect
        /// Where the version stands; nil where only the need for the tool is stated.
        let value: Value?
    }

    /// The tool that installs the packages of the file's folder.
    struct PackageManager: Sendable {
        let name: String
        let version: Value?
        /// Names of its lockfile beside the file, of which the first that is there counts.
        let lockfiles: [String]
    }

    /// The parts of a workspace.
    struct Members: Sendable {
        let workspace: String
        /// Their folders relative to that of the file, `*` for any name.
        let folders: Value
        /// What each of them holds; nil for a file of the same name.
        let manifest: String?
    }

    /// A need of the system.
    struct Need: Sendable {
        let requirement: @Sendable (String) -> SystemRequirement
        let names: Value
        let phase: SystemFinding.Phase
    }

    /// A text in a file, and what becomes of it.
    struct Value: Sendable {
        let place: Place
        /// Put before a text that begins with a digit.
        var prefix = ""
        /// Put behind each text.
        var suffix = ""
        /// What stands for each text; one that is not there counts for nothing. Nil for the text itself.
        var map: [String: String]?

        /// What becomes of a text that is found; nil for nothing.
        func result(_ text: String) -> String? {
            guard let map else {
                return text.isEmpty ? nil : (text.first?.isNumber == true ? prefix : "") + text + suffix
            }
            // `lts-21.25` is found by `lts-21`, and `1.15.7` by `1.15`.
            var key = text[...]
            while true {
                if let known = map[String(key)] { return known.isEmpty ? nil : known }
                guard let dot = key.lastIndex(of: ".") else { return nil }
                key = key[..<dot]
            }
        }
    }

    /// Where a text stands in a file.
    enum Place: Sendable {
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
