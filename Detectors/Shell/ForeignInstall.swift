//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The Debian packages for those that a command installs on another distribution, as far as they are known, each with
/// the other's name; nil for any other command.
func packagesForForeign(installedBy call: [String]) -> [(debian: String, foreign: String)]? {
    var rest = call[...]
    guard let program = rest.popFirst()?.split(separator: "/").last, let manager = managers[String(program)] else {
        return nil
    }
    var isInstalling = false
    var found: [(debian: String, foreign: String)] = []
    while let word = rest.popFirst() {
        if word.hasPrefix("-") {
            if manager.optionsWithValue.contains(word) { rest = rest.dropFirst() }
        } else if !isInstalling {
            guard manager.verbs.contains(word) else { return nil }
            isInstalling = true
        } else {
            // `name=1.2-r0`, `name~1.2`, `name@repository`.
            let name = String(word.prefix { !"=~<>@".contains($0) })
            guard let packages = manager.table[name] ?? manager.table[name.lowercased()] else { continue }
            found += packages.split(separator: " ").map { (String($0), name) }
        }
    }
    return isInstalling ? found : nil
}

private struct ForeignManager: Sendable {
    let verbs: Set<String>
    let optionsWithValue: Set<String>
    let table: [String: String]
}

private let alpine = DataTable("Lists/alpine.tsv").dictionary
private let fedora = DataTable("Lists/fedora.tsv").dictionary
private let homebrew = DataTable("Lists/homebrew.tsv").dictionary
private let fedoraManager = ForeignManager(
    verbs: ["install", "localinstall"], optionsWithValue: ["-c", "--setopt", "--releasever", "-x", "--installroot"],
    table: fedora)
private let managers: [String: ForeignManager] = [
    "apk": ForeignManager(
        verbs: ["add"], optionsWithValue: ["-t", "--virtual", "-X", "--repository", "-p", "--root"], table: alpine),
    "dnf": fedoraManager, "yum": fedoraManager, "microdnf": fedoraManager, "dnf5": fedoraManager,
    "zypper": ForeignManager(verbs: ["install", "in"], optionsWithValue: ["-r", "--repo"], table: fedora),
    "brew": ForeignManager(verbs: ["install"], optionsWithValue: [], table: homebrew),
]
