//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A POSIX regular expression (XBD 9), basic or extended, over bytes, with GNU's `\+ \? \|` in basic ones.
struct Regex {
    /// Where the whole match stands, at index 0, and the groups.
    typealias Match = [Range<Int>?]

    private indirect enum Node {
        case byte(UInt8)
        case any
        case set(ByteSet)
        case start, end, wordEdge
        case group(Int, [[Node]])
        case again(Node, least: Int, most: Int)
        case reference(Int)
    }

    private let alternatives: [[Node]]
    private let groupCount: Int
    private let ignoresCase: Bool
    private let prefersLongest: Bool
    private let effort: ShellEffort

    /// Nil when the text is not a regular expression that is understood.
    ///
    /// - Parameter effort: what matching is counted on; where it is exhausted, nothing matches.
    init?(_ pattern: [UInt8], extended: Bool, ignoresCase: Bool = false, _ effort: ShellEffort) {
        var parser = Parser(pattern: pattern, extended: extended)
        guard let alternatives = parser.parse() else { return nil }
        self.alternatives = alternatives
        groupCount = parser.groups
        prefersLongest = parser.hasAlternation
        self.ignoresCase = ignoresCase
        self.effort = effort
    }

    /// The leftmost match at or after `offset`.
    func firstMatch(in text: [UInt8], from offset: Int = 0) -> Match? {
        guard offset <= text.count else { return nil }
        for start in offset...text.count {
            if let match = match(text, at: start) { return match }
        }
        return nil
    }

    private func match(_ text: [UInt8], at start: Int) -> Match? {
        var best: Match?
        let empty = Match(repeating: nil, count: groupCount + 1)
        for nodes in alternatives {
            _ = run(nodes[...], text, start, empty) { end, groups in
                if best == nil || (best?[0]?.upperBound ?? 0) < end {
                    best = groups
                    best?[0] = start..<end
                }
                return !prefersLongest
            }
            if best != nil, !prefersLongest { return best }
        }
        return best
    }

    private func fold(_ byte: UInt8) -> UInt8 {
        ignoresCase && (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
    }

    private static func isWord(_ byte: UInt8) -> Bool { ShellParser.isNameByte(byte) }

    private func run(
        _ nodes: ArraySlice<Node>, _ text: [UInt8], _ position: Int, _ groups: Match, _ next: (Int, Match) -> Bool
    ) -> Bool {
        effort.depth += 1
        defer { effort.depth -= 1 }
        if effort.depth > 3000 { effort.exhaust() }
        guard effort.spend(16) else { return false }
        guard let node = nodes.first else { return next(position, groups) }
        let rest = nodes.dropFirst()
        switch node {
        case .start: return position == 0 && run(rest, text, position, groups, next)
        case .end: return position == text.count && run(rest, text, position, groups, next)
        case .wordEdge:
            let before = position > 0 && Self.isWord(text[position - 1])
            let after = position < text.count && Self.isWord(text[position])
            return before != after && run(rest, text, position, groups, next)
        case .group(let index, let alternatives):
            for nodes in alternatives {
                let found = run(nodes[...], text, position, groups) { end, inner in
                    var inner = inner
                    inner[index] = position..<end
                    return run(rest, text, end, inner, next)
                }
                if found { return true }
            }
            return false
        case .again(let inner, let least, let most):
            return repeated(inner, least, most, rest, text, position, groups, next)
        case .reference(let index):
            guard index < groups.count, let range = groups[index] else { return false }
            let end = position + range.count
            guard end <= text.count, text[position..<end] == text[range] else { return false }
            return run(rest, text, end, groups, next)
        case .byte, .any, .set:
            guard position < text.count, accepts(node, text[position]) else { return false }
            return run(rest, text, position + 1, groups, next)
        }
    }

    private func accepts(_ node: Node, _ byte: UInt8) -> Bool {
        switch node {
        case .byte(let expected): fold(byte) == fold(expected)
        case .any: true
        case .set(let set):
            set.contains(byte) || (ignoresCase && (set.contains(fold(byte)) || set.contains(upper(byte))))
        default: false
        }
    }

    private func upper(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 32 : byte
    }

    private func repeated(
        _ inner: Node, _ least: Int, _ most: Int, _ rest: ArraySlice<Node>, _ text: [UInt8], _ position: Int,
        _ groups: Match, _ next: (Int, Match) -> Bool
    ) -> Bool {
        switch inner {
        case .byte, .any, .set:
            // Single bytes need no recursion: count them, then give back one by one.
            var end = position
            while end < text.count, end - position < most, accepts(inner, text[end]) { end += 1 }
            while end - position >= least {
                if run(rest, text, end, groups, next) { return true }
                if end == position { break }
                end -= 1
            }
            return false
        default:
            if most > 0 {
                let found = run([inner], text, position, groups) { end, groups in
                    if end == position, least <= 0 { return false }
                    return repeated(inner, max(0, least - 1), most - 1, rest, text, end, groups, next)
                }
                if found { return true }
            }
            return least <= 0 && run(rest, text, position, groups, next)
        }
    }

    // MARK: Parsing

    private struct Parser {
        let pattern: [UInt8]
        let extended: Bool
        var position = 0
        var groups = 0
        var hasAlternation = false
        private var depth = 0

        init(pattern: [UInt8], extended: Bool) {
            self.pattern = pattern
            self.extended = extended
        }

        func peek(_ offset: Int = 0) -> UInt8? {
            position + offset < pattern.count ? pattern[position + offset] : nil
        }

        /// Whether the operator `character` stands here, escaped in a basic expression.
        mutating func take(_ character: Unicode.Scalar) -> Bool {
            let byte = UInt8(ascii: character)
            if extended {
                guard peek() == byte else { return false }
                position += 1
            } else {
                guard peek() == UInt8(ascii: "\\"), peek(1) == byte else { return false }
                position += 2
            }
            return true
        }

        mutating func parse() -> [[Node]]? {
            guard let alternatives = parseAlternatives(), position == pattern.count else { return nil }
            return alternatives
        }

        mutating func parseAlternatives() -> [[Node]]? {
            var alternatives: [[Node]] = []
            repeat {
                guard let branch = parseBranch() else { return nil }
                alternatives.append(branch)
            } while take("|")
            if alternatives.count > 1 { hasAlternation = true }
            return alternatives
        }

        private func closesBranch() -> Bool {
            var probe = self
            return probe.peek() == nil || probe.take("|") || probe.take(")")
        }

        mutating func parseBranch() -> [Node]? {
            var nodes: [Node] = []
            while !closesBranch() {
                guard var atom = parseAtom(isFirst: nodes.isEmpty) else { return nil }
                var counts = 0
                while let (least, most) = parseCount(after: atom, isFirst: nodes.isEmpty) {
                    counts += 1
                    guard least <= most, counts <= 10 else { return nil }
                    atom = .again(atom, least: least, most: most)
                }
                nodes.append(atom)
            }
            return nodes
        }

        private mutating func parseCount(after atom: Node, isFirst: Bool) -> (Int, Int)? {
            if case .start = atom { return nil }
            if peek() == UInt8(ascii: "*") {
                position += 1
                return (0, .max)
            }
            if take("+") { return (1, .max) }
            if take("?") { return (0, 1) }
            guard take("{") else { return nil }
            var numbers = [0]
            var isOpen = false
            while let byte = peek(), byte != UInt8(ascii: "}"), byte != UInt8(ascii: "\\") {
                if byte == UInt8(ascii: ",") {
                    numbers.append(0)
                    isOpen = peek(1) == UInt8(ascii: "}") || peek(1) == UInt8(ascii: "\\")
                } else {
                    let (scaled, overflow) = numbers[numbers.count - 1].multipliedReportingOverflow(by: 10)
                    guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), !overflow, scaled < 100_000 else {
                        return (1, 0)
                    }
                    numbers[numbers.count - 1] = scaled + Int(byte - UInt8(ascii: "0"))
                }
                position += 1
            }
            guard take("}") else { return (1, 0) }
            return (numbers[0], isOpen ? .max : numbers[numbers.count - 1])
        }

        private mutating func parseAtom(isFirst: Bool) -> Node? {
            if take("(") {
                depth += 1
                defer { depth -= 1 }
                guard depth <= 30, groups < 100 else { return nil }
                groups += 1
                let index = groups
                guard let alternatives = parseAlternatives(), take(")") else { return nil }
                return .group(index, alternatives)
            }
            guard let byte = peek() else { return nil }
            switch byte {
            case UInt8(ascii: "."):
                position += 1
                return .any
            case UInt8(ascii: "["):
                guard let set = ByteSet.parse(pattern[position...], allowsEscapes: false) else { return nil }
                position = set.end
                return .set(set)
            case UInt8(ascii: "^") where extended || isFirst:
                position += 1
                return .start
            case UInt8(ascii: "$"):
                position += 1
                if extended || closesBranch() { return .end }
                return .byte(byte)
            case UInt8(ascii: "\\"):
                guard let next = peek(1) else { return nil }
                position += 2
                return escape(next)
            default:
                position += 1
                return .byte(byte)
            }
        }

        private func escape(_ byte: UInt8) -> Node? {
            switch byte {
            case UInt8(ascii: "1")...UInt8(ascii: "9"): return .reference(Int(byte - UInt8(ascii: "0")))
            case UInt8(ascii: "n"): return .byte(0x0A)
            case UInt8(ascii: "t"): return .byte(0x09)
            case UInt8(ascii: "b"), UInt8(ascii: "<"), UInt8(ascii: ">"): return .wordEdge
            case UInt8(ascii: "w"): return ByteSet.parse(Array("[[:alnum:]_]".utf8)[...]).map(Node.set)
            case UInt8(ascii: "W"): return ByteSet.parse(Array("[^[:alnum:]_]".utf8)[...]).map(Node.set)
            case UInt8(ascii: "s"): return ByteSet.parse(Array("[[:space:]]".utf8)[...]).map(Node.set)
            case UInt8(ascii: "S"): return ByteSet.parse(Array("[^[:space:]]".utf8)[...]).map(Node.set)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): return nil
            default: return .byte(byte)
            }
        }
    }
}
