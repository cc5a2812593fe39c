//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// An entry of a Java properties file.
struct Property: Hashable {
    let key: String
    let value: String
    let evidence: Evidence
}

extension Repository {
    /// The entries of a Java properties file in order; none where there is no file. A line that ends with `\` goes on
    /// with the next one.
    func properties(_ path: String) -> [Property] {
        guard contains(path) else { return [] }
        var result: [Property] = []
        var pending = ""
        var first = 0
        for (index, line) in lines(path).enumerated() where line.utf8.count < 100_000 {
            let text = line.trimmingSpaces
            if pending.isEmpty {
                if text.isEmpty || text.hasPrefix("#") || text.hasPrefix("!") { continue }
                first = index + 1
            }
            if text.hasSuffix("\\"), pending.utf8.count < 100_000 {
                pending += text.dropLast()
                continue
            }
            pending += text
            if let entry = property(pending, Evidence(path, line: first)) { result.append(entry) }
            pending = ""
        }
        if !pending.isEmpty, let entry = property(pending, Evidence(path, line: first)) { result.append(entry) }
        return result
    }

    private func property(_ line: String, _ evidence: Evidence) -> Property? {
        var key = ""
        var value = ""
        var isEscaped = false
        var isValue = false
        for character in line {
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
                continue
            } else if !isValue, character == "=" || character == ":" {
                isValue = true
                continue
            }
            if isValue { value.append(character) } else { key.append(character) }
        }
        guard isValue else { return nil }
        return Property(key: key.trimmingSpaces, value: value.trimmingSpaces, evidence: evidence)
    }
}
