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

    /// The parts between commas, with the line of each.
    func list(_ field: String) -> [Line] {
        (fields[field] ?? []).flatMap { line in
            line.text.split(separator: ",").map { Line(text: String($0).trimmingSpaces, number: line.number) }
        }.filter { !$0.text.isEmpty }
    }
}
