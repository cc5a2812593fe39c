//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers

/// Programs that tell about the system or find files.
let systemCommands: [String: ShellFunction] = [
    "uname": printSystem, "date": printDate, "find": find, "which": findPrograms, "which.debianutils": findPrograms,
    "ls": listFiles, "df": printSpace,
    "setpriv": runAsOther, "runuser": runAsOther, "run-parts": listParts,
    "sync": { (_, _) throws(ShellSignal) in 0 }, "sleep": { (_, _) throws(ShellSignal) in 0 },
    "logger": { (_, _) throws(ShellSignal) in 0 },
    // No process runs in the image.
    "pidof": { (_, _) throws(ShellSignal) in 1 }, "pgrep": { (_, _) throws(ShellSignal) in 1 },
    // dpkg runs scripts with the kernel's file systems mounted, and nothing else.
    "mountpoint": { (_, arguments) throws(ShellSignal) in
        arguments.last.map { ["/proc", "/sys", "/dev"].contains($0) } == true ? 0 : 1
    },
    // No terminal.
    "stty": { (_, _) throws(ShellSignal) in 1 }, "tty": { (_, _) throws(ShellSignal) in 1 },
    "getopt": getOptions,
    "systemd-detect-virt": { (shell, _) throws(ShellSignal) in
        try shell.write("container-other\n")
        return 0
    },
    "ischroot": { (_, _) throws(ShellSignal) in 0 },
    "env": { (shell, arguments) throws(ShellSignal) in
        guard let name = arguments.first, !name.hasPrefix("-"), !name.contains("=") else {
            throw shell.unsupported("`env`")
        }
        return try shell.invoke(name, Array(arguments.dropFirst()), skippingFunctions: true)
    },
]

private func printSystem(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    switch arguments {
    case [], ["-s"]: try shell.write("Linux\n")
    // A kernel that is new enough for whatever a script compares it with.
    case ["-r"]: try shell.write("6.12.0\n")
    case ["-m"]:
        let machines = ["amd64": "x86_64", "arm64": "aarch64", "i386": "i686", "armhf": "armv7l"]
        try shell.write((machines[shell.packages.architecture] ?? shell.packages.architecture) + "\n")
    default: throw shell.unsupported("`uname \(arguments.joined(separator: " "))`")
    }
    return 0
}

/// `df --output=avail`: space enough for whatever a script wants to put there.
private func printSpace(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    guard arguments.first == "--output=avail", arguments.dropFirst().allSatisfy({ shell.node($0) != nil }) else {
        throw shell.unsupported("`df \(arguments.joined(separator: " "))`")
    }
    try shell.write("   Avail\n" + arguments.dropFirst().map { _ in "1073741824\n" }.joined())
    return 0
}

private func printDate(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let format = arguments.first { $0.hasPrefix("+") }.map { String($0.dropFirst()) } ?? "%Y-%m-%dT%H:%M:%SZ"
    // Every date is the time of the build, in UTC; days are counted from 1970 (proleptic Gregorian calendar).
    let (days, seconds) = shell.tree.time.quotientAndRemainder(dividingBy: 86_400)
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let civilMonth = month < 10 ? month + 3 : month - 9
    func two(_ value: Int64) -> String { (value < 10 ? "0" : "") + String(value) }
    let values: [Character: String] = [
        "Y": String(yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0)), "m": two(civilMonth),
        "d": two(dayOfYear - (153 * month + 2) / 5 + 1), "H": two(seconds / 3600), "M": two(seconds / 60 % 60),
        "S": two(seconds % 60), "s": String(shell.tree.time), "Z": "UTC", "%": "%",
    ]
    var text = ""
    var rest = format[...]
    while let character = rest.popFirst() {
        guard character == "%", let conversion = rest.popFirst() else {
            text.append(character)
            continue
        }
        guard let value = values[conversion] else { throw shell.unsupported("`date` with `%\(conversion)`") }
        text += value
    }
    try shell.write(text + "\n")
    return 0
}

/// `setpriv`, `runuser`: runs what stands behind `--`, as far as that is left out by policy anyway.
private func runAsOther(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let command = arguments.drop { $0 != "--" }.dropFirst()
    guard let name = command.first, let base = name.split(separator: "/").last, skippedCommands.contains(String(base))
    else {
        throw shell.unsupported("a command as another user: `\(arguments.joined(separator: " "))`")
    }
    return try shell.invoke(name, Array(command.dropFirst()), skippingFunctions: true)
}

private func listParts(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "run-parts", in: shell, flags: ["--test", "--list", "--verbose", "--exit-on-error", "v"],
        valued: ["--arg", "a"])
    guard let directory = options.operands.first, let place = shell.tree.place(of: shell.absolute(directory)) else {
        return 1
    }
    let name = Regex(Array("^[a-zA-Z0-9_-]+$".utf8), extended: true, shell.effort)
    for entry in shell.tree.entries(of: place) where name?.firstMatch(in: entry.name) != nil {
        let path = directory + "/" + (try shell.text(entry.name))
        guard let node = shell.node(path), node.isFile else { continue }
        if options.has("--list") || (options.has("--test") && node.mode & 0o111 != 0) {
            try shell.write(path + "\n")
        } else if !options.has("--test"), node.mode & 0o111 != 0 {
            let status = try shell.invoke(
                path, [options["--arg"] ?? options["a"]].compactMap { $0 }, skippingFunctions: true)
            if status != 0 { return status }
        }
    }
    return 0
}

private func findPrograms(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    var result = 0
    for name in arguments where !name.hasPrefix("-") {
        if let path = shell.program(name) { try shell.write(path + "\n") } else { result = 1 }
    }
    return result
}

private func listFiles(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(arguments, of: "ls", in: shell, flags: ["1", "A", "a", "d", "L"])
    var result = 0
    for operand in options.operands.isEmpty ? ["."] : options.operands {
        guard let node = shell.node(operand) else {
            result = try shell.fail("ls", "cannot access \(operand)") + 1
            continue
        }
        if node.isDirectory, !options.has("d"), let place = shell.tree.place(of: shell.absolute(operand)) {
            guard options.operands.count <= 1 else { throw shell.unsupported("`ls` of several directories") }
            let names = shell.tree.entries(of: place).map(\.name)
            let shown = names.filter { options.has("A") || $0.first != UInt8(ascii: ".") }
            try shell.write(joined(options.has("a") ? [[0x2E], [0x2E, 0x2E]] + names : shown))
        } else {
            try shell.write(operand + "\n")
        }
    }
    return result
}

// MARK: find

private indirect enum FindTest {
    case name(String), path(String), type(String), minimumDepth, isEmpty, mode(UInt16), user(UInt32), group(UInt32)
    case not(FindTest), either([[FindTest]])
    case print(UInt8), format(String), delete, prune, quit
    case execute([String])
}

/// `find PATH… TESTS` with the tests that scripts use; `-exec … \;`, `-exec … +`, `-delete`, `-print0`.
private func find(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    var words = arguments[...]
    while let word = words.first, word == "-L" || word == "-H" || word == "-P" { words.removeFirst() }
    let follows = arguments.first == "-L"
    var roots: [String] = []
    while let word = words.first, !word.hasPrefix("-"), word != "!", word != "(" { roots.append(words.removeFirst()) }
    if roots.isEmpty { roots = ["."] }
    var depths = 0...Int.max
    var alternatives = try parseTests(&words, &depths, shell)
    guard words.isEmpty else { throw shell.unsupported("`find \(arguments.joined(separator: " "))`") }
    let acts = alternatives.joined().contains { test in
        switch test {
        case .print, .format, .delete, .execute, .quit: true
        default: false
        }
    }
    if !acts {
        alternatives =
            alternatives.count == 1 ? [alternatives[0] + [.print(0x0A)]] : [[.either(alternatives), .print(0x0A)]]
    }
    var result = 0
    for root in roots {
        guard shell.node(root, followingLast: true) != nil else {
            result = try shell.fail("find", "‘\(root)’: No such file or directory")
            continue
        }
        let deletesFirst = alternatives.joined().contains { if case .delete = $0 { true } else { false } }
        var paths = try walk(shell, root, depth: 0, most: depths.upperBound, follows: follows)
        if deletesFirst { paths.reverse() }
        var pruned: [String] = []
        for (path, depth) in paths where depth >= depths.lowerBound {
            if pruned.contains(where: { path.hasPrefix($0 + "/") }) { continue }
            var step = FindStep()
            for tests in alternatives where try all(tests, path, &shell, follows, &step) { break }
            if step.prunes { pruned.append(path) }
            if step.quits { return result }
        }
    }
    return result
}

private struct FindStep {
    var prunes = false
    var quits = false
}

private func walk(_ shell: Shell, _ path: String, depth: Int, most: Int, follows: Bool) throws(ShellSignal) -> [(
    String, Int
)] {
    var found = [(path, depth)]
    guard depth < most, depth < 64,
        shell.node(path, followingLast: follows || (depth == 0 && path.hasSuffix("/")))?.isDirectory == true,
        let place = shell.tree.place(of: shell.absolute(path))
    else { return found }
    for entry in shell.tree.entries(of: place) {
        let child = (path.hasSuffix("/") ? path : path + "/") + (try shell.text(entry.name))
        found += try walk(shell, child, depth: depth + 1, most: most, follows: follows)
    }
    return found
}

private func parseTests(
    _ words: inout ArraySlice<String>, _ depths: inout ClosedRange<Int>, _ shell: Shell
) throws(ShellSignal) -> [[FindTest]] {
    var alternatives: [[FindTest]] = [[]]
    var negates = false
    func add(_ test: FindTest) {
        alternatives[alternatives.count - 1].append(negates ? .not(test) : test)
        negates = false
    }
    while let word = words.first, word != ")" {
        words.removeFirst()
        func operand() throws(ShellSignal) -> String {
            guard let value = words.popFirst() else { throw shell.unsupported("`find \(word)`") }
            return value
        }
        switch word {
        case "!", "-not": negates.toggle()
        case "-a", "-and", "-xdev", "-depth", "-true", "-mount", "-noleaf", "-follow": continue
        case "-o", "-or": alternatives.append([])
        case "(":
            let inner = try parseTests(&words, &depths, shell)
            guard words.popFirst() == ")" else { throw shell.unsupported("`find` without `)`") }
            add(.either(inner))
        case "-name": add(.name(try operand()))
        case "-path", "-wholename": add(.path(try operand()))
        case "-type": add(.type(try operand()))
        case "-maxdepth", "-mindepth":
            guard let number = Int(try operand()), number >= 0 else { throw shell.unsupported("`find \(word)`") }
            depths =
                word == "-maxdepth" ? min(depths.lowerBound, number)...number : number...max(number, depths.upperBound)
        case "-empty": add(.isEmpty)
        case "-print": add(.print(0x0A))
        case "-printf": add(.format(try operand()))
        case "-print0": add(.print(0))
        case "-delete": add(.delete)
        case "-prune": add(.prune)
        case "-quit": add(.quit)
        case "-user", "-uid":
            guard let uid = try shell.accounts().userID(try operand()) else { throw shell.unsupported("`find -user`") }
            add(.user(uid))
        case "-group", "-gid":
            guard let gid = try shell.accounts().groupID(try operand()) else {
                throw shell.unsupported("`find -group`")
            }
            add(.group(gid))
        case "-perm":
            guard let mode = UInt16(try operand(), radix: 8) else { throw shell.unsupported("`find -perm`") }
            add(.mode(mode))
        case "-exec":
            var command: [String] = []
            while let next = words.popFirst(), next != ";", !(next == "+" && command.last == "{}") {
                command.append(next)
            }
            add(.execute(command))
        default: throw shell.unsupported("`find \(word)`")
        }
    }
    return alternatives
}

private func all(
    _ tests: [FindTest], _ path: String, _ shell: inout Shell, _ follows: Bool, _ step: inout FindStep
) throws(ShellSignal) -> Bool {
    for test in tests where try !holds(test, path, &shell, follows, &step) { return false }
    return true
}

private func holds(
    _ test: FindTest, _ path: String, _ shell: inout Shell, _ follows: Bool, _ step: inout FindStep
) throws(ShellSignal) -> Bool {
    let node = shell.node(path, followingLast: follows)
    switch test {
    case .name(let pattern):
        return ShellPattern.matches(path.split(separator: "/").last.map(String.init) ?? "/", pattern)
    case .path(let pattern): return ShellPattern.matches(path, pattern)
    case .type(let type):
        switch type {
        case "f": return node?.isFile == true
        case "d": return node?.isDirectory == true
        case "l": return node?.isSymlink == true
        default: return false
        }
    case .minimumDepth: return true
    case .isEmpty:
        guard let node else { return false }
        if node.isDirectory, let place = shell.tree.place(of: shell.absolute(path)) {
            return shell.tree.entries(of: place).isEmpty
        }
        return node.isFile ? try shell.content(of: node).isEmpty : false
    case .mode(let mode): return node?.mode == mode
    case .user(let uid): return node?.uid == uid
    case .group(let gid): return node?.gid == gid
    case .not(let inner): return try !holds(inner, path, &shell, follows, &step)
    case .either(let alternatives):
        for tests in alternatives where try all(tests, path, &shell, follows, &step) { return true }
        return false
    case .print(let end):
        try shell.write(Array(path.utf8) + [end])
        return true
    case .format(let format):
        try shell.write(try formatted(path, format, shell))
        return true
    case .delete:
        guard let entry = shell.entry(path), shell.tree.entries(of: .entry(entry)).isEmpty else { return false }
        shell.tree.set(entry, nil)
        return true
    case .prune:
        step.prunes = true
        return true
    case .quit:
        step.quits = true
        return true
    case .execute(let command):
        let words = command.map { $0.split(separator: "{}", omittingEmptySubsequences: false).joined(separator: path) }
        guard let name = words.first else { return false }
        return try shell.invoke(name, Array(words.dropFirst()), skippingFunctions: true) == 0
    }
}

/// `-printf` with the name, the path and the directory of an entry.
private func formatted(_ path: String, _ format: String, _ shell: Shell) throws(ShellSignal) -> [UInt8] {
    var text = ""
    var rest = format[...]
    while let character = rest.popFirst() {
        guard character == "%", let conversion = rest.popFirst() else {
            text.append(character)
            continue
        }
        let slash = path.lastIndex(of: "/")
        switch conversion {
        case "p": text += path
        case "f": text += slash.map { String(path[path.index(after: $0)...]) } ?? path
        case "h": text += slash.map { String(path[..<$0]) } ?? "."
        case "%": text += "%"
        default: throw shell.unsupported("`find -printf` with `%\(conversion)`")
        }
    }
    return unescaped(Array(text.utf8), octalPrefix: false)
}
