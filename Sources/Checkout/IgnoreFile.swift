//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The rules of one gitignore file.
struct IgnoreFile {
    /// The bytes before the part of a path that the rules speak of: the directory of the file, with its slash.
    private let base: Int
    private let rules: [IgnoreRule]

    /// Reads the rules in `text`, for the paths behind `base` bytes of directory.
    init(_ text: [UInt8], base: Int) {
        self.base = base
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let body = text.starts(with: mark) ? text.dropFirst(mark.count) : text[...]
        rules = body.split(separator: UInt8(ascii: "\n")).compactMap(IgnoreRule.init)
    }

    var isEmpty: Bool { rules.isEmpty }

    /// Whether the last rule that matches ignores the path, or `nil` if none matches.
    func ignores(_ path: UnsafeBufferPointer<UInt8>, nameStart: Int, isDirectory: Bool) -> Bool? {
        for rule in rules.reversed()
        where rule.matches(path, base: base, nameStart: nameStart, isDirectory: isDirectory) {
            return !rule.isNegated
        }
        return nil
    }
}

/// One line of a gitignore file (gitignore(5)).
struct IgnoreRule {
    let isNegated: Bool
    private let isForDirectories: Bool
    private let kind: Kind

    private enum Kind {
        /// The name is these bytes.
        case name([UInt8])
        /// The name ends with these bytes.
        case suffix([UInt8])
        /// The name matches.
        case nameGlob([GlobSegment])
        /// The path from the directory of the file is these bytes.
        case path([UInt8])
        /// The path from the directory of the file begins with the bytes and matches.
        case pathGlob(prefix: [UInt8], [GlobSegment])
    }

    /// The rule of `line`; `nil` for a comment, for an empty line and for a pattern that nothing matches.
    init?(line: ArraySlice<UInt8>) {
        var line = line
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard let first = line.first, first != UInt8(ascii: "#") else { return nil }
        line = Self.trimmingTrailingSpaces(line)
        isNegated = line.first == UInt8(ascii: "!")
        if isNegated { line.removeFirst() }
        isForDirectories = line.last == UInt8(ascii: "/")
        if isForDirectories { line.removeLast() }
        let isAnchored = line.contains(UInt8(ascii: "/"))
        if line.first == UInt8(ascii: "/") { line.removeFirst() }
        guard !line.isEmpty else { return nil }

        let isWild = { (byte: UInt8) in "*?[\\".utf8.contains(byte) }
        guard line.contains(where: isWild) else {
            kind = isAnchored ? .path(Array(line)) : .name(Array(line))
            return
        }
        if !isAnchored, line.first == UInt8(ascii: "*"), !line.dropFirst().contains(where: isWild) {
            kind = .suffix(Array(line.dropFirst()))
            return
        }
        guard let segments = GlobSegment.parse(line) else { return nil }
        kind = isAnchored ? .pathGlob(prefix: Array(line.prefix { !isWild($0) }), segments) : .nameGlob(segments)
    }

    func matches(_ path: UnsafeBufferPointer<UInt8>, base: Int, nameStart: Int, isDirectory: Bool) -> Bool {
        guard !isForDirectories || isDirectory else { return false }
        switch kind {
        case .name(let name):
            return path.count - nameStart == name.count && Self.hasBytes(path, name, at: nameStart)
        case .suffix(let suffix):
            let start = path.count - suffix.count
            return start >= nameStart && Self.hasBytes(path, suffix, at: start)
        case .nameGlob(let segments):
            return GlobSegment.match(segments, path[nameStart...])
        case .path(let expected):
            return path.count - base == expected.count && Self.hasBytes(path, expected, at: base)
        case .pathGlob(let prefix, let segments):
            guard path.count - base >= prefix.count, Self.hasBytes(path, prefix, at: base) else { return false }
            return GlobSegment.match(segments, path[base...])
        }
    }

    private static func hasBytes(_ path: UnsafeBufferPointer<UInt8>, _ bytes: [UInt8], at start: Int) -> Bool {
        for index in bytes.indices where path[start + index] != bytes[index] { return false }
        return true
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
