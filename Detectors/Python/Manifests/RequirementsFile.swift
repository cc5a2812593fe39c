//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// A requirements file in pip's format, with the files that it includes.
struct RequirementsFile {
    /// A line that names something to install.
    struct Entry {
        let text: String
        let evidence: Evidence
    }

    /// The requirements, those of included files behind the line that includes them.
    private(set) var requirements: [Entry] = []
    /// The files that `-r` includes, directly or not, sorted by reading.
    private(set) var included: [String] = []
    /// The files that `-c` names.
    private(set) var constraints: [Entry] = []
    /// The extras of `-e .[extra]`, and of `.[extra]`.
    private(set) var projectExtras: [Entry] = []
    /// Lines that pip takes and nobody else needs to know.
    private(set) var problems: [(evidence: Evidence, text: String)] = []

    /// Reads the file at `path` from the repository's root.
    init(_ repository: Repository, path: String) {
        var visited: Set<String> = []
        read(repository, path: path, visited: &visited)
    }

    private mutating func read(_ repository: Repository, path: String, visited: inout Set<String>) {
        guard visited.count < 64, visited.insert(path).inserted, let bytes = repository.bytes(path) else { return }
        for (number, line) in joinedLines(decodeText(bytes)) {
            let evidence = Evidence(path, line: number)
            let text = withoutComment(line)
            guard !text.isEmpty else { continue }
            if text.hasPrefix("-") {
                option(text, repository, path: path, evidence: evidence, visited: &visited)
            } else if text.hasPrefix(".") || text.hasPrefix("/") || text.hasPrefix("file:") {
                project(text, evidence: evidence)
            } else {
                requirement(text, evidence: evidence)
            }
        }
    }

    private mutating func option(
        _ text: String, _ repository: Repository, path: String, evidence: Evidence, visited: inout Set<String>
    ) {
        let (name, value) = optionAndValue(text)
        switch name {
        case "-r", "--requirement":
            let file = joinPath(parentPath(path), value)
            guard repository.contains(file) else {
                problems.append((evidence, "`\(file)` is not there"))
                return
            }
            included.append(file)
            read(repository, path: file, visited: &visited)
        case "-c", "--constraint":
            constraints.append(Entry(text: joinPath(parentPath(path), value), evidence: evidence))
        case "-e", "--editable":
            if value.hasPrefix(".") {
                project(value, evidence: evidence)
            } else {
                requirement(value, evidence: evidence)
            }
        case "--index-url", "-i", "--extra-index-url", "--find-links", "-f", "--trusted-host":
            problems.append((evidence, "`\(name)` is not followed"))
        default: break
        }
    }

    private mutating func project(_ text: String, evidence: Evidence) {
        guard let open = text.firstIndex(of: "["), let close = text.firstIndex(of: "]"), open < close else { return }
        for extra in text[text.index(after: open)..<close].split(separator: ",") {
            projectExtras.append(Entry(text: String(extra).trimmingSpaces, evidence: evidence))
        }
    }

    private mutating func requirement(_ text: String, evidence: Evidence) {
        var text = text
        for option in [" --hash", " --global-option", " --install-option", " --config-settings"] {
            if let place = text.range(ofText: option) { text = String(text[..<place]).trimmingSpaces }
        }
        if text.contains("://"), !text.contains(" @ ") {
            let address = text.split(separator: "#")[0]
            let egg = text.range(ofText: "#egg=").map { text[$0...].dropFirst(5).prefix { $0 != "&" && $0 != "[" } }
            // Without `#egg=` the repository has the name of its folder.
            let folder = address.split(separator: "/").last?.split(separator: "@").first ?? ""
            let name = egg ?? (folder.hasSuffix(".git") ? folder.dropLast(4) : folder)
            text = "\(name) @ \(address)"
        }
        requirements.append(Entry(text: text, evidence: evidence))
    }
}

/// An option with its value, whether they are joined by a space, `=` or nothing (`-rfile`).
private func optionAndValue(_ text: String) -> (name: String, value: String) {
    if let equal = text.firstIndex(of: "="), text.hasPrefix("--"), !text[..<equal].contains(" ") {
        return (String(text[..<equal]), String(text[text.index(after: equal)...]).trimmingSpaces)
    }
    if !text.hasPrefix("--"), text.count > 2, let third = text.dropFirst(2).first, third != " " {
        return (String(text.prefix(2)), String(text.dropFirst(2)).trimmingSpaces)
    }
    let name = text.prefix { !$0.isWhitespace }
    return (String(name), String(text[name.endIndex...]).trimmingSpaces)
}

/// The line without a comment: `#` at its start or behind white space.
func withoutComment(_ line: String) -> String {
    var previous: Character = " "
    for index in line.indices {
        if line[index] == "#", previous.isWhitespace { return String(line[..<index]).trimmingSpaces }
        previous = line[index]
    }
    return line.trimmingSpaces
}

/// The lines with their numbers, those that end in a backslash joined with the next.
private func joinedLines(_ text: String) -> [(number: Int, text: String)] {
    var result: [(number: Int, text: String)] = []
    var pending: (number: Int, text: String)?
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
        let start = pending?.number ?? index + 1
        let joined = (pending?.text ?? "") + line
        if joined.hasSuffix("\\") {
            pending = (start, String(joined.dropLast()) + " ")
        } else {
            result.append((start, joined))
            pending = nil
        }
    }
    if let pending { result.append(pending) }
    return result
}

/// The text of a file in UTF-8, or in UTF-16 with a byte order mark, as shells of another system write it.
func decodeText(_ bytes: [UInt8]) -> String {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return String(decoding: bytes.dropFirst(3), as: UTF8.self) }
    let isLittleEndian = bytes.starts(with: [0xFF, 0xFE])
    guard isLittleEndian || bytes.starts(with: [0xFE, 0xFF]) else { return String(decoding: bytes, as: UTF8.self) }
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map { index -> UInt16 in
        let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
        return isLittleEndian ? second << 8 | first : first << 8 | second
    }
    return String(decoding: units, as: UTF16.self)
}
