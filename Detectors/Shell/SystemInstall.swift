//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The Debian packages that a command installs, named for this machine's architecture; nil for any other command.
func debianPackages(installedBy call: [String], input: [String] = []) -> [String]? {
    var rest = call[...]
    var words: [String] = []
    if rest.first == "xargs" {
        rest = rest.dropFirst()
        while let option = rest.first, option.hasPrefix("-") {
            rest = rest.dropFirst()
            if ["-n", "-L", "-P", "-a", "-I", "-d"].contains(option) { rest = rest.dropFirst() }
        }
        rest = programCall(Array(rest))[...]
        words = input
    }
    guard let program = rest.popFirst()?.split(separator: "/").last, debianInstallers.contains(String(program)) else {
        return nil
    }
    var isInstalling = false
    while let word = rest.popFirst() {
        if word.hasPrefix("-") {
            if optionsWithValue.contains(word) { rest = rest.dropFirst() }
        } else if !isInstalling {
            guard ["install", "satisfy", "build-dep"].contains(word) || program == "apt-install" else { return nil }
            if word == "build-dep" || word == "satisfy" { return [] }
            isInstalling = true
            if program == "apt-install" { words.append(word) }
        } else {
            words.append(word)
        }
    }
    return isInstalling ? words.compactMap(debianPackageName) : nil
}

/// The name in what apt takes for a package: `name`, `name=version`, `name/suite`, `name:architecture`, `name+`; nil for
/// files, addresses, patterns, removals, packages of another architecture and names that are not known.
func debianPackageName(_ word: String) -> String? {
    if word.hasPrefix("./") || word.hasPrefix("/") || word.contains("://") || word.hasSuffix(".deb") { return nil }
    let head = word.prefix { $0 != "=" && $0 != "/" }
    var name = head.prefix { $0 != ":" }
    let architecture = head.dropFirst(name.count).dropFirst()
    guard architecture.isEmpty || ["amd64", "native", "any", "all", "x86_64"].contains(architecture) else { return nil }
    if name.hasSuffix("+"), !name.hasSuffix("++") { name.removeLast() }
    guard name.utf8.count >= 2, let first = name.utf8.first, isLowerOrDigit(first), name.utf8.last != UInt8(ascii: "-"),
        name.utf8.allSatisfy({ isLowerOrDigit($0) || "+-.".utf8.contains($0) })
    else { return nil }
    return String(name)
}

private func isLowerOrDigit(_ byte: UInt8) -> Bool {
    (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
}

private let debianInstallers: Set<String> = [
    "apt-get", "apt", "aptitude", "apt-fast", "install_packages", "apt-install", "apt-get-install",
]

private let optionsWithValue: Set<String> = [
    "-o", "-t", "-c", "--option", "--target-release", "--default-release", "--config-file", "-a", "--host-architecture",
]
