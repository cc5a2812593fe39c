//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// Programs that read text and write text.
let textCommands: [String: ShellFunction] = [
    "cat": concatenate, "tee": tee, "grep": grep, "sed": editStream,
    "egrep": { (shell, arguments) throws(ShellSignal) in try grep(&shell, ["-E"] + arguments) },
    "fgrep": { (shell, arguments) throws(ShellSignal) in try grep(&shell, ["-F"] + arguments) },
    "cut": cut, "tr": translate, "sort": sort, "uniq": unique, "head": head, "tail": tail, "tac": reverse, "wc": count,
    "cmp": compare,
    "md5sum": sum, "expr": expression, "seq": sequence, "xargs": applyArguments, "awk": awk, "mawk": awk, "gawk": awk,
]

/// Lines without their newlines.
func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
}

/// Lines with a newline behind each.
func joined(_ lines: some Sequence<some Sequence<UInt8>>) -> [UInt8] {
    var bytes: [UInt8] = []
    for line in lines {
        bytes += line
        bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
}

extension Shell {
    /// The content of the operands one behind the other, or standard input when there are none.
    mutating func input(_ operands: [String], of program: String) throws(ShellSignal) -> (bytes: [UInt8], status: Int) {
        if operands.isEmpty { return (readInput(), 0) }
        var bytes: [UInt8] = []
        var status = 0
        for operand in operands {
            if operand == "-" {
                bytes += readInput()
            } else if let content = try read(operand) {
                bytes += content
            } else {
                status = try fail(program, "\(operand): No such file or directory")
            }
        }
        return (bytes, status)
    }
}

private func concatenate(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(arguments, of: "cat", in: shell, flags: ["u"])
    let (bytes, status) = try shell.input(options.operands, of: "cat")
    try shell.write(bytes)
    return status
}

private func tee(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(arguments, of: "tee", in: shell, flags: ["a"], aliases: ["--append": "a"])
    let bytes = shell.readInput()
    try shell.write(bytes)
    for operand in options.operands where operand != "/dev/null" {
        let old = options.has("a") ? try shell.read(operand) ?? [] : []
        guard shell.tree.write(shell.absolute(operand), old + bytes) else { return try shell.fail("tee", operand) }
    }
    return 0
}

private func grep(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "grep", in: shell,
        flags: ["q", "s", "v", "i", "E", "F", "x", "w", "c", "l", "o", "h", "H", "n", "L", "a"],
        valued: ["e", "m", "f"],
        aliases: [
            "--quiet": "q", "--silent": "q", "--extended-regexp": "E", "--fixed-strings": "F", "--line-regexp": "x",
            "--invert-match": "v", "--no-messages": "s", "--ignore-case": "i", "--count": "c", "--regexp": "e",
            "--files-with-matches": "l", "--no-filename": "h", "--word-regexp": "w", "--only-matching": "o", "y": "i",
        ])
    guard !options.has("f"), !options.has("n"), !options.has("L"), !options.has("m") else {
        throw shell.unsupported("`grep \(arguments.joined(separator: " "))`")
    }
    var operands = options.operands[...]
    guard let pattern = options["e"] ?? operands.popFirst() else { return 2 }
    let expressions = try lines(Array(pattern.utf8)).map { (line) throws(ShellSignal) -> Regex in
        var text = Array(line)
        if options.has("F") { text = escapedForRegex(text) }
        if options.has("w") { text = Array("\\b".utf8) + text + Array("\\b".utf8) }
        if options.has("x") {
            text =
                options.has("E")
                ? Array("^(".utf8) + text + Array(")$".utf8) : Array("^".utf8) + text + Array("$".utf8)
        }
        guard let regex = Regex(text, extended: options.has("E"), ignoresCase: options.has("i"), shell.effort)
        else {
            throw shell.unsupported("the regular expression `\(pattern)`")
        }
        return regex
    }
    var found = false
    let prefixes = (operands.count > 1 || options.has("H")) && !options.has("h")
    for operand in operands.isEmpty ? ["-"] : Array(operands) {
        guard let content = operand == "-" ? shell.readInput() : try shell.read(operand) else {
            if !options.has("s") { try shell.write("grep: \(operand): No such file or directory\n", to: 2) }
            continue
        }
        var matches = 0
        for line in lines(content) {
            let bytes = Array(line)
            // `grep ''` and an empty list of patterns match every line.
            let match = expressions.isEmpty ? [0..<0] : expressions.lazy.compactMap { $0.firstMatch(in: bytes) }.first
            guard (match != nil) != options.has("v") else { continue }
            matches += 1
            found = true
            if options.has("q") { return 0 }
            if options.has("c") || options.has("l") { continue }
            if prefixes { try shell.write(operand + ":") }
            var shown = bytes
            if options.has("o"), let range = match?[0] { shown = Array(bytes[range]) }
            try shell.write(shown + [UInt8(ascii: "\n")])
        }
        if options.has("c") { try shell.write("\(prefixes ? operand + ":" : "")\(matches)\n") }
        if options.has("l"), matches > 0 { try shell.write(operand + "\n") }
    }
    return found ? 0 : 1
}

private func escapedForRegex(_ text: [UInt8]) -> [UInt8] {
    text.flatMap { ".[]*^$\\".utf8.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] }
}

private func cut(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "cut", in: shell, flags: ["s"], valued: ["d", "f", "c", "b"],
        aliases: ["--delimiter": "d", "--fields": "f"])
    guard let list = options["f"] ?? options["c"] ?? options["b"] else { return 1 }
    var ranges: [ClosedRange<Int>] = []
    for part in list.split(separator: ",") {
        let ends = part.split(separator: "-", omittingEmptySubsequences: false)
        let low = ends[0].isEmpty ? 1 : Int(ends[0])
        let high = ends.count == 1 ? low : (ends[1].isEmpty ? .max : Int(ends[1]))
        guard let low, let high, low >= 1, high >= low else { throw shell.unsupported("`cut -f \(list)`") }
        ranges.append(low...high)
    }
    func keeps(_ index: Int) -> Bool { ranges.contains { $0.contains(index + 1) } }
    let delimiter = options["d"]?.utf8.first ?? 0x09
    let (bytes, status) = try shell.input(options.operands, of: "cut")
    for line in lines(bytes) {
        if options.has("f") {
            guard line.contains(delimiter) else {
                if !options.has("s") { try shell.write(line + [0x0A]) }
                continue
            }
            let fields = line.split(separator: delimiter, omittingEmptySubsequences: false)
            let kept = fields.enumerated().filter { keeps($0.offset) }.map(\.element)
            try shell.write(Array(kept.joined(separator: [delimiter])) + [0x0A])
        } else {
            try shell.write(line.enumerated().filter { keeps($0.offset) }.map(\.element) + [0x0A])
        }
    }
    return status
}

private func translate(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "tr", in: shell, flags: ["d", "s", "c"],
        aliases: ["--delete": "d", "--squeeze-repeats": "s", "C": "c"])
    let sets = options.operands.map(translationSet)
    guard let from = sets.first else { return 1 }
    let isMember = { (byte: UInt8) in from.contains(byte) != options.has("c") }
    var result: [UInt8] = []
    for byte in shell.readInput() {
        if options.has("d") {
            if !isMember(byte) { result.append(byte) }
            continue
        }
        var mapped = byte
        if sets.count > 1, let last = sets[1].last, isMember(byte) {
            let index = from.firstIndex(of: byte) ?? sets[1].count
            mapped = index < sets[1].count ? sets[1][index] : last
        }
        if options.has("s"), result.last == mapped, (sets.count > 1 ? sets[1].contains(mapped) : isMember(mapped)) {
            continue
        }
        result.append(mapped)
    }
    try shell.write(result)
    return 0
}

private func translationSet(_ text: String) -> [UInt8] {
    let bytes = unescaped(Array(text.utf8), octalPrefix: false)
    if text.hasPrefix("[:"), text.hasSuffix(":]"), let set = ByteSet.parse(Array(("[" + text + "]").utf8)[...]) {
        return (UInt8.min...UInt8.max).filter(set.contains)
    }
    var set: [UInt8] = []
    var index = 0
    while index < bytes.count {
        if index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "-"), bytes[index] <= bytes[index + 2] {
            set += Array(bytes[index]...bytes[index + 2])
            index += 3
        } else {
            set.append(bytes[index])
            index += 1
        }
    }
    return set
}

private func sort(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "sort", in: shell, flags: ["u", "r", "n"], valued: ["o"],
        aliases: ["--unique": "u", "--reverse": "r"])
    let (bytes, status) = try shell.input(options.operands, of: "sort")
    var sorted = lines(bytes).map(Array.init)
    func number(_ line: [UInt8]) -> Int {
        Int(String(decoding: line.prefix { $0 > 0x2F && $0 < 0x3A }, as: UTF8.self)) ?? 0
    }
    sorted.sort {
        if options.has("n"), number($0) != number($1) { return number($0) < number($1) }
        return $0.lexicographicallyPrecedes($1)
    }
    if options.has("r") { sorted.reverse() }
    if options.has("u") { sorted = withoutRepeats(sorted) }
    if let path = options["o"] {
        shell.tree.write(shell.absolute(path), joined(sorted))
    } else {
        try shell.write(joined(sorted))
    }
    return status
}

private func withoutRepeats(_ lines: [[UInt8]]) -> [[UInt8]] {
    var kept: [[UInt8]] = []
    for line in lines where kept.last != line { kept.append(line) }
    return kept
}

private func unique(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(arguments, of: "uniq", in: shell, flags: ["c", "d", "u"])
    let (bytes, status) = try shell.input(options.operands, of: "uniq")
    var runs: [(line: [UInt8], count: Int)] = []
    for line in lines(bytes).map(Array.init) {
        if runs.last?.line == line { runs[runs.count - 1].count += 1 } else { runs.append((line, 1)) }
    }
    for (line, count) in runs where (!options.has("d") || count > 1) && (!options.has("u") || count == 1) {
        let number = String(count)
        let prefix = String(repeating: " ", count: max(0, 7 - number.utf8.count)) + number + " "
        try shell.write((options.has("c") ? Array(prefix.utf8) : []) + line + [0x0A])
    }
    return status
}

private func head(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    try ends(&shell, arguments, of: "head")
}

private func tail(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    try ends(&shell, arguments, of: "tail")
}

private func reverse(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(arguments, of: "tac", in: shell)
    let (bytes, status) = try shell.input(options.operands, of: "tac")
    try shell.write(joined(lines(bytes).reversed()))
    return status
}

private func ends(_ shell: inout Shell, _ arguments: [String], of program: String) throws(ShellSignal) -> Int {
    let arguments = arguments.flatMap { word in
        word.utf8.count > 1 && word.hasPrefix("-") && Int(word.dropFirst()) != nil
            ? ["-n", String(word.dropFirst())] : [word]
    }
    let options = try Options(
        arguments, of: program, in: shell, flags: ["q"], valued: ["n", "c"], aliases: ["--lines": "n", "--bytes": "c"])
    let (bytes, status) = try shell.input(options.operands, of: program)
    let text = options["c"] ?? options["n"] ?? "10"
    guard let number = Int(text), number >= 0 else { throw shell.unsupported("`\(program) -n \(text)`") }
    if options.has("c") {
        try shell.write(Array(program == "head" ? bytes.prefix(number) : bytes.suffix(number)))
    } else if text.hasPrefix("+") {
        try shell.write(joined(lines(bytes).dropFirst(max(0, number - 1))))
    } else {
        let all = lines(bytes)
        try shell.write(joined(program == "head" ? all.prefix(number) : all.suffix(number)))
    }
    return status
}

private func count(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(arguments, of: "wc", in: shell, flags: ["l", "c"])
    guard options.has("l") != options.has("c"), options.operands.isEmpty else {
        throw shell.unsupported("`wc` without `-l` or `-c`")
    }
    let bytes = shell.readInput()
    let number = options.has("c") ? bytes.count : bytes.count { $0 == UInt8(ascii: "\n") }
    try shell.write("\(number)\n")
    return 0
}

private func compare(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "cmp", in: shell, flags: ["s"], aliases: ["--quiet": "s", "--silent": "s"])
    guard options.operands.count == 2 else { return 2 }
    let left = options.operands[0] == "-" ? shell.readInput() : try shell.read(options.operands[0])
    let right = options.operands[1] == "-" ? shell.readInput() : try shell.read(options.operands[1])
    guard let left, let right else { return 2 }
    return left == right ? 0 : 1
}

private func sum(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(arguments, of: "md5sum", in: shell, flags: ["b", "t"])
    var result = 0
    for operand in options.operands.isEmpty ? ["-"] : options.operands {
        guard let content = operand == "-" ? shell.readInput() : try shell.read(operand) else {
            result = try shell.fail("md5sum", "\(operand): No such file or directory")
            continue
        }
        try shell.write("\(md5(content))  \(operand)\n")
    }
    return result
}

/// The MD5 digest as 32 hexadecimal digits, with which dpkg tells whether a file was changed.
func md5(_ bytes: [UInt8]) -> String {
    hexadecimal(Insecure.MD5.hash(data: bytes))
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

private func expression(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    if arguments.count == 3, arguments[1] == ":" {
        guard let regex = Regex(Array(("^" + arguments[2]).utf8), extended: false, shell.effort) else {
            throw shell.unsupported("`expr` with `\(arguments[2])`")
        }
        let text = Array(arguments[0].utf8)
        let match = regex.firstMatch(in: text)
        let output: [UInt8]
        if arguments[2].contains("\\(") {
            output = match.flatMap { $0.count > 1 ? $0[1] : nil }.map { Array(text[$0]) } ?? []
        } else {
            output = Array(String(match?[0]?.count ?? 0).utf8)
        }
        try shell.write(output + [0x0A])
        return output.isEmpty || output == [UInt8(ascii: "0")] ? 1 : 0
    }
    let text = arguments.map { $0 == "=" ? "==" : $0 }.joined(separator: " ")
    let value = try shell.evaluate(ShellWord(parts: [.literal(text, quoted: true)]))
    try shell.write("\(value)\n")
    return value == 0 ? 1 : 0
}

private func sequence(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let numbers = arguments.compactMap { Int($0) }
    let step = numbers.count == 3 ? numbers[1] : 1
    guard numbers.count == arguments.count, let last = numbers.last, numbers.count <= 3, step != 0,
        numbers.allSatisfy({ $0.magnitude < 10_000 })
    else {
        throw shell.unsupported("`seq \(arguments.joined(separator: " "))`")
    }
    let first = numbers.count > 1 ? numbers[0] : 1
    for number in stride(from: first, through: last, by: step) { try shell.write("\(number)\n") }
    return 0
}

private func applyArguments(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    var words = arguments[...]
    var isZeroSeparated = false
    var skipsEmpty = false
    while let word = words.first, word.hasPrefix("-") {
        switch word {
        case "-0", "--null": isZeroSeparated = true
        case "-r", "--no-run-if-empty": skipsEmpty = true
        case "-r0", "-0r": (isZeroSeparated, skipsEmpty) = (true, true)
        default: throw shell.unsupported("`xargs \(word)`")
        }
        words.removeFirst()
    }
    let bytes = shell.readInput()
    let items = bytes.split { isZeroSeparated ? $0 == 0 : $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }
    if items.isEmpty, skipsEmpty { return 0 }
    var command = Array(words)
    for item in items { command.append(try shell.text(item)) }
    guard let name = command.first else { return 0 }
    let status = try shell.invoke(name, Array(command.dropFirst()), skippingFunctions: true)
    return status == 0 ? 0 : 123
}
