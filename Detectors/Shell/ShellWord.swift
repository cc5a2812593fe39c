//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A word of a shell command before expansion.
struct ShellWord: Hashable {
    /// A part of a word.
    enum Piece: Hashable {
        /// Text that stands for itself.
        case text(String, isQuoted: Bool)
        /// `$NAME` or `${NAME}`, with what `:-` or `:=` gives where it is not set.
        case variable(String, fallback: String?, isQuoted: Bool)
        /// `$(…)` or backquotes, by the command in them.
        case substitution(String, isQuoted: Bool)
        /// What is not expanded here, as written: arithmetic, patterns applied to variables, expressions of CI.
        case opaque(String)
    }

    /// The parts, from left to right.
    var pieces: [Piece] = []

    /// The text of a word without anything to expand; nil otherwise.
    var literal: String? {
        var text = ""
        for piece in pieces {
            guard case .text(let part, _) = piece else { return nil }
            text += part
        }
        return text
    }

    /// The text of a word without quotes or anything to expand, as reserved words are written.
    var bare: String? {
        guard pieces.count == 1, case .text(let text, isQuoted: false)? = pieces.first else { return nil }
        return text
    }

    /// The word as it was written, quotes removed.
    var source: String {
        pieces.map { piece in
            switch piece {
            case .text(let text, _), .opaque(let text): text
            case .variable(let name, _, _): "$\(name)"
            case .substitution(let command, _): "$(\(command))"
            }
        }.joined()
    }

    mutating func append(_ text: String, isQuoted: Bool) {
        if case .text(let before, let wasQuoted)? = pieces.last, wasQuoted == isQuoted {
            pieces[pieces.count - 1] = .text(before + text, isQuoted: isQuoted)
        } else {
            pieces.append(.text(text, isQuoted: isQuoted))
        }
    }
}

/// A token of a shell script.
struct ShellToken {
    enum Kind {
        case word(ShellWord)
        /// A control or redirection operator.
        case symbol(String)
        case newline
    }

    let kind: Kind
    /// Counted from 1 at the beginning of the script.
    let line: Int
}
