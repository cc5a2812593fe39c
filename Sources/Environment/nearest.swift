//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The candidate that was most likely meant by a misspelled or shortened `word`; nil where none is near.
func nearest(to word: String, in candidates: [String]) -> String? {
    let scored = candidates.map { (editDistance(word, $0), $0) }.sorted { $0 < $1 }
    if let best = scored.first, best.0 <= max(2, word.utf8.count / 3) { return best.1 }
    return word.utf8.count < 3 ? nil : candidates.first { $0.hasPrefix(word) }
}

/// How many bytes must be inserted, removed or replaced to make `lhs` into `rhs` (Levenshtein).
private func editDistance(_ lhs: String, _ rhs: String) -> Int {
    let (a, b) = (Array(lhs.utf8), Array(rhs.utf8))
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, right) in b.enumerated() {
            let replaced = diagonal + (left == right ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
        }
    }
    return row[b.count]
}
