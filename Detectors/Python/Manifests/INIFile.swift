//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// A file in the format of Python's `configparser`: sections of keys, values over several indented lines.
struct INIFile {
    /// A key with its value.
    struct Entry {
        let key: String
        /// The lines of the value with their numbers, comments and empty lines left out.
        let lines: [(number: Int, text: String)]
        /// The line of the key, from 1.
        let number: Int

        /// The lines of the value joined.
        var text: String { lines.map(\.text).joined(separator: "\n") }
    }

    /// The file's path.
    let path: String
    /// The sections in the order of the file; sections of one name are joined.
    private(set) var sections: [(name: String, entries: [Entry])] = []

    /// Reads the file at `path`; nil where it is not there.
    init?(_ repository: Repository, path: String) {
        guard repository.contains(path) else { return nil }
        self.init(path: path, lines: repository.lines(path))
    }

    /// A file of another format whose content has the same shape.
    init(path: String, sections: [(name: String, entries: [Entry])]) {
        self.path = path
        self.sections = sections
    }

    /// Reads the lines of a file, the first of which has the number `first`.
    init(path: String, lines: [String], first: Int = 1) {
        self.path = path
        var section: String?
        var key: (name: String, number: Int, indent: Int)?
        var value: [(number: Int, text: String)] = []
        var found: [(name: String, entries: [Entry])] = []
        func flush() {
            guard let open = key, let name = section else { return }
            let entry = Entry(key: open.name, lines: value, number: open.number)
            if let place = found.firstIndex(where: { $0.name == name }) { found[place].entries.append(entry) }
            key = nil
            value = []
        }
        for (index, line) in lines.enumerated() {
            let number = first + index
            let indent = line.prefix { $0 == " " || $0 == "\t" }.count
            let text = stripComment(line)
            if text.isEmpty { continue }
            if let open = key, indent > open.indent {
                value.append((number, text))
            } else if text.hasPrefix("["), let end = text.lastIndex(of: "]") {
                flush()
                let name = String(text[text.index(after: text.startIndex)..<end])
                section = name
                if !found.contains(where: { $0.name == name }) { found.append((name, [])) }
            } else if let separator = text.firstIndex(where: { $0 == "=" || $0 == ":" }) {
                flush()
                key = (String(text[..<separator]).trimmingSpaces, number, indent)
                let rest = String(text[text.index(after: separator)...]).trimmingSpaces
                value = rest.isEmpty ? [] : [(number, rest)]
            } else {
                flush()
                key = (text, number, indent)
            }
        }
        flush()
        sections = found
    }

    /// The entry `key` of `section`; `-` and `_` in keys are the same, as setuptools has it.
    func entry(_ section: String, _ key: String) -> Entry? {
        entries(section).last { $0.key == key || $0.key.replacing(text: "-", with: "_") == key }
    }

    /// The entries of a section.
    func entries(_ section: String) -> [Entry] {
        sections.first { $0.name == section }?.entries ?? []
    }

    /// Whether there is a section of this name.
    func contains(_ section: String) -> Bool { sections.contains { $0.name == section } }

    /// The place of an entry's line.
    func evidence(_ entry: Entry) -> Evidence { Evidence(path, line: entry.number) }
}

/// The line without a comment line's text, and without a comment behind white space.
private func stripComment(_ line: String) -> String {
    let text = line.trimmingSpaces
    if text.hasPrefix("#") || text.hasPrefix(";") { return "" }
    var previous: Character = "x"
    for index in text.indices {
        if text[index] == "#", previous.isWhitespace { return String(text[..<index]).trimmingSpaces }
        previous = text[index]
    }
    return text
}
