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
    /// Debian's packages for it.
    var packages: [String] = []
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
                packages.append(String(word))
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
            readLists(path)
            if path == "devenv.nix" || path == "flake.nix" { readSwitches(path) }
        }
    }

    /// The names in `buildInputs = [ … ]`, `packages = with pkgs; [ … ]` and the like.
    private mutating func readLists(_ path: String) {
        var depth = 0
        for (index, line) in repository.lines(path).enumerated() where line.utf8.count < 2_000 {
            var text = line.prefix { $0 != "#" }
            if depth == 0 {
                guard let sign = text.firstIndex(of: "="),
                    listNames.contains(where: { text[..<sign].trimmingSpaces.hasSuffix($0) })
                        || text.range(ofText: "mkShell") != nil
                else { continue }
                guard let open = text[sign...].firstIndex(of: "[") else {
                    // The list begins on the next line.
                    depth = text.contains(";") && text.range(ofText: "with ") == nil ? 0 : -1
                    continue
                }
                depth = 0
                text = text[open...]
            } else if depth < 0 {
                guard let open = text.firstIndex(of: "[") else {
                    depth = 0
                    continue
                }
                depth = 0
                text = text[open...]
            }
            for word in text.split(whereSeparator: { $0.isWhitespace || $0 == "(" || $0 == ")" || $0 == ";" }) {
                var name = word
                while name.first == "[" {
                    depth += 1
                    name = name.dropFirst()
                }
                var closed = 0
                while name.last == "]" {
                    closed += 1
                    name = name.dropLast()
                }
                let parts = name.split(separator: ".").filter { $0 != "pkgs" }
                if depth > 0, let plain = parts.first, name.first != "\"" {
                    readPackage(String(plain), "", Evidence(path, line: index + 1), kind: .hint, isMember: true)
                }
                depth = max(depth - closed, 0)
            }
        }
    }

    /// devenv's `languages.NAME.enable = true;` and `services.NAME.enable = true;`, with versions.
    private mutating func readSwitches(_ path: String) {
        var versions: [String: String] = [:]
        var languages: [(name: String, line: Int)] = []
        for (index, line) in repository.lines(path).enumerated() where line.utf8.count < 2_000 {
            let text = line.prefix { $0 != "#" }.trimmingSpaces
            guard let sign = text.firstIndex(of: "=") else { continue }
            let words = text[..<sign].trimmingSpaces.split(separator: ".").map(String.init)
            guard words.count >= 2, words[0] == "languages" || words[0] == "services" else { continue }
            let value = text[text.index(after: sign)...].trimmingSpaces
            let isBlock = words.count == 2 && value.hasPrefix("{")
            let isEnabled = words.count == 3 && words[2] == "enable" && value.hasPrefix("true")
            if words.count == 3, words[2] == "version", let version = rubyStrings(value).first {
                versions[words[1]] = version
            }
            guard isBlock || isEnabled else { continue }
            if words[0] == "services" {
                project.service(serviceName(words[1]), Evidence(path, line: index + 1))
            } else {
                languages.append((words[1], index + 1))
            }
        }
        for (name, line) in languages {
            guard let tool = devenvLanguages[name] else { continue }
            pin(tool, [versions[name] ?? "latest"], Evidence(path, line: line), kind: .hint, isMember: true)
        }
    }
}

private let table = DataTable("VersionManagers/nixpkgs.tsv").dictionary
private let listNames = ["buildInputs", "nativeBuildInputs", "packages", "propagatedBuildInputs", "checkInputs"]
private let devenvLanguages: [String: String] = [
    "python": "python", "javascript": "node", "typescript": "node", "go": "go", "rust": "rust", "ruby": "ruby",
    "java": "java", "php": "php", "elixir": "elixir", "erlang": "erlang", "haskell": "ghc", "zig": "zig",
    "deno": "deno", "dotnet": "dotnet", "kotlin": "kotlin", "scala": "scala", "swift": "swift", "perl": "perl",
    "ocaml": "ocaml", "julia": "julia", "r": "r", "lua": "lua", "crystal": "crystal", "dart": "dart",
    "terraform": "terraform", "opentofu": "opentofu",
]
