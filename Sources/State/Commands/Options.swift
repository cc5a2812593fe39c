//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The options and operands of an emulated program, as `getopt_long` takes them apart.
struct Options {
    private(set) var values: [String: String] = [:]
    private(set) var operands: [String] = []

    /// Takes `arguments` apart.
    ///
    /// - Parameters:
    ///   - flags: options without a value, short ones without their `-`, long ones with `--`.
    ///   - valued: options with one.
    ///   - aliases: from a spelling to the one under which its value is kept.
    /// - Throws: `.unsupported` for any other option.
    init(
        _ arguments: [String], of program: String, in shell: Shell, flags: Set<String> = [], valued: Set<String> = [],
        aliases: [String: String] = [:]
    ) throws(ShellSignal) {
        var rest = arguments[...]
        func canonical(_ name: String) -> String { aliases[name] ?? name }
        while let word = rest.popFirst() {
            if word == "--" {
                operands += rest
                return
            }
            if word.hasPrefix("--") {
                let name = String(word.prefix { $0 != "=" })
                let hasValue = name.utf8.count < word.utf8.count
                if valued.contains(canonical(name)) {
                    values[canonical(name)] = hasValue ? String(word.dropFirst(name.count + 1)) : rest.popFirst() ?? ""
                } else if flags.contains(canonical(name)), !hasValue {
                    values[canonical(name)] = ""
                } else {
                    throw shell.unsupported("`\(program) \(word)`")
                }
            } else if word.hasPrefix("-"), word.utf8.count > 1 {
                var letters = word.dropFirst()
                while let letter = letters.popFirst() {
                    let name = canonical(String(letter))
                    if valued.contains(name) {
                        values[name] = letters.isEmpty ? rest.popFirst() ?? "" : String(letters)
                        letters = ""
                    } else if flags.contains(name) {
                        values[name] = ""
                    } else {
                        throw shell.unsupported("`\(program) \(word)`")
                    }
                }
            } else {
                operands.append(word)
            }
        }
    }

    func has(_ name: String) -> Bool { values[name] != nil }

    subscript(name: String) -> String? { values[name] }
}
