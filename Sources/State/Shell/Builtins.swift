//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers

/// A command that runs inside the shell: its arguments in, its exit status out.
typealias ShellFunction = @Sendable (inout Shell, [String]) throws(ShellSignal) -> Int

/// The commands that the shell has whether or not the image holds a program of that name.
let builtins: [String: ShellFunction] = [
    ":": { (_, _) throws(ShellSignal) in 0 },
    "true": { (_, _) throws(ShellSignal) in 0 },
    "false": { (_, _) throws(ShellSignal) in 1 },
    "hash": { (_, _) throws(ShellSignal) in 0 },
    "wait": { (_, _) throws(ShellSignal) in 0 },
    "trap": setTrap,
    "export": { (shell, arguments) throws(ShellSignal) in
        for argument in arguments where !argument.hasPrefix("-") {
            shell.exported.insert(String(argument.prefix { $0 != "=" }))
        }
        return try declare(&shell, arguments)
    },
    "readonly": declare, "local": declareLocal,
    "echo": echo, "printf": printFormatted, "read": readWords,
    "cd": changeDirectory, "pwd": printDirectory, "umask": setMask,
    "test": test,
    "[": { (shell, arguments) throws(ShellSignal) in
        guard arguments.last == "]" else { throw shell.unsupported("`[` without `]`") }
        return try test(&shell, Array(arguments.dropLast()))
    },
    "exit": { (shell, arguments) throws(ShellSignal) in throw .exit(try shell.statusArgument(arguments)) },
    "return": { (shell, arguments) throws(ShellSignal) in throw .leaveFunction(try shell.statusArgument(arguments)) },
    "break": { (_, arguments) throws(ShellSignal) in throw .leaveLoop(levels: arguments.first.flatMap { Int($0) } ?? 1)
    },
    "continue": { (_, arguments) throws(ShellSignal) in
        throw .nextIteration(levels: arguments.first.flatMap { Int($0) } ?? 1)
    },
    "shift": { (shell, arguments) throws(ShellSignal) in
        let count = arguments.first.flatMap { Int($0) } ?? 1
        guard count >= 0, count <= shell.arguments.count else { throw .exit(2) }
        shell.arguments.removeFirst(count)
        return 0
    },
    "unset": { (shell, arguments) throws(ShellSignal) in
        for name in arguments {
            switch name {
            case "-f", "-v": continue
            default:
                if arguments.first == "-f" { shell.functions[name] = nil } else { shell.variables[name] = nil }
            }
        }
        return 0
    },
    "eval": { (shell, arguments) throws(ShellSignal) in
        try shell.execute(try Shell.parse(Array(arguments.joined(separator: " ").utf8)))
    },
    "getopts": nextOption, "set": setOptions, ".": source, "command": runCommand, "type": locate,
    "exec": { (shell, arguments) throws(ShellSignal) in
        guard let name = arguments.first else { return 0 }
        throw .exit(try shell.invoke(name, Array(arguments.dropFirst()), skippingFunctions: true))
    },
]

extension Shell {
    fileprivate func statusArgument(_ arguments: [String]) throws(ShellSignal) -> Int {
        guard let text = arguments.first else { return status }
        guard let number = Int(text) else { throw unsupported("the exit status `\(text)`") }
        return number
    }
}

// MARK: Variables

private func declare(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    for argument in arguments where !argument.hasPrefix("-") {
        if let (name, value) = assignment(argument) { shell.variables[name] = value }
    }
    return 0
}

private func declareLocal(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    for argument in arguments where !argument.hasPrefix("-") {
        let name = assignment(argument)?.name ?? argument
        shell.locals.append((name, shell.variables[name]))
        if let (name, value) = assignment(argument) { shell.variables[name] = value }
    }
    return 0
}

private func assignment(_ text: String) -> (name: String, value: String)? {
    guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    return (String(text[..<equals]), String(text[text.utf8.index(after: equals)...]))
}

private func readWords(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    var names = arguments
    var isRaw = false
    while let option = names.first, option.hasPrefix("-") {
        guard option == "-r" else { throw shell.unsupported("`read \(option)`") }
        isRaw = true
        names.removeFirst()
    }
    guard let bytes = shell.descriptors[0]?.readLine() else {
        for name in names { shell.variables[name] = "" }
        return 1
    }
    let line = try shell.text(bytes)
    if !isRaw, line.utf8.contains(UInt8(ascii: "\\")) { throw shell.unsupported("a backslash in what `read` reads") }
    let separators = Array((shell.variables["IFS"] ?? " \t\n").utf8)
    let blanks = separators.filter { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A }
    var rest = Array(line.utf8)[...]
    for (index, name) in names.enumerated() {
        rest = rest.drop { blanks.contains($0) }
        if index == names.count - 1 {
            while let last = rest.last, blanks.contains(last) { rest.removeLast() }
            shell.variables[name] = String(decoding: rest, as: UTF8.self)
        } else {
            let word = rest.prefix { !separators.contains($0) }
            shell.variables[name] = String(decoding: word, as: UTF8.self)
            rest = rest[word.endIndex...].drop { blanks.contains($0) }
            if let first = rest.first, separators.contains(first), word.endIndex == rest.startIndex {
                rest.removeFirst()
            }
        }
    }
    return 0
}

// MARK: The shell itself

/// `trap`: no signal reaches an emulated script, but it ends.
private func setTrap(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    guard let action = arguments.first, arguments.dropFirst().contains(where: { $0 == "EXIT" || $0 == "0" }) else {
        return 0
    }
    shell.exitTrap = action == "-" ? nil : try Shell.parse(Array(action.utf8))
    return 0
}

private func setOptions(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    var words = arguments[...]
    while let word = words.first {
        guard word.hasPrefix("-") || word.hasPrefix("+"), word.utf8.count > 1 else { break }
        words.removeFirst()
        if word == "--" {
            shell.arguments = Array(words)
            return 0
        }
        let value = word.hasPrefix("-")
        for option in word.dropFirst() {
            switch option {
            case "e": shell.exitsOnError = value
            case "u": shell.failsOnUnset = value
            case "f": shell.skipsGlobs = value
            case "C": shell.keepsFiles = value
            case "x", "v", "h", "a": break
            case "o":
                switch words.popFirst() {
                case "errexit"?: shell.exitsOnError = value
                case "nounset"?: shell.failsOnUnset = value
                case "noclobber"?: shell.keepsFiles = value
                case "pipefail"? where !value: break
                default: throw shell.unsupported("`set \(arguments.joined(separator: " "))`")
                }
            default: throw shell.unsupported("`set \(word)`")
            }
        }
    }
    if !words.isEmpty { shell.arguments = Array(words) }
    return 0
}

private func source(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    guard let path = arguments.first else { throw .exit(2) }
    if path == "/usr/share/debconf/confmodule" {
        guard shell.node(path) != nil else { throw .exit(2) }
        return try shell.startDebconf()
    }
    guard let content = try shell.read(path) else {
        try shell.write("\(shell.name): \(shell.line): .: cannot open \(path)\n", to: 2)
        throw .exit(2)
    }
    let parsed = try Shell.parse(content)
    let line = shell.line
    defer { shell.line = line }
    do throws(ShellSignal) {
        return try shell.execute(parsed)
    } catch {
        if case .leaveFunction(let status) = error { return status }
        throw error
    }
}

private func runCommand(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    guard let first = arguments.first else { return 0 }
    switch first {
    case "-v", "-V":
        var result = 0
        for name in arguments.dropFirst() {
            if shell.functions[name] != nil || builtins[name] != nil {
                try shell.write(name + "\n")
            } else if let path = shell.program(name) {
                try shell.write(path + "\n")
            } else {
                result = 127
            }
        }
        return result
    case "-p":
        return try shell.invoke(
            arguments.dropFirst().first ?? ":", Array(arguments.dropFirst(2)), skippingFunctions: true)
    default: return try shell.invoke(first, Array(arguments.dropFirst()), skippingFunctions: true)
    }
}

private func locate(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    try runCommand(&shell, ["-v"] + arguments)
}

private func changeDirectory(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    guard let target = arguments.last(where: { !$0.hasPrefix("-") }) else {
        throw shell.unsupported("`cd` without a directory")
    }
    let path = shell.absolute(target)
    guard let place = shell.tree.place(of: path), shell.tree.node(at: path)?.isDirectory == true else {
        try shell.write("cd: can't cd to \(target)\n", to: 2)
        return 2
    }
    shell.directory = "/" + (place.path?.description ?? "")
    return 0
}

private func printDirectory(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    try shell.write(shell.directory + "\n")
    return 0
}

private func setMask(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    guard let text = arguments.first else {
        let digits = String(shell.creationMask, radix: 8)
        try shell.write(String(repeating: "0", count: 4 - digits.utf8.count) + digits + "\n")
        return 0
    }
    guard let mask = UInt16(text, radix: 8), mask <= 0o777 else { throw shell.unsupported("`umask \(text)`") }
    shell.creationMask = mask
    return 0
}

// MARK: Output

private func echo(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    var words = arguments[...]
    var endsLine = true
    if words.first == "-n" {
        endsLine = false
        words.removeFirst()
    } else if words.first == "-e" {
        // Only bash takes `-e`; dash prints it, and interprets escapes always.
        words.removeFirst()
    }
    let text = words.joined(separator: " ")
    var bytes = Array(text.utf8)
    if bytes.contains(UInt8(ascii: "\\")) { bytes = unescaped(bytes, octalPrefix: true) }
    try shell.write(bytes + (endsLine ? [UInt8(ascii: "\n")] : []))
    return 0
}

/// Interprets `\n`, `\t`, `\\`, and octal escapes.
func unescaped(_ bytes: [UInt8], octalPrefix: Bool) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
        let byte = bytes[index]
        guard byte == UInt8(ascii: "\\"), index + 1 < bytes.count else {
            result.append(byte)
            index += 1
            continue
        }
        let next = bytes[index + 1]
        index += 2
        switch next {
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "a"): result.append(0x07)
        case UInt8(ascii: "\\"): result.append(next)
        case UInt8(ascii: "0")...UInt8(ascii: "7") where !octalPrefix || next == UInt8(ascii: "0"):
            var value = octalPrefix ? 0 : Int(next - UInt8(ascii: "0"))
            var digits = octalPrefix ? 0 : 1
            while digits < 3, index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(bytes[index]) {
                value = value * 8 + Int(bytes[index] - UInt8(ascii: "0"))
                digits += 1
                index += 1
            }
            result.append(UInt8(truncatingIfNeeded: value))
        default: result += [byte, next]
        }
    }
    return result
}

private func printFormatted(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    var words = arguments[...]
    if words.first == "--" { words.removeFirst() }
    guard let format = words.popFirst() else { return 2 }
    let template = unescaped(Array(format.utf8), octalPrefix: false)
    repeat {
        let before = words.count
        try shell.write(try formatted(template, &words, shell))
        if words.count == before { break }
    } while !words.isEmpty
    return 0
}

private func formatted(_ format: [UInt8], _ words: inout ArraySlice<String>, _ shell: Shell) throws(ShellSignal)
    -> [UInt8]
{
    var result: [UInt8] = []
    var index = 0
    while index < format.count {
        let byte = format[index]
        index += 1
        guard byte == UInt8(ascii: "%"), index < format.count else {
            result.append(byte)
            continue
        }
        var flags: [UInt8] = []
        while index < format.count, "-0123456789".utf8.contains(format[index]) {
            flags.append(format[index])
            index += 1
        }
        guard index < format.count else { return result }
        let conversion = format[index]
        index += 1
        var text: [UInt8]
        switch conversion {
        case UInt8(ascii: "%"): text = [conversion]
        case UInt8(ascii: "s"): text = Array((words.popFirst() ?? "").utf8)
        case UInt8(ascii: "b"): text = unescaped(Array((words.popFirst() ?? "").utf8), octalPrefix: true)
        case UInt8(ascii: "d"), UInt8(ascii: "i"): text = Array(String(Int(words.popFirst() ?? "0") ?? 0).utf8)
        case UInt8(ascii: "o"): text = Array(String(Int(words.popFirst() ?? "0") ?? 0, radix: 8).utf8)
        case UInt8(ascii: "x"): text = Array(String(Int(words.popFirst() ?? "0") ?? 0, radix: 16).utf8)
        default: throw shell.unsupported("`printf` with `%\(String(UnicodeScalar(conversion)))`")
        }
        let isLeft = flags.first == UInt8(ascii: "-")
        let pad: UInt8 = flags.first == UInt8(ascii: "0") ? UInt8(ascii: "0") : UInt8(ascii: " ")
        let width = Int(String(decoding: flags.drop { $0 == UInt8(ascii: "-") }, as: UTF8.self)) ?? 0
        guard width < 4096 else { throw shell.unsupported("`printf` with a width of \(width)") }
        let padding = [UInt8](repeating: pad, count: max(0, width - text.count))
        text = isLeft ? text + padding : padding + text
        result += text
    }
    return result
}

// MARK: Options

/// `getopts` (POSIX XCU getopts), one letter a time; `OPTIND` and the place within a group of letters are variables.
private func nextOption(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    guard arguments.count >= 2 else { throw shell.unsupported("`getopts`") }
    let letters = Array(arguments[0])
    let words = arguments.count > 2 ? Array(arguments[2...]) : shell.arguments
    var index = Int(shell.variables["OPTIND"] ?? "1") ?? 1
    // Where to go on in a word of several letters; a script that resets OPTIND starts at the first again.
    let saved = (shell.variables["_OPTIND"] ?? "").split(separator: ":").compactMap { Int($0) }
    var offset = saved.count == 2 && saved[0] == index ? saved[1] : 1
    func finish(_ name: String, _ argument: String?, _ status: Int) -> Int {
        shell.variables[arguments[1]] = name
        shell.variables["OPTARG"] = argument
        shell.variables["OPTIND"] = String(index)
        shell.variables["_OPTIND"] = "\(index):\(offset)"
        return status
    }
    guard index >= 1, index <= words.count else { return finish("?", nil, 1) }
    let word = Array(words[index - 1])
    guard word.count > 1, word[0] == "-", offset < word.count else { return finish("?", nil, 1) }
    if word == ["-", "-"] {
        index += 1
        return finish("?", nil, 1)
    }
    let letter = word[offset]
    offset += 1
    let place = letter == ":" ? nil : letters.firstIndex(of: letter)
    guard let place, place + 1 < letters.count, letters[place + 1] == ":" else {
        if offset == word.count { (index, offset) = (index + 1, 1) }
        return finish(place == nil ? "?" : String(letter), place == nil ? String(letter) : nil, 0)
    }
    let rest = String(word[offset...])
    (index, offset) = (index + 1, 1)
    if !rest.isEmpty { return finish(String(letter), rest, 0) }
    guard index <= words.count else { return finish(letters.first == ":" ? ":" : "?", String(letter), 0) }
    index += 1
    return finish(String(letter), words[index - 2], 0)
}
