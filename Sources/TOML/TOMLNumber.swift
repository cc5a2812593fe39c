//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

enum TOMLNumber {
    case integer(Int64)
    case float(Double)
    /// An integer beyond 64 bits.
    case tooLarge
}

/// The number that `text` is in TOML, or `nil`.
func tomlNumber(_ text: ArraySlice<UInt8>) -> TOMLNumber? {
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.starts(with: prefix.utf8) {
        guard let digits = withoutUnderscores(text.dropFirst(2), isHexadecimalDigit),
            digits.allSatisfy({ Int(hexadecimalDigit: $0) < radix })
        else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self), radix: radix).map { .integer($0) } ?? .tooLarge
    }
    var rest = text
    let sign = rest.first
    if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest.removeFirst() }
    let isNegative = sign == UInt8(ascii: "-")
    if rest.elementsEqual("inf".utf8) { return .float(isNegative ? -.infinity : .infinity) }
    if rest.elementsEqual("nan".utf8) { return .float(.nan) }

    let isDigits = { (byte: UInt8) in isDecimalDigit(byte) || byte == UInt8(ascii: "_") }
    let whole = rest.prefix(while: isDigits)
    rest = rest[whole.endIndex...]
    guard var number = withoutUnderscores(whole, isDecimalDigit), number.count == 1 || number[0] != UInt8(ascii: "0")
    else { return nil }
    if isNegative { number.insert(UInt8(ascii: "-"), at: 0) }
    if rest.isEmpty { return Int64(String(decoding: number, as: UTF8.self)).map { .integer($0) } ?? .tooLarge }

    if rest.first == UInt8(ascii: ".") {
        let fraction = rest.dropFirst().prefix(while: isDigits)
        rest = rest[fraction.endIndex...]
        guard let digits = withoutUnderscores(fraction, isDecimalDigit) else { return nil }
        number += [UInt8(ascii: ".")] + digits
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
        rest.removeFirst()
        number.append(UInt8(ascii: "e"))
        if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
            number.append(sign)
            rest.removeFirst()
        }
        guard let digits = withoutUnderscores(rest, isDecimalDigit) else { return nil }
        number += digits
        rest = []
    }
    guard rest.isEmpty else { return nil }
    return Double(String(decoding: number, as: UTF8.self)).map { .float($0) }
}

/// The digits without the underscores, each of which must stand between two digits.
private func withoutUnderscores(_ text: ArraySlice<UInt8>, _ isDigit: (UInt8) -> Bool) -> [UInt8]? {
    let groups = text.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
    guard groups.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }) else { return nil }
    return Array(groups.joined())
}

func isDecimalDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

func isHexadecimalDigit(_ byte: UInt8) -> Bool {
    isDecimalDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
}

extension Int {
    /// The value of a byte that is a hexadecimal digit.
    fileprivate init(hexadecimalDigit byte: UInt8) {
        self = isDecimalDigit(byte) ? Int(byte & 0x0F) : Int(byte & 0x0F) + 9
    }
}
