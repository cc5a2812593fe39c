//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// `getopt` of util-linux: options in front, each operand quoted for the shell.
func getOptions(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    var rest = arguments[...]
    var short: [Character: Int] = [:]
    var long: [String: Int] = [:]
    while let word = rest.popFirst(), word != "--" {
        func value() -> String { rest.popFirst() ?? "" }
        switch word {
        case "-a", "--alternative", "-q", "--quiet": continue
        case "-n", "--name", "-s", "--shell": _ = value()
        case "-o", "--options": short = shortOptions(value())
        case "-l", "--long", "--longoptions":
            for name in value().split(separator: ",") {
                long[String(name.prefix { $0 != ":" })] = name.count { $0 == ":" }
            }
        default: throw shell.unsupported("`getopt \(word)`")
        }
    }
    func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
    var output = ""
    var operands: [String] = []
    while let word = rest.popFirst() {
        if word == "--" {
            operands += rest
            break
        }
        if word.hasPrefix("--") {
            let given = word.dropFirst(2).prefix { $0 != "=" }
            let names = long[String(given)] != nil ? [String(given)] : long.keys.filter { $0.hasPrefix(given) }
            guard names.count == 1, let name = names.first, let arity = long[name] else { return 1 }
            output += " --\(name)"
            let joined = word.firstIndex(of: "=").map { String(word[word.index(after: $0)...]) }
            if arity == 1 { output += " " + quoted(joined ?? rest.popFirst() ?? "") }
            if arity == 2 { output += " " + quoted(joined ?? "") }
        } else if word.hasPrefix("-"), word.count > 1 {
            var letters = word.dropFirst()
            while let letter = letters.popFirst() {
                guard let arity = short[letter] else { return 1 }
                output += " -\(letter)"
                if arity == 1 { output += " " + quoted(letters.isEmpty ? rest.popFirst() ?? "" : String(letters)) }
                if arity == 2 { output += " " + quoted(String(letters)) }
                if arity > 0 { letters = "" }
            }
        } else {
            operands.append(word)
        }
    }
    try shell.write(output + " --" + operands.map { " " + quoted($0) }.joined() + "\n")
    return 0
}

/// Letters with the number of colons behind them: none, required or optional argument.
private func shortOptions(_ text: String) -> [Character: Int] {
    var options: [Character: Int] = [:]
    var last: Character?
    for character in text where character != "+" {
        if character == ":" {
            if let last { options[last, default: 0] += 1 }
        } else {
            options[character] = 0
            last = character
        }
    }
    return options
}
