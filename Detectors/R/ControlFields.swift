//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// A file of fields as Debian's control files and R's `DESCRIPTION` have them: `Field: value`, going on in lines that
/// begin with a blank.
struct ControlFields {
    /// A line of a value.
    struct Line {
        let text: String
        let number: Int
    }

    private var fields: [String: [Line]] = [:]

    /// The fields of the first paragraph.
    init(_ lines: [String]) {
        var name = ""
        for (index, line) in lines.enumerated() {
            if line.trimmingSpaces.isEmpty {
                if fields.isEmpty { continue } else { break }
            }
            if line.first == " " || line.first == "\t" {
                if !name.isEmpty { fields[name]?.append(Line(text: line.trimmingSpaces, number: index + 1)) }
            } else if let colon = line.firstIndex(of: ":") {
                name = String(line[..<colon])
                let text = String(line[line.index(after: colon)...]).trimmingSpaces
                if fields[name] == nil { fields[name] = [Line(text: text, number: index + 1)] } else { name = "" }
            }
        }
    }

    func contains(_ field: String) -> Bool { fields[field] != nil }

    /// The value in one line.
    func text(_ field: String) -> String? {
        fields[field]?.map(\.text).joined(separator: " ").trimmingSpaces
    }

    /// The line of the field's name.
    func line(_ field: String) -> Int? { fields[field]?.first?.number }

    /// The parts between commas, with the line on which each begins.
    func list(_ field: String) -> [Line] {
        var parts: [Line] = []
        var current = ""
        var start = 0
        func close() {
            if !current.isEmpty { parts.append(Line(text: current.trimmingSpaces, number: start)) }
            current = ""
        }
        for line in fields[field] ?? [] {
            for (index, piece) in line.text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
                if index > 0 { close() }
                let text = String(piece).trimmingSpaces
                guard !text.isEmpty else { continue }
                if current.isEmpty { start = line.number } else { current += " " }
                current += text
            }
        }
        close()
        return parts
    }
}
