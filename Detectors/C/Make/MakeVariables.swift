//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The variables that a makefile sets, with all that is assigned or appended to each, whatever the conditions around.
struct MakeVariables {
    private var values: [String: [String]] = [:]

    /// Reads assignments ([Setting Variables](https://www.gnu.org/software/make/manual/make.html#Setting)).
    init(_ lines: [String]) {
        for line in lines where line.first != "\t" {
            let bare = line.prefix { $0 != "#" }
            guard let sign = bare.firstIndex(of: "=") else { continue }
            var name = bare[..<sign]
            while let last = name.last, "+?:!".contains(last) { name = name.dropLast() }
            let words = name.split(separator: " ")
            guard let last = words.last, words.dropLast().allSatisfy({ ["export", "override"].contains($0) }),
                last.allSatisfy({ $0.isLetter || $0.isNumber || "_-.".contains($0) })
            else { continue }
            let value = String(bare[bare.index(after: sign)...])
            if value.utf8.count < 1_000, values[String(last), default: []].count < 20 {
                values[String(last), default: []].append(value)
            }
        }
    }

    /// The line with `$(NAME)` and `${NAME}` of its own variables replaced, two deep; names that are not set stay, and those
    /// of programs, which tell more than their paths.
    func expanded(_ line: String) -> String {
        var text = line
        for _ in 0..<2 where text.contains("$") { text = expandedOnce(text) }
        return text
    }

    private func expandedOnce(_ line: String) -> String {
        var result = ""
        var rest = line[...]
        while let dollar = rest.firstIndex(of: "$"), result.utf8.count < 4_000 {
            result += rest[..<dollar]
            rest = rest[dollar...]
            let inner = rest.dropFirst(2)
            let name = inner.prefix { $0.isLetter || $0.isNumber || "_-.".contains($0) }
            let isReference = rest.dropFirst().first == "(" || rest.dropFirst().first == "{"
            let end = inner.dropFirst(name.count).first
            if isReference, end == ")" || end == "}", !name.uppercased().hasSuffix("CONFIG"),
                let value = values[String(name)]
            {
                result += value.joined(separator: " ")
                rest = inner.dropFirst(name.count + 1)
            } else {
                result.append("$")
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }
}
