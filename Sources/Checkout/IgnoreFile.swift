//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The rules of one gitignore file.
struct IgnoreFile {
    /// The bytes before the part of a path that the rules speak of: the directory of the file, with its slash.
    private let base: Int
    private var rules: [IgnoreRule] = []
    // Beside the rules, so that trying a rule counts no reference.
    private var literals: [UInt8] = []
    private var globs: [[GlobSegment]] = []
    /// The rules by the byte that a path must end with, and those without one; a path is tried with two of the lists.
    private var lists: [[Int32]] = [[], []]
    /// The place in `lists` of each byte; 1, which stays empty, for most.
    private var placeOfByte = [UInt16](repeating: 1, count: 256)

    /// Reads the rules in `text`, for the paths behind `base` bytes of directory.
    init(_ text: [UInt8], base: Int) {
        self.base = base
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let body = text.starts(with: mark) ? text.dropFirst(mark.count) : text[...]
        for line in body.split(separator: UInt8(ascii: "\n")) {
            if let rule = IgnoreRule(line: line, literals: &literals, globs: &globs) { append(rule) }
        }
    }

    private mutating func append(_ rule: IgnoreRule) {
        var list = 0
        if let byte = lastByte(of: rule) {
            if placeOfByte[Int(byte)] == 1 {
                placeOfByte[Int(byte)] = UInt16(lists.count)
                lists.append([])
            }
            list = Int(placeOfByte[Int(byte)])
        }
        lists[list].append(Int32(truncatingIfNeeded: rules.count))
        rules.append(rule)
    }

    /// The byte that every path ends with which the rule matches; nil where it does not say.
    private func lastByte(of rule: IgnoreRule) -> UInt8? {
        guard case .glob(let index) = rule.kind else { return literals[rule.literal].last }
        guard let segment = globs[index].last, !segment.isDoubleStar, case .byte(let byte) = segment.tokens.last else {
            return nil
        }
        return byte
    }

    var isEmpty: Bool { rules.isEmpty }

    /// Whether the last rule that matches ignores the path, or `nil` if none matches.
    func ignores(_ path: UnsafeBufferPointer<UInt8>, nameStart: Int, isDirectory: Bool) -> Bool? {
        guard let last = path.last else { return nil }
        let place = Int(placeOfByte[Int(last)])
        var (first, second) = (lists[0].count - 1, lists[place].count - 1)
        return literals.withUnsafeBufferPointer { literals in
            while first >= 0 || second >= 0 {
                let number: Int32
                if second < 0 || first >= 0 && lists[0][first] > lists[place][second] {
                    number = lists[0][first]
                    first -= 1
                } else {
                    number = lists[place][second]
                    second -= 1
                }
                let rule = rules[Int(number)]
                if isDirectory || !rule.isForDirectories,
                    matches(rule, path, nameStart: nameStart, literals: literals)
                {
                    return !rule.isNegated
                }
            }
            return nil
        }
    }

    private func matches(
        _ rule: IgnoreRule, _ path: UnsafeBufferPointer<UInt8>, nameStart: Int, literals: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let start = rule.isAnchored ? base : nameStart
        let rest = path.count - start
        let literal = UnsafeBufferPointer(rebasing: literals[rule.literal])
        switch rule.kind {
        case .exact:
            return rest == literal.count && Self.hasBytes(path, literal, at: start)
        case .suffix:
            return rest >= literal.count && Self.hasBytes(path, literal, at: path.count - literal.count)
        case .glob(let index):
            guard rest >= literal.count, Self.hasBytes(path, literal, at: start) else { return false }
            return GlobSegment.match(globs[index], path[start...])
        }
    }

    private static func hasBytes(
        _ path: UnsafeBufferPointer<UInt8>, _ literal: UnsafeBufferPointer<UInt8>, at start: Int
    ) -> Bool {
        guard let path = path.baseAddress, let first = literal.baseAddress, !literal.isEmpty else { return true }
        return path[start] == literal[0] && memcmp(path + start, first, literal.count) == 0
    }
}
