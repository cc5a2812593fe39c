//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension Shell {
    /// The value of `$((…))`: integers, variables, `+ - * / % ( )`, comparisons, `! && ||`.
    mutating func evaluate(_ expression: ShellWord) throws(ShellSignal) -> Int {
        let text = try expandText(expression)
        var parser = ArithmeticParser(text: Array(text.utf8), variables: variables)
        guard let value = parser.parse() else { throw unsupported("the arithmetic `\(text)`") }
        return value
    }
}

private struct ArithmeticParser {
    let text: [UInt8]
    let variables: [String: String]
    var position = 0
    private var depth = 0

    init(text: [UInt8], variables: [String: String]) {
        self.text = text
        self.variables = variables
    }

    mutating func parse() -> Int? {
        guard let value = expression(0), skipBlanks() == nil else { return nil }
        return value
    }

    @discardableResult
    private mutating func skipBlanks() -> UInt8? {
        while position < text.count, text[position] == 0x20 || text[position] == 0x09 || text[position] == 0x0A {
            position += 1
        }
        return position < text.count ? text[position] : nil
    }

    private static let levels: [[String]] = [
        ["||"], ["&&"], ["==", "!="], ["<=", ">=", "<", ">"], ["+", "-"], ["*", "/", "%"],
    ]

    private mutating func takeOperator(_ level: Int) -> String? {
        skipBlanks()
        for symbol in Self.levels[level] where text[position...].starts(with: symbol.utf8) {
            position += symbol.utf8.count
            return symbol
        }
        return nil
    }

    private mutating func expression(_ level: Int) -> Int? {
        guard level < Self.levels.count else { return primary() }
        guard var left = expression(level + 1) else { return nil }
        while let symbol = takeOperator(level) {
            guard let right = expression(level + 1), let value = apply(symbol, left, right) else { return nil }
            left = value
        }
        return left
    }

    private func apply(_ symbol: String, _ left: Int, _ right: Int) -> Int? {
        switch symbol {
        case "||": left != 0 || right != 0 ? 1 : 0
        case "&&": left != 0 && right != 0 ? 1 : 0
        case "==": left == right ? 1 : 0
        case "!=": left != right ? 1 : 0
        case "<=": left <= right ? 1 : 0
        case ">=": left >= right ? 1 : 0
        case "<": left < right ? 1 : 0
        case ">": left > right ? 1 : 0
        case "+": left &+ right
        case "-": left &- right
        case "*": left &* right
        case "/": right == 0 || right == -1 ? nil : left / right
        default: right == 0 || right == -1 ? nil : left % right
        }
    }

    private mutating func primary() -> Int? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 30 else { return nil }
        guard let byte = skipBlanks() else { return nil }
        switch byte {
        case UInt8(ascii: "("):
            position += 1
            guard let value = expression(0), skipBlanks() == UInt8(ascii: ")") else { return nil }
            position += 1
            return value
        case UInt8(ascii: "-"):
            position += 1
            return primary().map { 0 &- $0 }
        case UInt8(ascii: "!"):
            position += 1
            return primary().map { $0 == 0 ? 1 : 0 }
        default:
            let end = text[position...].firstIndex { !ShellParser.isNameByte($0) } ?? text.count
            guard end > position else { return nil }
            let token = String(decoding: text[position..<end], as: UTF8.self)
            position = end
            if let number = number(token) { return number }
            guard ShellParser.isName(token) else { return nil }
            guard let value = variables[token], !value.isEmpty else { return 0 }
            return Int(value)
        }
    }

    private func number(_ token: String) -> Int? {
        if token.hasPrefix("0x") { return Int(token.dropFirst(2), radix: 16) }
        if token.hasPrefix("0"), token.utf8.count > 1 { return Int(token, radix: 8) }
        return Int(token)
    }
}
