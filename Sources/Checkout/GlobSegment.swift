//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The part of a gitignore pattern between two slashes, compiled (glob(7), as git's wildmatch reads it).
struct GlobSegment {
    enum Token {
        case byte(UInt8)
        case any
        case star
        case set(ByteSet)
    }

    private(set) var tokens: [Token] = []
    /// Whether the segment is `**`.
    private(set) var isDoubleStar = false

    /// The segments of `pattern`; `nil` for one that never matches, as with an open bracket or a backslash at the end.
    static func parse(_ pattern: ArraySlice<UInt8>) -> [GlobSegment]? {
        var segments = [GlobSegment()]
        var stars = 0
        var rest = pattern
        while let byte = rest.popFirst() {
            stars = byte == UInt8(ascii: "*") ? stars + 1 : 0
            var current = segments.removeLast()
            switch byte {
            case UInt8(ascii: "/"):
                segments.append(current)
                current = GlobSegment()
            case UInt8(ascii: "*"):
                current.isDoubleStar = stars == 2 && current.tokens.count == 1
                if stars == 1 { current.tokens.append(.star) }
            case UInt8(ascii: "?"):
                current.append(.any)
            case UInt8(ascii: "["):
                guard let set = ByteSet(bracket: &rest) else { return nil }
                current.append(.set(set))
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                current.append(.byte(escaped))
            default:
                current.append(.byte(byte))
            }
            segments.append(current)
        }
        return segments
    }

    private mutating func append(_ token: Token) {
        isDoubleStar = false
        tokens.append(token)
    }

    /// Whether the segment matches all of `name`. A star retries from its last place only, so the time is at most the
    /// product of both lengths.
    func matches(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var token = 0
        var index = name.startIndex
        var retry: (token: Int, index: Int)?
        while true {
            if token < tokens.count, case .star = tokens[token] {
                token += 1
                retry = (token, index)
            } else if index < name.endIndex, token < tokens.count, Self.matches(tokens[token], name[index]) {
                token += 1
                index += 1
            } else if index == name.endIndex, token == tokens.count {
                return true
            } else if let last = retry, last.index < name.endIndex {
                retry = (last.token, last.index + 1)
                token = last.token
                index = last.index + 1
            } else {
                return false
            }
        }
    }

    private static func matches(_ token: Token, _ byte: UInt8) -> Bool {
        switch token {
        case .byte(let expected): byte == expected
        case .any, .star: true
        case .set(let set): set.contains(byte)
        }
    }

    /// Whether `segments` match all components of `path`. `**` stands for any number of components, at the end for at
    /// least one; like a star it retries from its last place only.
    static func match(_ segments: [GlobSegment], _ path: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        // Most patterns speak of a name alone, and are asked for every name.
        if segments.count == 1, !segments[0].isDoubleStar {
            return !path.contains(UInt8(ascii: "/")) && segments[0].matches(path)
        }
        let components = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        var segment = 0
        var index = 0
        var retry: (segment: Int, index: Int)?
        while true {
            if segment < segments.count, segments[segment].isDoubleStar {
                if segment == segments.count - 1 { return index < components.count }
                segment += 1
                retry = (segment, index)
            } else if index < components.count, segment < segments.count, segments[segment].matches(components[index]) {
                segment += 1
                index += 1
            } else if index == components.count, segment == segments.count {
                return true
            } else if let last = retry, last.index < components.count {
                retry = (last.segment, last.index + 1)
                segment = last.segment
                index = last.index + 1
            } else {
                return false
            }
        }
    }
}
