//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A command of a shell script, simple or compound.
indirect enum ShellNode {
    case simple(SimpleCommand)
    case pipeline([ShellNode])
    case sequence([ShellNode])
    /// `left && right`.
    case both(ShellNode, ShellNode)
    /// `left || right`.
    case either(ShellNode, ShellNode)
    case negation(ShellNode)
    case conditional([Branch], otherwise: ShellNode?)
    case iteration(variable: String, words: [ShellWord], body: ShellNode)
    case repetition(body: ShellNode)
    case selection(ShellWord, [Choice])
    case function(name: String, body: ShellNode)

    /// A branch of `if`.
    struct Branch {
        let condition: ShellNode
        let body: ShellNode
    }

    /// A branch of `case`.
    struct Choice {
        let patterns: [ShellWord]
        let body: ShellNode
    }
}

/// Words with the assignments before them and the redirections around them.
struct SimpleCommand {
    var assignments: [(name: String, value: ShellWord)] = []
    var words: [ShellWord] = []
    /// The file that standard input comes from.
    var input: ShellWord?
    /// Counted from 1 at the beginning of the script.
    var line = 0
}
