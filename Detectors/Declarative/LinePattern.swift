//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A regular expression that is applied to one line at a time.
final class LinePattern: Sendable {
    private let text: String
    /// The compiled expression, from when it is first needed: most patterns of most descriptions never are.
    private let compiled: Mutex<Compiled>
    /// What every match holds; empty where nothing is sure. Most lines need no more than a look for it.
    let literal: [UInt8]

    private struct Compiled: @unchecked Sendable {
        // `Regex` is immutable; it lacks the conformance because of the closures that builders may put into one, and
        // this one comes from text.
        var regex: Regex<AnyRegexOutput>?
    }

    /// Reads a regular expression in Swift's syntax; nil for anything else, and for one without a group where
    /// `needsGroup`. One that is `known` to be right is not compiled before it is needed.
    init?(_ text: String, needsGroup: Bool = true, known: Bool = false) {
        guard !needsGroup || text.contains("(") else { return nil }
        self.text = text
        literal = Array(longestLiteral(in: text).utf8)
        guard !known else {
            compiled = Mutex(Compiled())
            return
        }
        guard let regex = Self.compile(text) else { return nil }
        compiled = Mutex(Compiled(regex: regex))
    }

    private static func compile(_ text: String) -> Regex<AnyRegexOutput>? {
        // `\b` between letters and a dot too, as everywhere but in prose.
        (try? Regex(text))?.wordBoundaryKind(.simple)
    }

    /// The compiled expression; nil for a known one that is wrong after all, which a test rules out.
    private var regex: Regex<AnyRegexOutput>? {
        let box = compiled.withLock { compiled in
            if compiled.regex == nil { compiled.regex = Self.compile(text) }
            return compiled
        }
        return box.regex
    }

    /// The first group of each match, from left to right; none where the line is longer than any that people write.
    func firstGroups(in line: String) -> [String] {
        guard isShort(line), contains(literal, in: line), let regex else { return [] }
        return line.matches(of: regex).compactMap { match in
            match.output.count > 1 ? match.output[1].substring.map(String.init) : nil
        }
    }

    /// Whether the line matches.
    func matches(_ line: String) -> Bool {
        guard isShort(line), contains(literal, in: line), let regex else { return false }
        return ((try? regex.firstMatch(in: line)) ?? nil) != nil
    }

    /// Whether the line is one that a person may have written: no longer, and without blanks by the hundred, at each of
    /// which a pattern would start anew.
    private func isShort(_ line: String) -> Bool {
        guard line.utf8.count <= 2_000 else { return false }
        var blanks = 0
        for byte in line.utf8 {
            blanks = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") ? blanks + 1 : 0
            if blanks > 200 { return false }
        }
        return true
    }
}

/// Whether the bytes of `literal` stand in `text`.
func contains(_ literal: [UInt8], in text: String) -> Bool {
    guard let first = literal.first else { return true }
    var text = text
    return text.withUTF8 { bytes in
        guard bytes.count >= literal.count else { return false }
        for start in 0...(bytes.count - literal.count) where bytes[start] == first {
            if bytes[start..<(start + literal.count)].elementsEqual(literal) { return true }
        }
        return false
    }
}

/// The longest run of characters that a regular expression demands as they are, outside of groups and alternatives.
private func longestLiteral(in text: String) -> String {
    // Options such as `(?i)` and alternatives at the outermost level make nothing sure.
    let openings = text.parts(separatedBy: "(?").dropFirst()
    guard openings.allSatisfy({ $0.first.map { ":=!<>".contains($0) } ?? false }) else { return "" }
    var longest = ""
    var current = ""
    var depth = 0
    var isEscaped = false
    var isInSet = false
    func close() {
        if current.utf8.count > longest.utf8.count { longest = current }
        current = ""
    }
    for character in text {
        if isEscaped {
            isEscaped = false
            // `\.` stands for itself, `\s` does not, and behind `\x` come digits that are none of the text.
            if "xuUpPNkcgQ".contains(character) { return "" }
            if character.isLetter || character.isNumber || isInSet {
                close()
            } else if depth == 0 {
                current.append(character)
            }
        } else if character == "\\" {
            isEscaped = true
        } else if isInSet {
            isInSet = character != "]"
        } else {
            switch character {
            case "[":
                close()
                isInSet = true
            case "(":
                close()
                depth += 1
            case ")": depth -= 1
            case "|" where depth == 0: return ""
            case "*", "?", "{":
                // What stands before may be missing.
                if !current.isEmpty { current.removeLast() }
                close()
                // The numbers of `{2,3}` are none of the text.
                if character == "{" { depth += 1 }
            case "}": depth -= 1
            case "+", "^", "$", ".": close()
            default: if depth == 0 { current.append(character) }
            }
        }
    }
    close()
    return longest
}
