//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Whether a plain scalar of these bytes is anything but a string in YAML 1.1 or in the YAML 1.2 core schema.
func hasPlainType(_ bytes: [UInt8]) -> Bool {
    words.contains(bytes) || isNumber(bytes) || isDate(bytes)
}

private let words: Set<[UInt8]> = {
    var words: Set<[UInt8]> = [Array("~".utf8), Array("<<".utf8), Array("=".utf8)]
    for word in ["null", "true", "false", "yes", "no", "on", "off", "y", "n"] {
        let capitalized = word.prefix(1).uppercased() + word.dropFirst()
        for form in [word, capitalized, word.uppercased()] { words.insert(Array(form.utf8)) }
    }
    for word in [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"] {
        for sign in ["", "+", "-"] { words.insert(Array((sign + word).utf8)) }
    }
    return words
}()

/// Decimal, octal, hexadecimal, binary and sexagesimal integers and floats, with `_` among the digits.
private func isNumber(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest.removeFirst() }
    let underscore = UInt8(ascii: "_")
    for (prefix, digits) in [("0x", hexadecimalDigits), ("0o", Set(decimalDigits)), ("0b", Set(decimalDigits))]
    where rest.starts(with: prefix.utf8) {
        let body = rest.dropFirst(2)
        return !body.isEmpty && body.allSatisfy { $0 == underscore || digits.contains($0) }
    }
    let mantissa = rest.prefix { decimalDigits.contains($0) || $0 == underscore || ".:".utf8.contains($0) }
    guard mantissa.contains(where: decimalDigits.contains), mantissa.first != underscore,
        mantissa.count(where: { $0 == UInt8(ascii: ".") }) <= 1
    else { return false }
    var exponent = rest.dropFirst(mantissa.count)
    guard let e = exponent.popFirst() else { return true }
    guard e == UInt8(ascii: "e") || e == UInt8(ascii: "E") else { return false }
    if let sign = exponent.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { exponent.removeFirst() }
    return !exponent.isEmpty && exponent.allSatisfy(decimalDigits.contains)
}

/// A date `2024-1-31`, or one with a time behind it.
private func isDate(_ bytes: [UInt8]) -> Bool {
    let parts = bytes.split(separator: UInt8(ascii: "-"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, (1...2).contains(parts[1].count),
        (parts[0] + parts[1]).allSatisfy(decimalDigits.contains)
    else { return false }
    let day = parts[2].prefix(while: decimalDigits.contains)
    guard (1...2).contains(day.count) else { return false }
    guard let next = parts[2].dropFirst(day.count).first else { return true }
    return "Tt ".utf8.contains(next)
}

private let decimalDigits = UInt8(ascii: "0")...UInt8(ascii: "9")
private let hexadecimalDigits = Set("0123456789abcdefABCDEF".utf8)
