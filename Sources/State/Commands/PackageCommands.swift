//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers
import Versions

/// dpkg's own programs, as maintainer scripts call them.
let packageCommands: [String: ShellFunction] = [
    "dpkg": dpkg, "dpkg-query": query, "dpkg-divert": divert, "dpkg-statoverride": overrideAttributes,
    "dpkg-trigger": trigger, "dpkg-maintscript-helper": maintainConffiles,
    // The cache is written once, when all scripts have run.
    "ldconfig": { (_, _) throws(ShellSignal) in 0 },
]

private func dpkg(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    switch arguments.first {
    case "--compare-versions"?:
        let operands = arguments.dropFirst().filter { $0 != "--" }
        guard operands.count == 3 else { throw shell.unsupported("`dpkg \(arguments.joined(separator: " "))`") }
        return try compareVersions(operands[0], operands[1], operands[2], shell) ? 0 : 1
    case "--print-architecture"?:
        try shell.write(shell.packages.architecture + "\n")
        return 0
    case "--print-foreign-architectures"?: return 0
    case _? where arguments.first?.hasPrefix("--assert-") == true || arguments.first?.hasPrefix("--validate-") == true:
        return 0
    case "-s"?, "--status"?, "-L"?, "--listfiles"?, "-l"?, "-S"?, "--search"?: return try query(&shell, arguments)
    default: throw shell.unsupported("`dpkg \(arguments.joined(separator: " "))`")
    }
}

/// `dpkg --compare-versions`: the words ending in `-nl` and the signs treat an empty version as later than any.
private func compareVersions(_ left: String, _ symbol: String, _ right: String, _ shell: Shell) throws(ShellSignal)
    -> Bool
{
    let treatsEmptyAsLater = symbol.hasSuffix("-nl")
    let relation = treatsEmptyAsLater ? String(symbol.dropLast(3)) : symbol
    let order: Int
    if left.isEmpty || right.isEmpty {
        let side = left.isEmpty && right.isEmpty ? 0 : left.isEmpty ? -1 : 1
        order = treatsEmptyAsLater ? -side : side
    } else {
        do {
            let left = try Version(left, dialect: .debian)
            let right = try Version(right, dialect: .debian)
            order = left < right ? -1 : right < left ? 1 : 0
        } catch {
            throw shell.unsupported("the version in `dpkg --compare-versions \(left) \(symbol) \(right)`")
        }
    }
    switch relation {
    case "lt", "<<": return order < 0
    case "le", "<=", "<": return order <= 0
    case "eq", "=": return order == 0
    case "ne": return order != 0
    case "ge", ">=", ">": return order >= 0
    case "gt", ">>": return order > 0
    default: throw shell.unsupported("`dpkg --compare-versions` with `\(symbol)`")
    }
}

private func query(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    if arguments.first == "--control-path" || arguments.first == "-c" {
        guard arguments.count == 3, let record = shell.packages[arguments[1]], record.progress != .absent else {
            return 1
        }
        if record.control(arguments[2]) != nil {
            try shell.write("/var/lib/dpkg/info/\(record.stem).\(arguments[2])\n")
        }
        return 0
    }
    let options = try Options(
        arguments, of: "dpkg-query", in: shell, flags: ["W", "s", "L", "l", "S", "--no-pager"], valued: ["f"],
        aliases: [
            "--show": "W", "--status": "s", "--listfiles": "L", "--list": "l", "--search": "S", "--showformat": "f",
        ])
    var result = 0
    if options.has("S") {
        for pattern in options.operands where try !searched(&shell, pattern) { result = 1 }
        return result
    }
    for name in options.operands {
        guard let record = shell.packages[name], record.progress != .absent else {
            result = try shell.fail("dpkg-query", "no packages found matching \(name)")
            continue
        }
        if options.has("L") {
            try shell.write(joined(PackageTable.listing(of: record.package)))
        } else if options.has("W") {
            try shell.write(try shown(record, options["f"] ?? "${binary:Package}\\t${Version}\\n", shell))
        } else {
            let status = "Package: \(name)\nStatus: install ok \(record.status)\nVersion: \(record.package.version)\n"
            try shell.write(options.has("l") ? "ii  \(name)  \(record.package.version)\n" : status)
        }
    }
    return result
}

/// `dpkg-query --search`: prints the packages that ship a path; a pattern without a leading slash matches anywhere.
private func searched(_ shell: inout Shell, _ text: String) throws(ShellSignal) -> Bool {
    let isPattern = ShellPattern.isPattern(text) || !text.hasPrefix("/")
    let pattern = Array((text.hasPrefix("/") || ShellPattern.isPattern(text) ? text : "*\(text)*").utf8)
    var found = false
    for record in shell.packages.records where record.progress != .absent {
        for path in PackageTable.listing(of: record.package)
        where isPattern ? ShellPattern.matches(path, pattern) : path == pattern {
            try shell.write(Array("\(record.stem): ".utf8) + path + [0x0A])
            found = true
        }
    }
    if !found { try shell.write("dpkg-query: no path found matching pattern \(text)\n", to: 2) }
    return found
}

private func shown(_ record: PackageTable.Record, _ format: String, _ shell: Shell) throws(ShellSignal) -> [UInt8] {
    var result = String(decoding: unescaped(Array(format.utf8), octalPrefix: false), as: UTF8.self)
    let package = record.package
    let conffiles = record.control("conffiles").map { String(decoding: $0, as: UTF8.self) } ?? ""
    let values = [
        "${Package}": package.name, "${binary:Package}": record.stem, "${Version}": package.version,
        "${Architecture}": package.architecture, "${Status}": "install ok \(record.status)",
        "${db:Status-Status}": record.status, "${db:Status-Want}": "install", "${db:Status-Eflag}": "ok",
        "${db:Status-Abbrev}": record.progress == .installed ? "ii " : "iU ",
        "${Conffiles}": conffiles.split(separator: "\n").map { "\n \($0) \(String(repeating: "0", count: 32))" }
            .joined(),
    ]
    for (key, value) in values.sorted(by: { $0.key < $1.key }) {
        result = result.split(separator: key, omittingEmptySubsequences: false).joined(separator: value)
    }
    guard !result.contains("${") else { throw shell.unsupported("the format `\(format)`") }
    return Array(result.utf8)
}

/// `dpkg-maintscript-helper`: its commands repair upgrades, and on a first installation change nothing.
private func maintainConffiles(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    if arguments.first == "supports" { return 0 }
    let script =
        arguments.split(separator: "--", maxSplits: 1, omittingEmptySubsequences: false).last.map(Array.init) ?? []
    let action = script.first ?? ""
    guard script.count < 2 || script[1].isEmpty || !["install", "upgrade", "configure"].contains(action) else {
        throw shell.unsupported("`dpkg-maintscript-helper \(arguments.joined(separator: " "))`")
    }
    return 0
}

private func trigger(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "dpkg-trigger", in: shell, flags: ["--no-await", "--await", "--check-supported", "--no-act"],
        valued: ["--by-package", "--admindir"])
    if options.has("--check-supported") { return 0 }
    for name in options.operands { shell.activatedTriggers.insert(name) }
    return 0
}

// MARK: Diversions

let diversionsPath = "/var/lib/dpkg/diversions"

/// A path that is moved aside for every package but one.
struct Diversion: Equatable {
    var path: String
    var divertedTo: String
    /// The package whose file keeps the path; `:` for a local diversion.
    var package: String
}

extension Shell {
    func diversions() throws(ShellSignal) -> [Diversion] {
        let lines = lines(try read(diversionsPath) ?? []).map { String(decoding: $0, as: UTF8.self) }
        return stride(from: 0, to: lines.count - lines.count % 3, by: 3).map {
            Diversion(path: lines[$0], divertedTo: lines[$0 + 1], package: lines[$0 + 2])
        }
    }

    fileprivate mutating func setDiversions(_ diversions: [Diversion]) {
        tree.makeDirectories("/var/lib/dpkg")
        tree.write(diversionsPath, joined(diversions.flatMap { [$0.path.utf8, $0.divertedTo.utf8, $0.package.utf8] }))
    }
}

private func divert(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "dpkg-divert", in: shell,
        flags: ["--add", "--remove", "--list", "--rename", "--no-rename", "--quiet", "--local"],
        valued: ["--package", "--divert", "--truename", "--listpackage", "--admindir"])
    var diversions = try shell.diversions()
    if let path = options["--listpackage"] {
        guard let diversion = diversions.first(where: { $0.path == path }) else { return 0 }
        try shell.write((diversion.package == ":" ? "LOCAL" : diversion.package) + "\n")
        return 0
    }
    if let path = options["--truename"] {
        try shell.write((diversions.first { $0.path == path }?.divertedTo ?? path) + "\n")
        return 0
    }
    if options.has("--list") {
        for diversion in diversions
        where options.operands.isEmpty || options.operands.contains(where: { ShellPattern.matches(diversion.path, $0) })
        {
            let owner = diversion.package == ":" ? "local diversion" : "diversion"
            let by = diversion.package == ":" ? "" : " by \(diversion.package)"
            try shell.write("\(owner) of \(diversion.path) to \(diversion.divertedTo)\(by)\n")
        }
        return 0
    }
    guard options.operands.count == 1, let path = options.operands.first, path.hasPrefix("/") else {
        throw shell.unsupported("`dpkg-divert \(arguments.joined(separator: " "))`")
    }
    let package =
        options.has("--local")
        ? ":" : options["--package"] ?? (shell.script.package.isEmpty ? ":" : shell.script.package)
    let existing = diversions.firstIndex { $0.path == path }
    if options.has("--remove") {
        guard let existing, diversions[existing].package == package || options["--package"] == nil else { return 0 }
        let diversion = diversions.remove(at: existing)
        if options.has("--rename"), let from = shell.entry(diversion.divertedTo), shell.entry(path) == nil,
            let to = shell.tree.place(of: path, followingLast: false)?.path
        {
            shell.rename(from, to: to)
        }
        shell.setDiversions(diversions)
        return 0
    }
    let diversion = Diversion(path: path, divertedTo: options["--divert"] ?? path + ".distrib", package: package)
    if let existing { return diversions[existing] == diversion ? 0 : 2 }
    diversions.append(diversion)
    if options.has("--rename"), let from = shell.entry(path),
        let to = shell.tree.place(of: diversion.divertedTo, followingLast: false)?.path
    {
        if shell.tree[to] == nil { shell.rename(from, to: to) }
    }
    shell.setDiversions(diversions)
    return 0
}

// MARK: Overridden attributes

/// The lines of the overrides whose path matches a pattern.
private func matching(_ pattern: String, in overrides: [String]) -> [String] {
    overrides.filter { line in
        line.split(separator: " ").last.map { ShellPattern.matches(String($0), pattern) } ?? false
    }
}

private func overrideAttributes(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "dpkg-statoverride", in: shell,
        flags: ["--add", "--remove", "--list", "--update", "--force", "--quiet", "--force-all"], valued: ["--admindir"])
    let path = "/var/lib/dpkg/statoverride"
    var overrides = lines(try shell.read(path) ?? []).map { String(decoding: $0, as: UTF8.self) }
    if options.has("--list") {
        let found = options.operands.isEmpty ? overrides : options.operands.flatMap { matching($0, in: overrides) }
        try shell.write(joined(found.map(\.utf8)))
        return found.isEmpty ? 1 : 0
    }
    if options.has("--remove") {
        let found = options.operands.flatMap { matching($0, in: overrides) }
        overrides.removeAll { found.contains($0) }
        shell.tree.write(path, joined(overrides.map(\.utf8)))
        return found.isEmpty ? 2 : 0
    }
    guard options.has("--add"), options.operands.count == 4 else {
        throw shell.unsupported("`dpkg-statoverride \(arguments.joined(separator: " "))`")
    }
    let (user, group, mode, file) = (options.operands[0], options.operands[1], options.operands[2], options.operands[3])
    let known = matching(file, in: overrides)
    if !known.isEmpty, !options.has("--force") { return 2 }
    overrides.removeAll { known.contains($0) }
    let digits = String(mode.drop { $0 == "0" })
    overrides.append("\(user) \(group) \(digits.isEmpty ? "0" : digits) \(file)")
    shell.tree.makeDirectories("/var/lib/dpkg")
    shell.tree.write(path, joined(overrides.map(\.utf8)))
    if options.has("--update"), let place = shell.tree.place(of: file)?.path, shell.tree[place] != nil {
        try shell.changeOwner(of: place, to: "\(user):\(group)")
        try shell.changeMode(of: place, to: mode)
    }
    return 0
}
