//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// A command that a script of the repository would run on Linux, with its words expanded as far as they are known.
struct TracedCommand {
    /// The words; `$NAME` stands where a value is not known.
    let words: [String]
    /// Words that it reads from standard input, where they are known, as for `xargs`.
    let input: [String]
    /// The folder that it runs in, from the repository's root.
    var directory: String
    /// Variables that are set for it or were exported before.
    let variables: [String: String]
    /// Whether it runs only under a condition whose outcome is not known.
    let isConditional: Bool
    /// Whether make runs it, to make a target that another command names.
    let isRecipe: Bool
    /// Where it stands.
    let evidence: Evidence

    /// The program and its arguments, behind `sudo`, `env`, `time` and the like.
    var call: [String] { programCall(words) }
}

/// The words of a command behind those that only run another one.
func programCall(_ words: [String]) -> [String] {
    var rest = words[...]
    while let first = rest.first {
        let name = first.split(separator: "/").last.map(String.init) ?? first
        guard let wrapper = wrappers[name] else {
            if let sign = first.firstIndex(of: "="), sign != first.startIndex, !first.hasPrefix("-"),
                first[..<sign].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
            {
                rest = rest.dropFirst()
                continue
            }
            break
        }
        rest = rest.dropFirst()
        while let option = rest.first, option.hasPrefix("-"), option.count > 1 {
            rest = rest.dropFirst()
            if wrapper.optionsWithValue.contains(option) { rest = rest.dropFirst() }
            if option == "--" { break }
        }
        rest = rest.dropFirst(wrapper.operands)
    }
    return Array(rest)
}

private struct Wrapper: Sendable {
    var optionsWithValue: Set<String> = []
    /// How many words stand before the command.
    var operands = 0
}

private let wrappers: [String: Wrapper] = [
    "sudo": Wrapper(optionsWithValue: ["-u", "-g", "-p", "-h", "-C", "-D", "--user", "--group"]),
    "doas": Wrapper(optionsWithValue: ["-u"]), "env": Wrapper(optionsWithValue: ["-u", "-C"]), "command": Wrapper(),
    "exec": Wrapper(), "nice": Wrapper(optionsWithValue: ["-n"]), "ionice": Wrapper(optionsWithValue: ["-c", "-n"]),
    "time": Wrapper(), "timeout": Wrapper(optionsWithValue: ["-k", "-s"], operands: 1), "eatmydata": Wrapper(),
    "nohup": Wrapper(), "retry": Wrapper(), "travis_retry": Wrapper(), "travis_wait": Wrapper(), "builtin": Wrapper(),
    "catchsegv": Wrapper(), "stdbuf": Wrapper(), "unbuffer": Wrapper(), "winpty": Wrapper(), "$SUDO": Wrapper(),
    "$sudo": Wrapper(), "ccache": Wrapper(), "setarch": Wrapper(operands: 1),
]
