//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// `sed`: the commands `s p d q`, `y`-free, with addresses by number, `$`, or regular expression, in place with `-i`.
func editStream(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    // `-i` takes its suffix only when joined to it.
    var arguments = arguments
    var inPlace = false
    var scripts: [String] = []
    var isQuiet = false
    var isExtended = false
    var operands: [String] = []
    while !arguments.isEmpty {
        let word = arguments.removeFirst()
        switch word {
        case "-i", "--in-place": inPlace = true
        case "-n", "--quiet", "--silent": isQuiet = true
        case "-E", "-r", "--regexp-extended": isExtended = true
        case "-ne", "-nre", "-nEe", "-re", "-Ee":
            isQuiet = word.contains("n")
            isExtended = word != "-ne"
            scripts.append(arguments.isEmpty ? "" : arguments.removeFirst())
        case "-ie":
            inPlace = true
            scripts.append(arguments.isEmpty ? "" : arguments.removeFirst())
        case "-nr", "-rn", "-nE", "-En": (isQuiet, isExtended) = (true, true)
        case "-ri", "-Ei": (inPlace, isExtended) = (true, true)
        case "-e", "--expression": scripts.append(arguments.isEmpty ? "" : arguments.removeFirst())
        case _ where word.hasPrefix("-e"): scripts.append(String(word.dropFirst(2)))
        case _ where word.hasPrefix("--expression="): scripts.append(String(word.dropFirst(13)))
        case "--":
            operands += arguments
            arguments = []
        case _ where word.hasPrefix("-") && word.utf8.count > 1: throw shell.unsupported("`sed \(word)`")
        default: operands.append(word)
        }
    }
    if scripts.isEmpty, !operands.isEmpty { scripts.append(operands.removeFirst()) }
    var parser = StreamScriptParser(
        text: Array(scripts.joined(separator: "\n").utf8), extended: isExtended, effort: shell.effort)
    guard let commands = parser.parse() else { throw shell.unsupported("`sed \(scripts.joined(separator: "; "))`") }
    guard inPlace else {
        let (bytes, status) = try shell.input(operands, of: "sed")
        try shell.write(StreamEditor(commands: commands, isQuiet: isQuiet, effort: shell.effort).run(bytes))
        return status
    }
    for operand in operands {
        guard let bytes = try shell.read(operand) else { return try shell.fail("sed", "can't read \(operand)") }
        shell.tree.write(
            shell.absolute(operand), StreamEditor(commands: commands, isQuiet: isQuiet, effort: shell.effort).run(bytes)
        )
    }
    return 0
}

private enum StreamAddress {
    case line(Int)
    case last
    case match(Regex)
}

private struct StreamCommand {
    enum Action {
        case delete, print, quit
        case substitute(Regex, replacement: [UInt8], global: Bool, prints: Bool)
        case insert([UInt8]), append([UInt8]), change([UInt8])
        case translate([UInt8], [UInt8])
        case block([StreamCommand])
    }

    var first: StreamAddress?
    var second: StreamAddress?
    var isNegated = false
    var action: Action
}

private final class StreamEditor {
    private let commands: [StreamCommand]
    private let isQuiet: Bool
    private let effort: ShellEffort
    private var output: [UInt8] = []
    private var openRanges: [[Int]: Bool] = [:]
    private var appended: [UInt8] = []
    /// Whether the last line gets its newline even if the input lacks it, as any appended text, also an empty one, does.
    private var endsLines = false

    init(commands: [StreamCommand], isQuiet: Bool, effort: ShellEffort) {
        self.effort = effort
        self.commands = commands
        self.isQuiet = isQuiet
    }

    private enum Step { case goOn, nextLine, quit }

    func run(_ bytes: [UInt8]) -> [UInt8] {
        let all = lines(bytes)
        for (index, line) in all.enumerated() {
            var text = Array(line)
            let step = apply(commands, [], &text, number: index + 1, isLast: index == all.count - 1)
            if step != .nextLine, !isQuiet { output += text + [0x0A] }
            output += appended
            appended = []
            if step == .quit { break }
        }
        if bytes.last != 0x0A, output.last == 0x0A, !bytes.isEmpty, !endsLines { output.removeLast() }
        return output
    }

    private func apply(_ commands: [StreamCommand], _ path: [Int], _ text: inout [UInt8], number: Int, isLast: Bool)
        -> Step
    {
        for (index, command) in commands.enumerated() {
            guard effort.spend(64 + text.count + appended.count) else { return .quit }
            guard selects(command, path + [index], text, number, isLast) else { continue }
            switch command.action {
            case .delete: return .nextLine
            case .print: output += text + [0x0A]
            case .quit: return .quit
            case .insert(let lines):
                effort.spend(lines.count)
                output += lines
            case .append(let lines):
                effort.spend(lines.count)
                appended += lines
                endsLines = true
            case .change(let lines):
                output += lines
                return .nextLine
            case .translate(let from, let to):
                text = text.map { byte in from.firstIndex(of: byte).map { to[$0] } ?? byte }
            case .substitute(let regex, let replacement, let global, let prints):
                let (result, changed) = substitute(text, regex, replacement, global)
                text = result
                if changed, prints { output += text + [0x0A] }
            case .block(let inner):
                let step = apply(inner, path + [index], &text, number: number, isLast: isLast)
                if step != .goOn { return step }
            }
        }
        return .goOn
    }

    private func matches(_ address: StreamAddress, _ text: [UInt8], _ number: Int, _ isLast: Bool) -> Bool {
        switch address {
        case .line(let line): line == number
        case .last: isLast
        case .match(let regex): regex.firstMatch(in: text) != nil
        }
    }

    private func selects(_ command: StreamCommand, _ key: [Int], _ text: [UInt8], _ number: Int, _ isLast: Bool) -> Bool
    {
        guard let first = command.first else { return !command.isNegated }
        guard let second = command.second else { return matches(first, text, number, isLast) != command.isNegated }
        // A range from line 0 is open before the first line, so that its end may match there.
        if openRanges[key] == nil, case .line(0) = first { openRanges[key] = true }
        if openRanges[key] == true {
            if matches(second, text, number, isLast) { openRanges[key] = false }
            return !command.isNegated
        }
        guard matches(first, text, number, isLast) else { return command.isNegated }
        if case .line(let end) = second { openRanges[key] = end > number } else { openRanges[key] = true }
        return !command.isNegated
    }

    private func substitute(_ text: [UInt8], _ regex: Regex, _ replacement: [UInt8], _ global: Bool) -> ([UInt8], Bool)
    {
        var result: [UInt8] = []
        var position = 0
        var changed = false
        while position <= text.count, effort.spend(replacement.count + 16),
            let match = regex.firstMatch(in: text, from: position), let range = match[0]
        {
            changed = true
            result += text[position..<range.lowerBound]
            var index = 0
            while index < replacement.count {
                let byte = replacement[index]
                if byte == UInt8(ascii: "&") {
                    guard effort.spend(range.count) else { break }
                    result += text[range]
                } else if byte == UInt8(ascii: "\\"), index + 1 < replacement.count {
                    index += 1
                    let next = replacement[index]
                    if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) {
                        let group = Int(next - UInt8(ascii: "0"))
                        if group < match.count, let range = match[group], effort.spend(range.count) {
                            result += text[range]
                        }
                    } else {
                        result.append(next == UInt8(ascii: "n") ? 0x0A : next == UInt8(ascii: "t") ? 0x09 : next)
                    }
                } else {
                    result.append(byte)
                }
                index += 1
            }
            position = range.upperBound
            if range.isEmpty {
                if position < text.count { result.append(text[position]) }
                position += 1
            }
            if !global { break }
        }
        if position < text.count { result += text[position...] }
        return (result, changed)
    }
}

private struct StreamScriptParser {
    let text: [UInt8]
    let extended: Bool
    let effort: ShellEffort
    var position = 0
    private var depth = 0

    init(text: [UInt8], extended: Bool, effort: ShellEffort) {
        self.text = text
        self.extended = extended
        self.effort = effort
    }

    private func peek() -> UInt8? { position < text.count ? text[position] : nil }

    private mutating func skip(_ set: String) {
        while let byte = peek(), set.utf8.contains(byte) { position += 1 }
    }

    mutating func parse() -> [StreamCommand]? {
        guard let commands = parseCommands(), position == text.count else { return nil }
        return commands
    }

    private mutating func parseCommands() -> [StreamCommand]? {
        var commands: [StreamCommand] = []
        while true {
            skip(" \t\n;")
            if peek() == UInt8(ascii: "#") {
                while let byte = peek(), byte != 0x0A { position += 1 }
                continue
            }
            guard let byte = peek(), byte != UInt8(ascii: "}") else { return commands }
            guard let command = parseCommand() else { return nil }
            commands.append(command)
        }
    }

    private mutating func parseCommand() -> StreamCommand? {
        var command = StreamCommand(action: .delete)
        if let byte = peek(), "0123456789$/\\".utf8.contains(byte) {
            guard let first = parseAddress() else { return nil }
            command.first = first
            if peek() == UInt8(ascii: ",") {
                position += 1
                guard let second = parseAddress() else { return nil }
                command.second = second
            }
        }
        skip(" \t")
        if peek() == UInt8(ascii: "!") {
            command.isNegated = true
            position += 1
            skip(" \t")
        }
        guard let name = peek() else { return nil }
        position += 1
        switch name {
        case UInt8(ascii: "d"): command.action = .delete
        case UInt8(ascii: "p"): command.action = .print
        case UInt8(ascii: "q"): command.action = .quit
        case UInt8(ascii: "s"):
            guard let action = parseSubstitution() else { return nil }
            command.action = action
        case UInt8(ascii: "y"):
            guard let delimiter = peek() else { return nil }
            position += 1
            guard let from = takeDelimited(delimiter), let to = takeDelimited(delimiter), from.count == to.count else {
                return nil
            }
            command.action = .translate(from, to)
        case UInt8(ascii: "{"):
            depth += 1
            defer { depth -= 1 }
            guard depth <= 30, let inner = parseCommands(), peek() == UInt8(ascii: "}") else { return nil }
            position += 1
            command.action = .block(inner)
            return command
        case UInt8(ascii: "i"), UInt8(ascii: "a"), UInt8(ascii: "c"):
            let lines = parseText()
            command.action =
                name == UInt8(ascii: "i") ? .insert(lines) : name == UInt8(ascii: "a") ? .append(lines) : .change(lines)
            return command
        default: return nil
        }
        skip(" \t")
        guard let next = peek() else { return command }
        return "\n;}#".utf8.contains(next) ? command : nil
    }

    private mutating func parseText() -> [UInt8] {
        skip(" \t")
        if peek() == UInt8(ascii: "\\") {
            position += 1
            skip(" \t")
            if peek() == 0x0A { position += 1 }
        }
        if peek() == nil { return [] }
        var lines: [UInt8] = []
        while let byte = peek(), byte != 0x0A {
            position += 1
            if byte == UInt8(ascii: "\\"), let next = peek() {
                position += 1
                lines.append(next)
            } else {
                lines.append(byte)
            }
        }
        return lines + [0x0A]
    }

    private mutating func parseAddress() -> StreamAddress? {
        guard let byte = peek() else { return nil }
        if byte == UInt8(ascii: "$") {
            position += 1
            return .last
        }
        if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            let digits = text[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            position = digits.endIndex
            return Int(String(decoding: digits, as: UTF8.self)).map(StreamAddress.line)
        }
        if byte == UInt8(ascii: "\\") { position += 1 }
        guard let delimiter = peek() else { return nil }
        position += 1
        guard let pattern = takeDelimited(delimiter), !pattern.isEmpty else { return nil }
        return Regex(pattern, extended: extended, effort).map(StreamAddress.match)
    }

    /// The text up to an unescaped delimiter, which is consumed.
    private mutating func takeDelimited(_ delimiter: UInt8) -> [UInt8]? {
        var taken: [UInt8] = []
        var inSet = false
        while let byte = peek() {
            position += 1
            if byte == delimiter, !inSet { return taken }
            if byte == UInt8(ascii: "\\"), let next = peek() {
                position += 1
                taken += next == delimiter ? [next] : [byte, next]
                continue
            }
            if byte == UInt8(ascii: "[") { inSet = true }
            if byte == UInt8(ascii: "]") { inSet = false }
            taken.append(byte)
        }
        return nil
    }

    private mutating func parseSubstitution() -> StreamCommand.Action? {
        guard let delimiter = peek() else { return nil }
        position += 1
        guard let pattern = takeDelimited(delimiter), !pattern.isEmpty, let replacement = takeDelimited(delimiter)
        else { return nil }
        var global = false
        var prints = false
        var ignoresCase = false
        while let flag = peek(), !" \t\n;}".utf8.contains(flag) {
            position += 1
            switch flag {
            case UInt8(ascii: "g"): global = true
            case UInt8(ascii: "p"): prints = true
            case UInt8(ascii: "i"), UInt8(ascii: "I"): ignoresCase = true
            case UInt8(ascii: "1"): break
            default: return nil
            }
        }
        guard let regex = Regex(pattern, extended: extended, ignoresCase: ignoresCase, effort) else { return nil }
        return .substitute(regex, replacement: replacement, global: global, prints: prints)
    }
}
