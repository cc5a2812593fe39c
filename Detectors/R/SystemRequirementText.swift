//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// What the free text of `SystemRequirements` asks for, by the words that it uses.
enum SystemRequirementText {
    /// The packages of Debian for one requirement: those that it names itself, or those that the table knows for its
    /// words.
    static func packages(in text: String) -> [String] {
        let words = text.split { !$0.isLetter && !$0.isNumber && !"-+.".contains($0) }.map { word in
            String(word.last == "." ? word.dropLast() : word)
        }
        let named = words.filter { word in
            (word.hasPrefix("lib") && word.hasSuffix("-dev")) || debianNames.contains(word)
        }
        guard named.isEmpty else { return named }
        var found: [String] = []
        let lower = words.map { $0.lowercased() }
        for (index, word) in lower.enumerated() {
            // `GNU make` before `make`: two words say more than one.
            let pair = index + 1 < lower.count ? "\(word) \(lower[index + 1])" : ""
            for package in (table[pair] ?? table[word])?.split(separator: " ") ?? [] {
                if !found.contains(String(package)) { found.append(String(package)) }
            }
        }
        return found
    }

    private static let table = DataTable("R/system-requirements.tsv").dictionary
    private static let debianNames: Set<String> = Set(
        table.values.flatMap { $0.split(separator: " ").map(String.init) }
    )
    .filter { $0.hasSuffix("-dev") }
}
