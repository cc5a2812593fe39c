//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A command of the shell's grammar, as POSIX XCU 2.9 names them.
indirect enum ShellCommand {
    case simple(SimpleCommand)
    case pipeline([ShellCommand], negated: Bool)
    case and(ShellCommand, ShellCommand)
    case or(ShellCommand, ShellCommand)
    case list([ShellCommand])
    case group(ShellCommand)
    case subshell(ShellCommand)
    case conditional(condition: ShellCommand, then: ShellCommand, otherwise: ShellCommand?)
    case loop(condition: ShellCommand, isUntil: Bool, body: ShellCommand)
    case iteration(name: String, words: [ShellWord]?, body: ShellCommand)
    case selection(subject: ShellWord, arms: [SelectionArm])
    case function(name: String, body: ShellCommand)
    case redirected(ShellCommand, [Redirection])
    /// What is understood and not emulated; only running it is an error.
    case unsupported(ScriptProblem)
}

/// Assignments, words and redirections of one command.
struct SimpleCommand {
    var line: Int
    var assignments: [(name: String, value: ShellWord)] = []
    var words: [ShellWord] = []
    var redirections: [Redirection] = []
}

/// `pattern | pattern) body ;;` of a `case`.
struct SelectionArm {
    var patterns: [ShellWord]
    var body: ShellCommand
}

/// A word before expansion.
struct ShellWord {
    var parts: [Part] = []

    /// What a word is made of. `quoted` parts are neither split nor used as patterns.
    indirect enum Part {
        case literal(String, quoted: Bool)
        case parameter(ParameterExpansion, quoted: Bool)
        case substitution(ShellCommand, quoted: Bool)
        case arithmetic(ShellWord)
    }

    /// The text of a word without expansions or quotes, else nil.
    var bareText: String? {
        var text = ""
        for part in parts {
            guard case .literal(let piece, quoted: false) = part else { return nil }
            text += piece
        }
        return parts.isEmpty ? nil : text
    }

    /// The text of a word without expansions, quotes removed, else nil.
    var literalText: String? {
        var text = ""
        for part in parts {
            guard case .literal(let piece, quoted: _) = part else { return nil }
            text += piece
        }
        return text
    }
}

/// `${name operator word}`.
struct ParameterExpansion {
    enum Operator {
        case none, length
        /// bash's operators, such as `/`.
        case unsupported
        case useDefault, assignDefault, failUnset, useAlternate
        case dropShortestPrefix, dropLongestPrefix, dropShortestSuffix, dropLongestSuffix
    }

    var name: String
    var operation: Operator = .none
    /// Whether an empty value counts as unset (`:-` and its relatives).
    var treatsEmptyAsUnset = false
    var word = ShellWord()
}

/// `[fd]operator word`.
struct Redirection {
    enum Operator { case input, output, append, duplicate, here }

    var descriptor: Int
    var operation: Operator
    var target: ShellWord
    var hereDocument: HereDocument?
}

/// The body of a here-document, which stands after the line that announces it.
final class HereDocument {
    let delimiter: String
    let expands: Bool
    let dropsTabs: Bool
    var body = ShellWord()

    init(delimiter: String, expands: Bool, dropsTabs: Bool) {
        self.delimiter = delimiter
        self.expands = expands
        self.dropsTabs = dropsTabs
    }
}

/// Why a script cannot be emulated: the line and what stands there.
struct ScriptProblem: Error, Hashable {
    var line: Int
    var text: String
}
