//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// One challenge of a `WWW-Authenticate` header: RFC 9110, section 11.6.1.
struct Challenge: Hashable, Sendable {
    /// The scheme in lower case, for example `bearer`.
    var scheme: String
    /// The parameters, their names in lower case.
    var parameters: [String: String] = [:]

    /// All challenges of these values of the header; what is malformed is left out.
    static func all(in values: [String]) -> [Challenge] {
        values.flatMap { value in
            var parser = ChallengeParser(bytes: Array(value.utf8))
            return parser.challenges()
        }
    }
}

private struct ChallengeParser {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// A name in front of `=` is a parameter of the challenge before; any other begins a challenge.
    mutating func challenges() -> [Challenge] {
        var found: [Challenge] = []
        while position < bytes.count {
            let name = token().lowercased()
            if name.isEmpty {
                position += 1
                continue
            }
            skipBlanks()
            guard current == UInt8(ascii: "=") else {
                found.append(Challenge(scheme: name))
                continue
            }
            position += 1
            skipBlanks()
            let value = current == UInt8(ascii: "\"") ? quoted() : token()
            if let last = found.indices.last, found[last].parameters[name] == nil {
                found[last].parameters[name] = value
            }
        }
        return found
    }

    private mutating func skipBlanks() {
        while let byte = current, byte == 0x20 || byte == 0x09 { position += 1 }
    }

    private mutating func token() -> String {
        let start = position
        while let byte = current, Self.isTokenByte(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func quoted() -> String {
        var text: [UInt8] = []
        position += 1
        while let byte = current, byte != UInt8(ascii: "\"") {
            position += 1
            if byte == UInt8(ascii: "\\"), let escaped = current {
                position += 1
                text.append(escaped)
            } else {
                text.append(byte)
            }
        }
        position += 1
        return String(decoding: text, as: UTF8.self)
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        // `:` and `/` are no token bytes, but servers leave quotation marks out around URLs.
        default: "!#$%&'*+-.^_`|~:/".utf8.contains(byte)
        }
    }
}
