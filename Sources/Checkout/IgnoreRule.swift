//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// One line of a gitignore file (gitignore(5)).
struct IgnoreRule {
    enum Kind {
        /// The text is the literal.
        case exact
        /// The name ends with the literal.
        case suffix
        /// The text begins with the literal and matches the glob with this number.
        case glob(Int)
    }

    let kind: Kind
    /// The place of the literal among those of the file.
    let literal: Range<Int>
    let isNegated: Bool
    /// Whether the rule speaks of directories only.
    let isForDirectories: Bool
    /// Whether the rule speaks of the path from the directory of the file, not of the name.
    let isAnchored: Bool

    /// The rule of `line`; `nil` for a comment, for an empty line and for a pattern that nothing matches.
    init?(line: ArraySlice<UInt8>, literals: inout [UInt8], globs: inout [[GlobSegment]]) {
        var line = line
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard let first = line.first, first != UInt8(ascii: "#") else { return nil }
        line = Self.trimmingTrailingSpaces(line)
        isNegated = line.first == UInt8(ascii: "!")
        if isNegated { line.removeFirst() }
        isForDirectories = line.last == UInt8(ascii: "/")
        if isForDirectories { line.removeLast() }
        isAnchored = line.contains(UInt8(ascii: "/"))
        if line.first == UInt8(ascii: "/") { line.removeFirst() }
        guard !line.isEmpty else { return nil }

        let isWild = { (byte: UInt8) in "*?[\\".utf8.contains(byte) }
        let text: ArraySlice<UInt8>
        if !line.contains(where: isWild) {
            kind = .exact
            text = line
        } else if !isAnchored, line.first == UInt8(ascii: "*"), !line.dropFirst().contains(where: isWild) {
            kind = .suffix
            text = line.dropFirst()
        } else {
            guard let segments = GlobSegment.parse(line) else { return nil }
            kind = .glob(globs.count)
            globs.append(segments)
            text = line.prefix { !isWild($0) }
        }
        literal = literals.count..<literals.count + text.count
        literals += text
    }

    /// Without the spaces at the end that no backslash protects.
    private static func trimmingTrailingSpaces(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var end = line.startIndex
        var index = line.startIndex
        while index < line.endIndex {
            let isEscape = line[index] == UInt8(ascii: "\\")
            let isSpace = line[index] == UInt8(ascii: " ")
            index = min(index + (isEscape ? 2 : 1), line.endIndex)
            if !isSpace { end = index }
        }
        return line[..<end]
    }
}
