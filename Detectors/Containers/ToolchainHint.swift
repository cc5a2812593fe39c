//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Versions

/// A version that another environment runs, as a hint; nil for words such as `latest`, for ranges, and for other
/// implementations of the language.
func toolchainHint(_ tool: String, _ text: String, evidence: Evidence) -> ToolchainFinding? {
    guard let version = testedVersion(text) else { return nil }
    return ToolchainFinding(
        tool: tool, kind: .hint, constraint: version, dialect: versionDialect(of: tool), evidence: evidence)
}

/// The release that a text such as `3.11`, `v18.x`, `1.21.*` or `temurin-17` names.
private func testedVersion(_ text: String) -> String? {
    var version = text.trimmingSpaces[...]
    for prefix in ["v", "go", "ruby-", "temurin-", "temurin@", "adopt@", "zulu@", "cpython-", "perl-"]
    where version.hasPrefix(prefix) {
        version = version.dropFirst(prefix.count)
        break
    }
    guard version.first?.isNumber == true, !version.contains(" "), !version.contains("$") else { return nil }
    for suffix in [".x", ".*", ".X", "-stable", "-slim"] where version.hasSuffix(suffix) {
        version = version.dropLast(suffix.count)
    }
    if version.hasSuffix(".x") || version.hasSuffix(".*") { version = version.dropLast(2) }
    // What is not released yet is tested, but not what the project is run with.
    for word in ["-dev", "-ea", "alpha", "beta", "rc", "-nightly", "t-dev"] where version.range(ofText: word) != nil {
        return nil
    }
    if version.last == "t" { return nil }
    guard version.allSatisfy({ $0.isNumber || $0.isLetter || ".-+_".contains($0) }) else { return nil }
    return String(version)
}

/// The rules by which versions of `tool` are read.
func versionDialect(of tool: String) -> VersionDialect {
    switch tool {
    case "python": .pep440
    case "node", "npm", "pnpm", "yarn", "bun", "deno": .npm
    case "go": .go
    case "rust": .cargo
    case "ruby", "bundler": .rubygems
    case "php", "composer": .composer
    case "maven": .maven
    case "dart", "flutter": .dart
    default: .generic
    }
}
