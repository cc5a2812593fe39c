//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension ToxConfiguration {
    /// Whether a line counts for an environment.
    enum Decision: Equatable {
        case yes
        case no
        /// It counts where this environment marker holds.
        case when(String)
    }

    /// Decides alternatives of factors joined by `-`, negated with `!`: `py27,!py310-django42`.
    func decide(_ alternatives: [[String]], environment: String) -> Decision {
        let own = Set(environment.split(separator: "-").map(String.init))
        var clauses: [String] = []
        for factors in alternatives {
            var markers: [String] = []
            var holds = true
            for factor in factors {
                let isNegated = factor.hasPrefix("!")
                let name = isNegated ? String(factor.dropFirst()) : factor
                if !isNegated, name == "py3" || name == "py" { continue }
                if let clause = pythonMarker(ofFactor: name, isNegated: isNegated) {
                    markers.append(clause)
                } else if own.contains(name) == isNegated {
                    holds = false
                }
            }
            guard holds else { continue }
            if markers.isEmpty { return .yes }
            clauses.append(markers.joined(separator: " and "))
        }
        return clauses.isEmpty ? .no : .when(clauses.joined(separator: " or "))
    }
}

/// The marker that a factor which names a Python stands for; nil for another factor.
func pythonMarker(ofFactor factor: String, isNegated: Bool) -> String? {
    if let version = pythonVersion(ofFactor: factor) {
        return "python_version \(isNegated ? "!=" : "==") \"\(version)\""
    }
    if factor.hasPrefix("pypy") || factor == "jython" {
        return "platform_python_implementation \(isNegated ? "!=" : "==") \"PyPy\""
    }
    if factor == "py3" || factor == "py" { return isNegated ? "python_version < \"3\"" : "python_version >= \"3\"" }
    if factor == "py2" { return isNegated ? "python_version >= \"3\"" : "python_version < \"3\"" }
    guard factor.hasPrefix("py2"), factor.dropFirst(3).allSatisfy(\.isNumber), !factor.dropFirst(3).isEmpty else {
        return nil
    }
    return "python_version \(isNegated ? "!=" : "==") \"2.\(factor.dropFirst(3))\""
}

/// The condition that a line begins with, `py310,!lint: rest`, and the rest; nil where it begins with none.
func leadingCondition(_ text: String) -> (factors: [[String]], rest: String)? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let head = text[..<colon]
    let rest = text[text.index(after: colon)...]
    let isCondition =
        !head.isEmpty
        && head.allSatisfy { character in
            character.isLetter || character.isNumber || "-_.,!{} ".contains(character)
        }
    let parts = splitOutsideBraces(String(head))
    let isBalanced = head.count { $0 == "{" } == head.count { $0 == "}" }
    guard isCondition, isBalanced, rest.isEmpty || rest.first?.isWhitespace == true,
        !parts.contains(where: { $0.contains(" ") && !$0.contains("{") })
    else { return nil }
    let alternatives = parts.flatMap(expandBraces)
    return (alternatives.map { $0.split(separator: "-").map(String.init) }, String(rest).trimmingSpaces)
}

/// Splits at commas and line ends that are not within braces.
func splitOutsideBraces(_ text: String) -> [String] {
    var parts: [String] = [""]
    var depth = 0
    for character in text {
        if character == "{" { depth += 1 }
        if character == "}" { depth -= 1 }
        if depth == 0, character == "," || character.isNewline {
            parts.append("")
        } else {
            parts[parts.count - 1].append(character)
        }
    }
    return parts.map(\.trimmingSpaces).filter { !$0.isEmpty }
}

/// Writes out `py{39,310}-{a,b}`, and tox 4's ranges `py3{9-12}`.
func expandBraces(_ text: String) -> [String] {
    guard let open = text.firstIndex(of: "{"), let close = text[open...].firstIndex(of: "}") else {
        return [text.filter { !$0.isWhitespace }]
    }
    let head = text[..<open]
    let inside = String(text[text.index(after: open)..<close])
    let tails = expandBraces(String(text[text.index(after: close)...]))
    var choices = inside.split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmingSpaces }
    if choices.count == 1, let range = numberRange(inside) { choices = range.map(String.init) }
    guard choices.count * tails.count <= 512 else { return [] }
    return choices.flatMap { choice in tails.map { (head + choice + $0).filter { !$0.isWhitespace } } }
}

private func numberRange(_ text: String) -> ClosedRange<Int>? {
    let ends = text.split(separator: "-").compactMap { Int($0) }
    guard ends.count == 2, ends[0] <= ends[1], ends[1] - ends[0] < 64 else { return nil }
    return ends[0]...ends[1]
}
