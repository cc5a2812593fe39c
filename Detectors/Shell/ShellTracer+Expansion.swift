//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension ShellTracer {
    /// The words that `words` become: variables expanded, split where they are not quoted.
    func expand(_ words: [ShellWord]) -> [String] {
        words.flatMap { word -> [String] in
            if word.pieces.count == 1 {
                switch word.pieces[0] {
                case .variable(let name, _, _) where name == "@" || name == "*":
                    return arguments
                case .substitution(let command, isQuoted: false):
                    if let list = substitution(command) { return list }
                default: break
                }
            }
            let isSplit = word.pieces.contains { piece in
                if case .variable(let name, _, isQuoted: false) = piece { value(of: name) != nil } else { false }
            }
            let text = expand(word)
            let isAssignment =
                word.pieces.first.map { piece in
                    if case .text(let text, isQuoted: false) = piece { text.contains("=") } else { false }
                } ?? false
            if isSplit, !isAssignment { return text.split(whereSeparator: \.isWhitespace).map(String.init) }
            return braceExpanded(word) ?? [text]
        }
    }

    /// The text that `word` becomes; `$NAME` where a value is not known.
    func expand(_ word: ShellWord) -> String {
        word.pieces.map { piece in
            switch piece {
            case .text(let text, _), .opaque(let text): text
            case .variable(let name, let fallback, _): value(of: name) ?? fallback ?? "$\(name)"
            case .substitution(let command, _): substitution(command)?.joined(separator: " ") ?? "$(\(command))"
            }
        }.joined()
    }

    private func value(of name: String) -> String? {
        if let index = Int(name) {
            if index == 0 { return place.path }
            return index <= arguments.count ? arguments[index - 1] : (active.isEmpty ? nil : "")
        }
        if name == "#" { return "\(arguments.count)" }
        if name == "@" || name == "*" { return arguments.joined(separator: " ") }
        return variables[name]
    }

    /// `{a,b}` in a word without quotes or expansions.
    private func braceExpanded(_ word: ShellWord) -> [String]? {
        guard let text = word.bare, let open = text.firstIndex(of: "{"), let close = text[open...].firstIndex(of: "}"),
            text[open...close].contains(",")
        else { return nil }
        let parts = text[text.index(after: open)..<close].split(separator: ",", omittingEmptySubsequences: false)
        guard !parts.contains(where: { $0.contains("{") }) else { return nil }
        return parts.map { String(text[..<open]) + $0 + text[text.index(after: close)...] }
    }

    /// The words that a command substitution gives, where they are known.
    private func substitution(_ command: String) -> [String]? {
        guard case .sequence(let nodes) = ShellParser.parse(command), nodes.count == 1 else { return nil }
        switch nodes[0] {
        case .simple(let simple):
            if simple.words.isEmpty { return simple.input.map { listedWords(expand($0)) }?.nonEmpty }
            return output(ofCall: programCall(expand(simple.words)), input: simple.input.map { expand($0) })
        case .pipeline(let parts):
            guard case .simple(let head)? = parts.first else { return nil }
            return output(ofCall: programCall(expand(head.words)), input: head.input.map { expand($0) })
        case .both(.simple(let change), .simple(let print)) where change.words.first?.bare == "cd":
            // `$(cd "$(dirname "$0")" && pwd)`
            return print.words.first?.bare == "pwd" ? [expand(change.words).last ?? "."] : nil
        default:
            return nil
        }
    }

    /// What a call of a program writes, for those that describe the machine or list a file of the repository.
    func output(ofCall call: [String], input: String?) -> [String]? {
        guard let name = call.first else { return nil }
        let operands = call.dropFirst().filter { !$0.hasPrefix("-") }
        switch name {
        case "uname":
            switch call.dropFirst().first {
            case nil, "-s": return ["Linux"]
            case "-m", "-p", "-i": return ["x86_64"]
            default: return nil
            }
        case "arch": return ["x86_64"]
        case "dpkg" where call.contains("--print-architecture"): return ["amd64"]
        case "pwd": return ["."]
        case "id" where call.contains("-u"): return ["0"]
        case "dirname": return operands.first.map { [parentPath($0).isEmpty ? "." : parentPath($0)] }
        case "readlink", "realpath": return operands.first.map { [$0] }
        case "git" where call.contains("--show-toplevel"): return ["/workspace"]
        case "echo", "printf":
            let words = operands.filter { !$0.contains("%") }
            return words.contains { $0.contains("$") } ? nil : words
        case "cat", "sort":
            let words = (operands + (input.map { [$0] } ?? [])).flatMap(listedWords)
            return words.nonEmpty
        case "grep", "sed", "awk", "cut", "egrep":
            // The first operand is the pattern or program, the file is the last one.
            return operands.count > 1 ? operands.last.map(listedWords)?.nonEmpty : input.map(listedWords)?.nonEmpty
        default: return nil
        }
    }

    /// The words in a list of the repository, comments left out; empty for a path that is not known.
    func listedWords(_ path: String) -> [String] {
        guard let file = file(path) else { return [] }
        return repository.lines(file).flatMap { line in
            line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
        }
    }

    /// The path from the repository's root of a file that a command names; nil for one that is not in the repository.
    func file(_ path: String) -> String? {
        guard !path.contains("$") else { return nil }
        let file = folder(path)
        return repository.contains(file) ? file : nil
    }

    /// The path from the repository's root of a path that a command names.
    func folder(_ path: String) -> String {
        for root in ["/workspace", "/github/workspace"] where path == root || path.hasPrefix(root + "/") {
            return joinPath("", String(path.dropFirst(root.count)))
        }
        if path.hasPrefix("./") || !path.hasPrefix("/") { return joinPath(directory, path) }
        return path
    }
}

extension Array {
    fileprivate var nonEmpty: [Element]? { isEmpty ? nil : self }
}
