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

    /// Reads the rules in `text`, for the paths behind `base` bytes of directory.
    init(_ text: [UInt8], base: Int) {
        self.base = base
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let body = text.starts(with: mark) ? text.dropFirst(mark.count) : text[...]
        for line in body.split(separator: UInt8(ascii: "\n")) {
            if let rule = IgnoreRule(line: line, literals: &literals, globs: &globs) { rules.append(rule) }
        }
    }

    var isEmpty: Bool { rules.isEmpty }

    /// Whether the last rule that matches ignores the path, or `nil` if none matches.
    func ignores(_ path: UnsafeBufferPointer<UInt8>, nameStart: Int, isDirectory: Bool) -> Bool? {
        literals.withUnsafeBufferPointer { literals in
            rules.withUnsafeBufferPointer { rules in
                let last = rules.last { rule in
                    guard isDirectory || !rule.isForDirectories else { return false }
                    return matches(rule, path, nameStart: nameStart, literals: literals)
                }
                return last.map { !$0.isNegated }
            }
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
