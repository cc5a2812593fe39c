//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

/// The tables of what languages' packages need of the system, as files.
@Suite struct SystemTablesTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Detectors/Data")

    static let tables = ["Go", "Node", "PHP", "Python", "Ruby", "Rust"].map { "\($0)/system-packages.tsv" }

    /// The fields of each line that is no comment, with its number.
    static func rows(_ table: String) throws -> [(line: Int, fields: [String])] {
        let text = String(decoding: try Data(contentsOf: folder.appending(path: table)), as: UTF8.self)
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().enumerated().compactMap {
            index, line in
            guard !line.hasPrefix("#") else { return nil }
            return (index + 1, line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init))
        }
    }

    @Test(arguments: tables + ["Rust/system-crates.tsv"])
    func hasFourColumnsSortedWithoutRepetition(table: String) throws {
        var last: [String] = []
        for (line, fields) in try Self.rows(table) {
            #expect(fields.count == 4, "\(table):\(line)")
            guard fields.count == 4 else { continue }
            #expect(!fields[0].isEmpty && !fields[1].isEmpty && !(fields[2] + fields[3]).isEmpty, "\(table):\(line)")
            #expect(last.lexicographicallyPrecedes(fields.prefix(2)), "\(table):\(line): not behind \(last)")
            last = Array(fields.prefix(2))
            for field in fields.dropFirst() {
                let names = field.split(separator: " ", omittingEmptySubsequences: false)
                #expect(field.isEmpty || !names.contains(""), "\(table):\(line): more than one space")
                #expect(Set(names).count == names.count, "\(table):\(line): a name stands twice")
            }
        }
    }

    @Test(arguments: tables)
    func knowsEachCondition(table: String) throws {
        let words: Set<String> = ["always", "direct", "not-binary", "sdist-only", "source-only"]
        for (line, fields) in try Self.rows(table) where fields.count == 4 {
            for word in fields[1].split(separator: " ") {
                let isBound = word.hasPrefix("<") || word.hasPrefix(">=") || word.hasPrefix("with")
                #expect(words.contains(String(word)) || isBound, "\(table):\(line): \(word)")
            }
        }
    }

    @Test(arguments: tables)
    func namesPackagesAsDebianDoes(table: String) throws {
        for (line, fields) in try Self.rows(table) where fields.count == 4 {
            for name in (fields[2] + " " + fields[3]).split(separator: " ") {
                let bare =
                    ["pkgconfig:", "program:"].first { name.hasPrefix($0) }.map { name.dropFirst($0.count) } ?? name
                let isName =
                    !bare.isEmpty
                    && (bare != name || bare.allSatisfy { $0.isLowercase || $0.isNumber || "+-.".contains($0) })
                #expect(isName, "\(table):\(line): \(name)")
            }
        }
    }
}
