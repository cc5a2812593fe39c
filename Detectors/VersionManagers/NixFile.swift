//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What a file of the Nix language writes out: which names it gives which values, and the lists of packages. Nothing is
/// evaluated.
struct NixFile {
    struct Assignment {
        /// The name with those of the sets around it: `languages`, `python`, `enable`.
        let path: [String]
        /// The first word or string of the value.
        let value: String
        let isString: Bool
        let line: Int
    }

    private(set) var assignments: [Assignment] = []
    /// The names in `packages = [ … ]`, `buildInputs = with pkgs; [ … ]` and the like, without `pkgs.`.
    private(set) var packages: [(name: String, line: Int)] = []

    init(_ bytes: [UInt8]) {
        let tokens = nixTokens(bytes)
        // The names of the sets that are open; a set without a name of its own adds none.
        var frames: [[String]] = []
        var assigned: [String] = []
        var lists = 0
        for (index, token) in tokens.enumerated() {
            switch token.text {
            case "{" where !token.isString:
                let previous = index > 0 ? tokens[index - 1].text : ""
                frames.append(previous == "=" || previous == "rec" ? assigned : [])
            case "}" where !token.isString:
                _ = frames.popLast()
            case "=" where !token.isString:
                guard index > 0, index + 1 < tokens.count else { continue }
                let name = tokens[index - 1]
                assigned = name.isString ? [name.text] : name.text.split(separator: ".").map(String.init)
                let value = tokens[index + 1]
                guard value.isString || !"{[(".contains(value.text), assignments.count < 20_000, frames.count < 50
                else {
                    continue
                }
                assignments.append(
                    Assignment(
                        path: frames.flatMap { $0 } + assigned, value: value.text, isString: value.isString,
                        line: name.line))
            case "[" where !token.isString:
                if lists > 0 || assigned.last.map(packageLists.contains) == true { lists += 1 }
            case "]" where !token.isString:
                lists = max(lists - 1, 0)
            default:
                guard lists > 0, !token.isString else { continue }
                let parts = token.text.split(separator: ".").filter { $0 != "pkgs" }
                if let first = parts.first { packages.append((String(first), token.line)) }
            }
        }
    }
}

private struct NixToken {
    let text: String
    let isString: Bool
    let line: Int
}

/// Words, strings and signs; comments are left out.
private func nixTokens(_ bytes: [UInt8]) -> [NixToken] {
    var tokens: [NixToken] = []
    var index = 0
    var line = 1
    func byte(_ offset: Int) -> UInt8? { index + offset < bytes.count ? bytes[index + offset] : nil }
    func take(_ start: Int, isString: Bool, line: Int) {
        tokens.append(
            NixToken(text: String(decoding: bytes[start..<index], as: UTF8.self), isString: isString, line: line))
    }
    while index < bytes.count {
        let current = bytes[index]
        let start = index
        let first = line
        switch current {
        case UInt8(ascii: "\n"):
            line += 1
            index += 1
        case UInt8(ascii: "#"):
            while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
        case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"):
            index += 2
            while index < bytes.count, !(bytes[index] == UInt8(ascii: "*") && byte(1) == UInt8(ascii: "/")) {
                if bytes[index] == UInt8(ascii: "\n") { line += 1 }
                index += 1
            }
            index = min(index + 2, bytes.count)
        case UInt8(ascii: "\""):
            index += 1
            while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
                if bytes[index] == UInt8(ascii: "\n") { line += 1 }
                index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
            }
            index = min(index, bytes.count)
            tokens.append(
                NixToken(
                    text: String(decoding: bytes[(start + 1)..<max(index, start + 1)], as: UTF8.self), isString: true,
                    line: first))
            index += 1
        case UInt8(ascii: "'") where byte(1) == UInt8(ascii: "'"):
            index += 2
            // `''$` and `'''` are escapes.
            while index < bytes.count, !(bytes[index] == current && byte(1) == current && !isEscape(byte(2))) {
                if bytes[index] == UInt8(ascii: "\n") { line += 1 }
                index += bytes[index] == current && byte(1) == current ? 3 : 1
            }
            index = min(index + 2, bytes.count)
            tokens.append(NixToken(text: "", isString: true, line: first))
        case _ where isWord(current):
            while index < bytes.count, isWord(bytes[index]) { index += 1 }
            take(start, isString: false, line: first)
        default:
            index += 1
            if current > 0x20 { take(start, isString: false, line: first) }
        }
    }
    return tokens
}

private func isWord(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte > 0x7F
        || "_-.+".utf8.contains(byte)
}

private func isEscape(_ byte: UInt8?) -> Bool {
    byte == UInt8(ascii: "$") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\")
}

private let packageLists: Set<String> = [
    "packages", "buildInputs", "nativeBuildInputs", "propagatedBuildInputs", "checkInputs", "nativeCheckInputs", "deps",
]
