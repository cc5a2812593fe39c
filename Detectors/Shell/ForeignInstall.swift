//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// What a package that a command installs on another distribution is on Debian.
struct ForeignNeed {
    let need: SystemRequirement
    /// The package's name there.
    let name: String
}

/// What the packages are on Debian that a command installs on another distribution, as far as that is known; nil for any
/// other command.
func needsForForeign(installedBy call: [String]) -> [ForeignNeed]? {
    var rest = call[...]
    guard let program = rest.popFirst()?.split(separator: "/").last, let manager = managers[String(program)] else {
        return nil
    }
    var isInstalling = false
    var found: [ForeignNeed] = []
    while let word = rest.popFirst() {
        if word.hasPrefix("-") {
            // pacman's verb is an option: `-S`, `-Syu`.
            if program == "pacman", !word.hasPrefix("--") {
                guard word.hasPrefix("-S") || isInstalling else { return nil }
                isInstalling = true
            }
            if word == "--sync" { isInstalling = true }
            if manager.optionsWithValue.contains(word) { rest = rest.dropFirst() }
        } else if !isInstalling {
            guard manager.verbs.contains(word) else { return nil }
            isInstalling = true
        } else {
            let name = String(word.prefix { !"=~<>@".contains($0) })
            found += manager.naming.needs(of: word).map { ForeignNeed(need: $0, name: name) }
        }
    }
    return isInstalling ? found : nil
}

private struct ForeignManager: Sendable {
    let verbs: Set<String>
    let optionsWithValue: Set<String>
    let naming: PackageNaming
}

private let fedoraManager = ForeignManager(
    verbs: ["install", "localinstall"], optionsWithValue: ["-c", "--setopt", "--releasever", "-x", "--installroot"],
    naming: .fedora)
private let condaManager = ForeignManager(
    verbs: ["install"], optionsWithValue: ["-n", "--name", "-c", "--channel", "-p", "--prefix", "--file", "-f"],
    naming: .conda)
private let managers: [String: ForeignManager] = [
    "apk": ForeignManager(
        verbs: ["add"], optionsWithValue: ["-t", "--virtual", "-X", "--repository", "-p", "--root"], naming: .alpine),
    "dnf": fedoraManager, "yum": fedoraManager, "microdnf": fedoraManager, "dnf5": fedoraManager,
    "zypper": ForeignManager(verbs: ["install", "in"], optionsWithValue: ["-r", "--repo"], naming: .fedora),
    "brew": ForeignManager(verbs: ["install"], optionsWithValue: [], naming: .homebrew),
    "pacman": ForeignManager(
        verbs: [], optionsWithValue: ["--ignore", "--root", "--dbpath", "--config"], naming: .arch),
    "conda": condaManager, "mamba": condaManager, "micromamba": condaManager,
]
