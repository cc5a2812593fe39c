//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Rows of text in columns, as wide as their longest cell within reason.
struct Table {
    private var rows: [[String]] = []

    /// Adds a row; the last cell may be of any length.
    mutating func add(_ cells: String...) {
        rows.append(cells)
    }

    /// Whether there is nothing to show.
    var isEmpty: Bool { rows.isEmpty }

    /// The rows, indented by two blanks, without blanks at their ends.
    var text: String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            min(rows.filter { $0.count > column + 1 }.map { $0[column].count }.max() ?? 0, 48)
        }
        return rows.map { row in
            var line = "  "
            for (column, cell) in row.enumerated() {
                line += cell
                if column + 1 < row.count {
                    line += String(repeating: " ", count: max(0, widths[column] - cell.count) + 2)
                }
            }
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}
