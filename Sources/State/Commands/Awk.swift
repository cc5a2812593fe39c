//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// `awk` with rules of patterns, assignments, `print`, `sub`, `gsub`, `next` and `exit`: the one-liners of scripts.
func awk(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    var rest = arguments[...]
    var machine = AwkMachine(effort: shell.effort)
    machine.environment = shell.exported.filter { shell.variables[$0] != nil }.sorted()
    while let word = rest.first, word.hasPrefix("-"), word.utf8.count > 1 {
        rest.removeFirst()
        if word.hasPrefix("-F") {
            machine.separator = word == "-F" ? rest.popFirst() ?? " " : String(word.dropFirst(2))
        } else if word == "-v", let assignment = rest.popFirst(), let equals = assignment.firstIndex(of: "=") {
            machine.variables[String(assignment[..<equals])] = String(assignment[assignment.index(after: equals)...])
        } else {
            throw shell.unsupported("`awk \(word)`")
        }
    }
    let program = rest.popFirst() ?? ""
    var parser = AwkParser(text: Array(program.utf8), effort: shell.effort)
    guard let rules = parser.parse(), machine.separator.utf8.count == 1 else {
        throw shell.unsupported("`awk \(program)`")
    }
    let (bytes, status) = try shell.input(Array(rest), of: "awk")
    try shell.write(machine.run(rules, bytes))
    return status
}

private indirect enum AwkExpression {
    case text(String)
    case regex(Regex)
    case variable(String)
    case field(AwkExpression)
    case compare(AwkExpression, String, AwkExpression)
    case join(AwkExpression, AwkExpression)
    case not(AwkExpression)
    case both(AwkExpression, AwkExpression)
    case either(AwkExpression, AwkExpression)
}

private enum AwkStatement {
    case print([AwkExpression])
    case assign(String, AwkExpression)
    case substitute(Regex, AwkExpression, global: Bool)
    case next, exit
    /// `for (name in ENVIRON) statement`
    case environment(String, [AwkStatement])
}

private struct AwkRule {
    enum Pattern { case begin, end, always, when(AwkExpression) }

    var pattern: Pattern
    var statements: [AwkStatement]
}

private struct AwkMachine {
    var variables: [String: String] = [:]
    var separator = " "
    var environment: [String] = []
    private var record: [UInt8] = []
    private var fields: [[UInt8]] = []
    private var output: [UInt8] = []
    private let effort: ShellEffort

    init(effort: ShellEffort) { self.effort = effort }

    private enum Flow { case goOn, next, exit }

    mutating func run(_ rules: [AwkRule], _ input: [UInt8]) -> [UInt8] {
        for rule in rules { if case .begin = rule.pattern { _ = execute(rule.statements) } }
        let needsInput = rules.contains { if case .begin = $0.pattern { false } else { true } }
        var number = 0
        reading: for line in needsInput ? lines(input) : [] {
            number += 1
            variables["NR"] = String(number)
            setRecord(Array(line))
            for rule in rules {
                switch rule.pattern {
                case .begin, .end: continue
                case .when(let condition) where !isTrue(condition): continue
                default: break
                }
                let flow = execute(rule.statements)
                if flow == .exit { break reading }
                if flow == .next { break }
            }
        }
        for rule in rules { if case .end = rule.pattern { _ = execute(rule.statements) } }
        return output
    }

    private mutating func setRecord(_ bytes: [UInt8]) {
        record = bytes
        let byte = separator.utf8.first ?? 0x20
        fields =
            (byte == 0x20
            ? bytes.split { $0 == 0x20 || $0 == 0x09 } : bytes.split(separator: byte, omittingEmptySubsequences: false))
            .map(Array.init)
        variables["NF"] = String(fields.count)
    }

    private mutating func execute(_ statements: [AwkStatement]) -> Flow {
        for statement in statements {
            guard effort.spend(64 + record.count) else { return .exit }
            switch statement {
            case .print(let values):
                output += values.isEmpty ? record : Array(values.map(value).joined(separator: [0x20]))
                output.append(0x0A)
            case .assign(let name, let expression):
                variables[name] = String(decoding: value(expression), as: UTF8.self)
            case .substitute(let regex, let replacement, let global):
                setRecord(substitute(regex, value(replacement), global))
            case .next: return .next
            case .exit: return .exit
            case .environment(let name, let body):
                for key in environment {
                    variables[name] = key
                    let flow = execute(body)
                    if flow != .goOn { return flow }
                }
            }
        }
        return .goOn
    }

    private func substitute(_ regex: Regex, _ replacement: [UInt8], _ global: Bool) -> [UInt8] {
        var result: [UInt8] = []
        var position = 0
        while position <= record.count, effort.spend(replacement.count + 16),
            let range = regex.firstMatch(in: record, from: position)?[0]
        {
            result += record[position..<range.lowerBound]
            for byte in replacement {
                guard byte == UInt8(ascii: "&") else { result.append(byte); continue }
                if effort.spend(range.count) { result += record[range] }
            }
            position = range.upperBound
            if range.isEmpty {
                if position < record.count { result.append(record[position]) }
                position += 1
            }
            if !global { break }
        }
        return result + (position < record.count ? record[position...] : [])
    }

    private func value(_ expression: AwkExpression) -> [UInt8] {
        switch expression {
        case .text(let text): return Array(text.utf8)
        case .variable(let name): return Array((variables[name] ?? "").utf8)
        case .field(let index):
            guard let number = Int(String(decoding: value(index), as: UTF8.self)), number > 0 else { return record }
            return number <= fields.count ? fields[number - 1] : []
        case .join(let left, let right):
            let (first, second) = (value(left), value(right))
            return effort.spend(first.count + second.count) ? first + second : []
        default: return isTrue(expression) ? [UInt8(ascii: "1")] : [UInt8(ascii: "0")]
        }
    }

    private func isTrue(_ expression: AwkExpression) -> Bool {
        switch expression {
        case .regex(let regex): return regex.firstMatch(in: record) != nil
        case .not(let inner): return !isTrue(inner)
        case .both(let left, let right): return isTrue(left) && isTrue(right)
        case .either(let left, let right): return isTrue(left) || isTrue(right)
        case .compare(let left, let symbol, let right): return compare(left, symbol, right)
        default:
            let text = value(expression)
            return !text.isEmpty && text != [UInt8(ascii: "0")]
        }
    }

    private func compare(_ left: AwkExpression, _ symbol: String, _ right: AwkExpression) -> Bool {
        if case .regex(let regex) = right { return (regex.firstMatch(in: value(left)) != nil) == (symbol == "~") }
        let (one, other) = (value(left), value(right))
        let numbers = (Int(String(decoding: one, as: UTF8.self)), Int(String(decoding: other, as: UTF8.self)))
        let order: Int
        if case (let one?, let other?) = numbers {
            order = one < other ? -1 : one > other ? 1 : 0
        } else {
            order = one == other ? 0 : one.lexicographicallyPrecedes(other) ? -1 : 1
        }
        switch symbol {
        case "==": return order == 0
        case "!=": return order != 0
        case "<": return order < 0
        case "<=": return order <= 0
        case ">": return order > 0
        default: return order >= 0
        }
    }
}

private struct AwkParser {
    let text: [UInt8]
    let effort: ShellEffort
    var position = 0
    /// How many operands and statements there are: programs are walked recursively.
    private var parts = 0

    init(text: [UInt8], effort: ShellEffort) {
        self.text = text
        self.effort = effort
    }

    mutating func parse() -> [AwkRule]? {
        var rules: [AwkRule] = []
        while true {
            skip(" \t\n;")
            if position == text.count { return rules.isEmpty ? nil : rules }
            var pattern = AwkRule.Pattern.always
            if take("BEGIN") {
                pattern = .begin
            } else if take("END") {
                pattern = .end
            } else if peek() != UInt8(ascii: "{") {
                guard let condition = condition() else { return nil }
                pattern = .when(condition)
            }
            skip(" \t")
            guard take("{") else {
                rules.append(AwkRule(pattern: pattern, statements: [.print([])]))
                continue
            }
            guard let statements = statements() else { return nil }
            rules.append(AwkRule(pattern: pattern, statements: statements))
        }
    }

    private func peek() -> UInt8? { position < text.count ? text[position] : nil }

    private mutating func skip(_ set: String) {
        while let byte = peek(), set.utf8.contains(byte) { position += 1 }
    }

    private mutating func take(_ token: String) -> Bool {
        guard text[position...].starts(with: token.utf8) else { return false }
        position += token.utf8.count
        return true
    }

    private mutating func statements() -> [AwkStatement]? {
        var statements: [AwkStatement] = []
        while true {
            skip(" \t\n;")
            if take("}") { return statements }
            guard let statement = statement() else { return nil }
            statements.append(statement)
            skip(" \t")
            guard let next = peek(), ";\n}".utf8.contains(next) else { return nil }
        }
    }

    private mutating func statement() -> AwkStatement? {
        parts += 1
        guard parts <= 200, let name = name() else { return nil }
        skip(" \t")
        switch name {
        case "next": return .next
        case "exit": return .exit
        case "print":
            var values: [AwkExpression] = []
            if let byte = peek(), ";\n}".utf8.contains(byte) { return .print([]) }
            repeat {
                guard let value = joined() else { return nil }
                values.append(value)
                skip(" \t")
            } while take(",")
            return .print(values)
        case "for":
            guard take("("), let variable = self.name() else { return nil }
            skip(" \t")
            guard take("in") else { return nil }
            skip(" \t")
            guard take("ENVIRON)") else { return nil }
            skip(" \t")
            return statement().map { .environment(variable, [$0]) }
        case "sub", "gsub":
            guard take("(") else { return nil }
            skip(" \t")
            guard let pattern = primary() else { return nil }
            skip(" \t")
            guard take(",") else { return nil }
            guard let replacement = joined() else { return nil }
            skip(" \t")
            guard take(")") else { return nil }
            switch pattern {
            case .regex(let regex): return .substitute(regex, replacement, global: name == "gsub")
            case .text(let text):
                return Regex(Array(text.utf8), extended: true, effort).map {
                    .substitute($0, replacement, global: name == "gsub")
                }
            default: return nil
            }
        default:
            guard take("="), peek() != UInt8(ascii: "=") else { return nil }
            return condition().map { .assign(name, $0) }
        }
    }

    private mutating func name() -> String? {
        let end = text[position...].firstIndex { !ShellParser.isNameByte($0) } ?? text.count
        let name = String(decoding: text[position..<end], as: UTF8.self)
        guard ShellParser.isName(name) else { return nil }
        position = end
        return name
    }

    private mutating func condition() -> AwkExpression? {
        guard var left = comparison() else { return nil }
        while true {
            skip(" \t")
            if take("&&") {
                skip(" \t\n")
                guard let right = comparison() else { return nil }
                left = .both(left, right)
            } else if take("||") {
                skip(" \t\n")
                guard let right = comparison() else { return nil }
                left = .either(left, right)
            } else {
                return left
            }
        }
    }

    private mutating func comparison() -> AwkExpression? {
        skip(" \t")
        if peek() == UInt8(ascii: "!") {
            position += 1
            parts += 1
            guard parts <= 200 else { return nil }
            return comparison().map(AwkExpression.not)
        }
        guard let left = joined() else { return nil }
        skip(" \t")
        for symbol in ["==", "!=", "<=", ">=", "!~", "<", ">", "~"] where take(symbol) {
            guard let right = joined() else { return nil }
            return .compare(left, symbol, right)
        }
        return left
    }

    /// One or several operands side by side.
    private mutating func joined() -> AwkExpression? {
        guard var left = primary() else { return nil }
        while true {
            skip(" \t")
            guard let byte = peek(),
                byte == UInt8(ascii: "$") || byte == UInt8(ascii: "\"") || ShellParser.isNameByte(byte)
            else {
                return left
            }
            guard let right = primary() else { return nil }
            left = .join(left, right)
        }
    }

    private mutating func primary() -> AwkExpression? {
        skip(" \t")
        parts += 1
        guard parts <= 200, let byte = peek() else { return nil }
        switch byte {
        case UInt8(ascii: "$"):
            position += 1
            return primary().map(AwkExpression.field)
        case UInt8(ascii: "("):
            position += 1
            guard let inner = condition() else { return nil }
            skip(" \t")
            return take(")") ? inner : nil
        case UInt8(ascii: "\""), UInt8(ascii: "/"):
            position += 1
            var content: [UInt8] = []
            while let next = peek(), next != byte {
                position += 1
                content.append(next)
                if next == UInt8(ascii: "\\"), let escaped = peek() {
                    position += 1
                    if escaped == byte { content.removeLast() }
                    content.append(escaped)
                }
            }
            guard take(byte == UInt8(ascii: "/") ? "/" : "\"") else { return nil }
            if byte == UInt8(ascii: "/") { return Regex(content, extended: true, effort).map(AwkExpression.regex) }
            return .text(String(decoding: unescaped(content, octalPrefix: false), as: UTF8.self))
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            let digits = text[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            position = digits.endIndex
            return .text(String(decoding: digits, as: UTF8.self))
        default:
            return name().map(AwkExpression.variable)
        }
    }
}
