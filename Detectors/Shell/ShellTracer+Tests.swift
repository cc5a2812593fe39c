//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension ShellTracer {
    /// The outcome of `[ … ]`, `test …` or `[[ … ]]`, where the words decide it.
    func testOutcome(_ words: [String]) -> Bool? {
        var operands = Array(words.dropFirst())
        if let last = operands.last, last == "]" || last == "]]" { operands.removeLast() }
        return outcome(operands[...])
    }

    private func outcome(_ operands: ArraySlice<String>) -> Bool? {
        if let place = operands.firstIndex(where: { $0 == "||" || $0 == "-o" }) {
            let left = outcome(operands[..<place])
            let right = outcome(operands[(place + 1)...])
            if left == true || right == true { return true }
            return left == false && right == false ? false : nil
        }
        if let place = operands.firstIndex(where: { $0 == "&&" || $0 == "-a" }) {
            let left = outcome(operands[..<place])
            let right = outcome(operands[(place + 1)...])
            if left == false || right == false { return false }
            return left == true && right == true ? true : nil
        }
        if operands.first == "!" { return outcome(operands.dropFirst()).map { !$0 } }
        let words = Array(operands)
        switch words.count {
        case 1:
            return words[0].contains("$") ? nil : !words[0].isEmpty
        case 2:
            let isKnown = !words[1].contains("$")
            switch words[0] {
            case "-n": return isKnown ? !words[1].isEmpty : nil
            case "-z": return isKnown ? words[1].isEmpty : nil
            case "-f", "-e", "-r", "-s", "-x": return isKnown ? fileOutcome(words[1]) : nil
            default: return nil
            }
        case 3:
            guard !words[0].contains("$"), !words[2].contains("$") else { return nil }
            switch words[1] {
            case "=", "==": return matchesShellPattern(words[0], words[2])
            case "!=": return !matchesShellPattern(words[0], words[2])
            case "-eq": return Int(words[0]).flatMap { left in Int(words[2]).map { left == $0 } }
            case "-ne": return Int(words[0]).flatMap { left in Int(words[2]).map { left != $0 } }
            case "-gt": return Int(words[0]).flatMap { left in Int(words[2]).map { left > $0 } }
            case "-lt": return Int(words[0]).flatMap { left in Int(words[2]).map { left < $0 } }
            default: return nil
            }
        default:
            return nil
        }
    }

    /// A path of the repository is there or not; of the machine only what tells distributions apart is known.
    private func fileOutcome(_ path: String) -> Bool? {
        if !path.hasPrefix("/") { return repository.contains(folder(path)) ? true : nil }
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        if debianFiles.contains(path) { return true }
        return foreignFiles.contains(path) || foreignManagers.contains(name) ? false : nil
    }

    /// Whether a program that a condition asks for is on Debian; nil for any other command.
    func availability(_ words: [String]) -> Bool? {
        let names: [String]
        switch words.first {
        case "command" where words.dropFirst().first?.lowercased() == "-v": names = Array(words.dropFirst(2))
        case "which", "type", "hash": names = words.dropFirst().filter { !$0.hasPrefix("-") }
        default: return nil
        }
        guard let name = names.first else { return nil }
        if ["apt-get", "apt", "dpkg", "apt-cache", "aptitude"].contains(name) { return true }
        return foreignManagers.contains(name) ? false : nil
    }
}

/// Whether `text` matches a pattern of `*` and `?`, as `case` and `[[` do.
func matchesShellPattern(_ text: String, _ pattern: String) -> Bool {
    let text = Array(text.utf8)
    let pattern = Array(pattern.utf8)
    var (index, place) = (0, 0)
    var retry: (index: Int, place: Int)?
    while true {
        if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
            place += 1
            retry = (index, place)
        } else if index < text.count, place < pattern.count,
            pattern[place] == UInt8(ascii: "?") || pattern[place] == text[index]
        {
            index += 1
            place += 1
        } else if index == text.count, place == pattern.count {
            return true
        } else if let last = retry, last.index < text.count {
            retry = (last.index + 1, last.place)
            index = last.index + 1
            place = last.place
        } else {
            return false
        }
    }
}

private let debianFiles: Set<String> = ["/etc/debian_version", "/usr/bin/apt-get", "/usr/bin/apt", "/etc/os-release"]
private let foreignFiles: Set<String> = [
    "/etc/redhat-release", "/etc/fedora-release", "/etc/alpine-release", "/etc/arch-release", "/etc/centos-release",
    "/etc/SuSE-release", "/etc/gentoo-release",
]
private let foreignManagers: Set<String> = [
    "brew", "yum", "dnf", "microdnf", "apk", "pacman", "zypper", "pkg", "port", "choco", "emerge", "xbps-install",
    "conda",
    "mamba", "nix-env", "sw_vers", "xcode-select",
]
