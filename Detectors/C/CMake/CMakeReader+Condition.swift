//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension CMakeReader {
    /// The outcome of `if(…)`; nil where only a real configuration knows it.
    mutating func evaluate(_ arguments: [CMakeCommand.Argument]) -> Bool? {
        var terms: [Term] = []
        for argument in arguments {
            if argument.form == .plain {
                let value = expand(argument.text)
                // A reference to an empty value is no argument at all.
                terms += (value == argument.text ? [value] : list(value)).map { Term(text: $0, isQuoted: false) }
            } else {
                let value = argument.form == .quoted ? expand(argument.text) : argument.text
                terms.append(Term(text: value, isQuoted: true))
            }
        }
        var condition = Condition(terms: terms)
        return alternatives(&condition)
    }

    struct Term {
        let text: String
        let isQuoted: Bool

        func reads(_ word: String) -> Bool { !isQuoted && text == word }
    }

    struct Condition {
        let terms: [Term]
        var place = 0

        var next: Term? { place < terms.count ? terms[place] : nil }

        mutating func take() -> Term? {
            defer { place += 1 }
            return next
        }
    }

    private mutating func alternatives(_ condition: inout Condition) -> Bool? {
        var outcome = conjunction(&condition)
        while let next = condition.next, next.reads("OR") {
            _ = condition.take()
            let other = conjunction(&condition)
            outcome = outcome == true || other == true ? true : (outcome == nil || other == nil ? nil : false)
        }
        return outcome
    }

    private mutating func conjunction(_ condition: inout Condition) -> Bool? {
        var outcome = negation(&condition)
        while let next = condition.next, next.reads("AND") {
            _ = condition.take()
            let other = negation(&condition)
            outcome = outcome == false || other == false ? false : (outcome == nil || other == nil ? nil : true)
        }
        return outcome
    }

    private mutating func negation(_ condition: inout Condition) -> Bool? {
        guard let next = condition.next, next.reads("NOT"), condition.place < 10_000 else {
            return comparison(&condition)
        }
        _ = condition.take()
        return negation(&condition).map { !$0 }
    }

    private mutating func comparison(_ condition: inout Condition) -> Bool? {
        guard let first = condition.take() else { return false }
        if first.reads("(") {
            let outcome = alternatives(&condition)
            if condition.next?.reads(")") == true { _ = condition.take() }
            return outcome
        }
        if !first.isQuoted, unaryTests.contains(first.text), let operand = condition.next,
            !binaryTests.contains(operand.text) || operand.isQuoted
        {
            _ = condition.take()
            return unary(first.text, operand.text)
        }
        guard let operation = condition.next, !operation.isQuoted, binaryTests.contains(operation.text) else {
            return truth(first)
        }
        _ = condition.take()
        guard let second = condition.take() else { return nil }
        guard let left = value(first), let right = operation.text == "IN_LIST" ? text(second.text) : value(second),
            !left.contains("$"), !right.contains("$")
        else { return nil }
        return binary(operation.text, left, right)
    }

    private mutating func unary(_ test: String, _ operand: String) -> Bool? {
        switch test {
        case "DEFINED":
            if operand.hasPrefix("ENV{") { return false }
            if isTestSwitch(operand) { return nil }
            return isUnknown(operand) ? nil : variables[operand] != nil
        case "EXISTS", "IS_DIRECTORY":
            guard !operand.contains("$"), let path = resolved(operand, in: currentFolder) else { return nil }
            return repository.contains(path) || !repository.files(in: path).isEmpty
        case "COMMAND": return procedures[operand.lowercased()] != nil ? true : nil
        case "TARGET": return nil
        case "POLICY": return true
        default: return nil
        }
    }

    private func binary(_ operation: String, _ left: String, _ right: String) -> Bool? {
        switch operation {
        case "STREQUAL", "PATH_EQUAL": return left == right
        case "STRLESS": return left < right
        case "STRGREATER": return left > right
        case "IN_LIST": return list(right).contains(left)
        case "MATCHES":
            // Groups that repeat can take for ever on some texts.
            guard right.utf8.count < 200, left.utf8.count < 2_000, !right.contains(")*"), !right.contains(")+"),
                let pattern = try? Regex(right)
            else { return nil }
            return left.firstMatch(of: pattern) != nil
        default: break
        }
        let order: Int
        if operation.hasPrefix("VERSION_") {
            order = compareVersions(left, right)
        } else {
            guard let a = Int(left), let b = Int(right) else { return false }
            order = a < b ? -1 : (a > b ? 1 : 0)
        }
        switch operation.hasPrefix("VERSION_") ? String(operation.dropFirst(8)) : operation {
        case "LESS": return order < 0
        case "GREATER": return order > 0
        case "EQUAL": return order == 0
        case "LESS_EQUAL": return order <= 0
        case "GREATER_EQUAL": return order >= 0
        default: return nil
        }
    }

    /// An operand of a comparison: the value of the variable of that name, else the text itself.
    private func value(_ term: Term) -> String? {
        guard !term.isQuoted else { return term.text }
        switch variables[term.text] {
        case .known(let value)?: return value
        case .unknown?: return nil
        case nil: return isUnknown(term.text) ? nil : term.text
        }
    }

    /// The truth of a constant or variable.
    private mutating func truth(_ term: Term) -> Bool? {
        if let constant = constantTruth(term.text) { return constant }
        if term.text.contains("$") { return nil }
        if term.isQuoted { return false }
        switch variables[term.text] {
        case .known(let value)?: return value.contains("$") ? nil : constantTruth(value) ?? true
        case .unknown?: return nil
        case nil:
            if isTestSwitch(term.text) {
                switchOnTests(term.text)
                return true
            }
            return isUnknown(term.text) ? nil : false
        }
    }
}

/// The truth of a word that is not the name of a variable; nil for one that may be.
func constantTruth(_ text: String) -> Bool? {
    let word = text.uppercased()
    if ["1", "ON", "YES", "TRUE", "Y"].contains(word) { return true }
    if ["", "0", "OFF", "NO", "FALSE", "N", "IGNORE", "NOTFOUND"].contains(word) || word.hasSuffix("-NOTFOUND") {
        return false
    }
    return Double(word).map { $0 != 0 }
}

/// Orders dotted numbers.
func compareVersions(_ left: String, _ right: String) -> Int {
    func numbers(_ text: String) -> [Int] { text.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 } }
    let (a, b) = (numbers(left), numbers(right))
    for index in 0..<max(a.count, b.count) {
        let (x, y) = (index < a.count ? a[index] : 0, index < b.count ? b[index] : 0)
        if x != y { return x < y ? -1 : 1 }
    }
    return 0
}

private let unaryTests: Set<String> = [
    "DEFINED", "EXISTS", "IS_DIRECTORY", "COMMAND", "TARGET", "POLICY", "IS_ABSOLUTE", "IS_SYMLINK", "TEST",
    "IS_READABLE",
]

private let binaryTests: Set<String> = [
    "STREQUAL", "STRLESS", "STRGREATER", "STRLESS_EQUAL", "STRGREATER_EQUAL", "MATCHES", "LESS", "GREATER", "EQUAL",
    "LESS_EQUAL", "GREATER_EQUAL", "VERSION_LESS", "VERSION_GREATER", "VERSION_EQUAL", "VERSION_LESS_EQUAL",
    "VERSION_GREATER_EQUAL", "IN_LIST", "IS_NEWER_THAN", "PATH_EQUAL",
]
