//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension PythonSurvey {
    /// Reports the newest dated heading of the changelog.
    mutating func readChangelog() {
        for file in changelogs() {
            if let day = lastDayOfAscending(file) {
                report(.date(DateFinding(day: day.0, evidence: Evidence(file, line: day.1))))
                return
            }
            var headings = 0
            for (index, line) in repository.lines(file).prefix(400).enumerated() {
                let isVersion = headingVersion(line) != nil
                // What stands below two headings without a day is older than the tree.
                if isVersion { headings += 1 }
                if headings > 2 { break }
                let isHeading = isVersion || line.hasPrefix("#") || line.split(separator: " ").count <= 5
                guard isHeading, let day = headingDay(line) else { continue }
                report(.date(DateFinding(day: day, evidence: Evidence(file, line: index + 1))))
                return
            }
        }
    }

    /// The last day of a changelog that begins with the oldest release.
    private func lastDayOfAscending(_ file: String) -> (String, Int)? {
        let days = repository.lines(file).prefix(20_000).enumerated().compactMap { index, line in
            headingVersion(line) == nil ? nil : headingDay(line).map { ($0, index + 1) }
        }
        guard let first = days.first, let last = days.last, first.0 < last.0 else { return nil }
        return last
    }

    /// The changelogs in the project's folder and its documentation.
    func changelogs() -> [String] {
        let names = [
            "changelog", "changes", "history", "news", "release_notes", "releases", "release-notes", "whatsnew",
        ]
        let folders = [directory, path("docs"), path("doc"), path("docs/source")]
        return folders.flatMap { folder in
            repository.files(in: folder).filter { file in
                let parts = file.name.lowercased().split(separator: ".")
                return parts.first.map { names.contains(String($0)) } == true
                    && (parts.count == 1
                        || ["md", "rst", "txt", "mkd", "markdown", "asciidoc"].contains(parts[parts.count - 1]))
            }.map(\.path)
        }
    }
}

/// The day in a heading such as `## [1.2.0] - 2021-03-04`, `1.2 (March 4, 2021)`, `4 March 2021`.
func headingDay(_ line: String) -> String? {
    guard line.utf8.count < 120, line.first?.isWhitespace == false else { return nil }
    let words = line.split { !$0.isNumber && !$0.isLetter && $0 != "-" && $0 != "/" }.map(String.init)
    for word in words {
        let parts = word.split { $0 == "-" || $0 == "/" }.compactMap { Int($0) }
        let isNumeric = word.allSatisfy { $0.isNumber || $0 == "-" || $0 == "/" }
        if isNumeric, parts.count == 3, let day = calendarDay(parts[0], parts[1], parts[2]) { return day }
    }
    for (index, word) in words.enumerated() where word.count >= 3 {
        guard
            let month = months.firstIndex(where: { $0.hasPrefix(word.lowercased()) || word.lowercased().hasPrefix($0) })
        else {
            continue
        }
        // The day stands behind the month (`March 4, 2021`) or before it (`4 March 2021`).
        let places = [index + 1, index + 2, index - 1].filter { words.indices.contains($0) }
        let near = places.compactMap { Int(withoutOrdinal(words[$0])) }
        guard let year = near.first(where: { $0 >= 1990 && $0 <= 2100 }) else { continue }
        let day = near.first { $0 >= 1 && $0 <= 31 } ?? 1
        if let result = calendarDay(year, month + 1, day) { return result }
    }
    return nil
}

/// `4th` as `4`.
private func withoutOrdinal(_ word: String) -> String {
    ["st", "nd", "rd", "th"].contains { word.hasSuffix($0) } ? String(word.dropLast(2)) : word
}

/// The version that a heading of a changelog begins with.
func headingVersion(_ line: String) -> String? {
    guard line.utf8.count < 120, line.first?.isWhitespace == false else { return nil }
    for word in line.split(whereSeparator: { $0.isWhitespace || "[]()#=*,:`".contains($0) }).prefix(4) {
        let text = word.hasPrefix("v") || word.hasPrefix("V") ? word.dropFirst() : word
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, parts.count <= 4,
            parts.allSatisfy({ !$0.isEmpty && $0.count <= 4 && $0.allSatisfy(\.isASCIIDigit) })
        else {
            continue
        }
        return String(text)
    }
    return nil
}

private func calendarDay(_ year: Int, _ month: Int, _ day: Int) -> String? {
    guard (1990...2100).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
    let padded = [month, day].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(year)-\(padded[0])-\(padded[1])"
}

private let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
]

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
