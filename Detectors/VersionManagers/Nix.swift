//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// What a package of Nix is elsewhere.
struct NixPackage: Hashable {
    /// The tool whose versions findings compare.
    var tool: String?
    /// The service that the package is the server of.
    var service: String?
    /// The version that its name carries: `3.11` in `python311`, `20` in `nodejs_20`.
    var version: String?
    /// What it is on Debian.
    var needs: [SystemRequirement] = []
}

/// Looks up a package by its name in Nixpkgs, with or without a version in it; nil where it is not known.
func nixPackage(_ name: String) -> NixPackage? {
    let name = name.lowercased()
    if let row = table[name] { return NixPackage(row, version: nil) }
    // `python311Full`, `nodejs_20`, `nodejs-18_x`, `go_1_22`, `jdk17_headless`, `postgresql_15`.
    let stem = name.prefix { !$0.isNumber }
    let base = String(stem.reversed().drop { $0 == "_" || $0 == "-" }.reversed())
    let rest = name[stem.endIndex...]
    guard !rest.isEmpty, let row = table[base] else { return nil }
    let digits = rest.prefix { $0.isNumber || $0 == "_" }.split(separator: "_").map(String.init)
    return NixPackage(row, version: digits.isEmpty ? nil : version(digits, of: base))
}

/// `311` is Python 3.11, `83` PHP 8.3, `27` Erlang 27.
private func version(_ digits: [String], of name: String) -> String {
    guard digits.count == 1, let only = digits.first, only.utf8.count > 1,
        ["python", "php", "ruby", "lua", "perl", "ghc"].contains(name)
    else { return digits.joined(separator: ".") }
    return "\(only.prefix(1)).\(only.dropFirst())"
}

extension NixPackage {
    fileprivate init(_ row: String, version: String?) {
        self.version = version
        for word in row.split(separator: " ") {
            if word.hasPrefix("tool:") {
                tool = String(word.dropFirst(5))
            } else if word.hasPrefix("service:") {
                service = String(word.dropFirst(8))
            } else {
                needs.append(SystemRequirement(tableName: String(word)))
            }
        }
    }
}

extension VersionManagerSurvey {
    /// Reads what Nix's files say in plain words: the names in lists of packages, and devenv's switches. An expression
    /// is not evaluated, so that all of it is a hint.
    mutating func readNix() {
        for path in ["flake.nix", "shell.nix", "default.nix", "devenv.nix", "nix/shell.nix"]
        where repository.contains(path) {
            guard let bytes = repository.bytes(path), bytes.count < 1_000_000 else { continue }
            let file = NixFile(bytes)
            for (name, line) in file.packages {
                readPackage(name, "", Evidence(path, line: line), kind: .hint, isMember: true)
            }
            readSwitches(file, path)
        }
    }

    /// devenv's `languages.NAME.enable = true;`, `services.NAME.enable = true;` and `env.NAME = "…";`
    /// ([options](https://devenv.sh/reference/options/)).
    private mutating func readSwitches(_ file: NixFile, _ path: String) {
        func value(_ kind: String, _ name: String, _ key: String) -> String? {
            file.assignments.first { Array($0.path.suffix(3)) == [kind, name, key] }?.value
        }
        for assignment in file.assignments {
            let evidence = Evidence(path, line: assignment.line)
            if assignment.path.suffix(2).first == "env", let name = assignment.path.last, isVariableName(name) {
                let isLiteral = assignment.isString && !assignment.value.contains("$")
                project.add(
                    .variable(
                        VariableFinding(name, value: isLiteral ? assignment.value : nil, evidence: evidence)))
            }
            guard assignment.path.count >= 3, assignment.path.last == "enable", assignment.value == "true" else {
                continue
            }
            let kind = assignment.path[assignment.path.count - 3]
            let name = assignment.path[assignment.path.count - 2]
            let package = value(kind, name, "package").flatMap { $0.split(separator: ".").last }
                .flatMap { nixPackage(String($0)) }
            if kind == "services" {
                project.service(serviceName(name), version: package?.version, evidence)
            } else if kind == "languages", let tool = devenvLanguages[name] {
                let version = value(kind, name, "version") ?? package?.version
                pin(tool, [version ?? "latest"], evidence, kind: .hint, isMember: true)
            }
        }
    }
}

private let table = DataTable("VersionManagers/nixpkgs.tsv").dictionary
private let devenvLanguages: [String: String] = [
    "python": "python", "javascript": "node", "typescript": "node", "go": "go", "rust": "rust", "ruby": "ruby",
    "java": "java", "php": "php", "elixir": "elixir", "erlang": "erlang", "haskell": "ghc", "zig": "zig",
    "deno": "deno", "dotnet": "dotnet", "kotlin": "kotlin", "scala": "scala", "swift": "swift", "perl": "perl",
    "ocaml": "ocaml", "julia": "julia", "r": "r", "lua": "lua", "crystal": "crystal", "dart": "dart",
    "terraform": "terraform", "opentofu": "opentofu",
]
