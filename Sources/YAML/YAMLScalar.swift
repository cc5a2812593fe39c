//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// `text` as a YAML scalar on one line: plain, and in double quotes exactly where a plain scalar would read back as
/// something else in YAML 1.1 or 1.2 (a number, a boolean, null, a date, structure, a comment).
///
/// - Parameters:
///   - text: Any text.
///   - inFlow: Whether it will stand within `[]` or `{}`, where commas and brackets are structure too.
public func yamlScalar(_ text: String, inFlow: Bool = false) -> String {
    let bytes = Array(text.utf8)
    if isPlain(bytes, inFlow: inFlow), !hasPlainType(bytes), text.unicodeScalars.allSatisfy(isPrintable) { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": quoted += "\\\""
        case "\\": quoted += "\\\\"
        case "\n": quoted += "\\n"
        case "\r": quoted += "\\r"
        case "\t": quoted += "\\t"
        case _ where isPrintable(scalar): quoted.unicodeScalars.append(scalar)
        default: quoted += escape(scalar)
        }
    }
    return quoted + "\""
}

/// Whether the scalar may stand in a YAML text as it is, line breaks and byte order marks apart.
private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
}

private func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    switch scalar.value {
    case ...0xFF: return "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
    case ...0xFFFF: return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// Whether the bytes have the form of a plain scalar (YAML 1.2.2, 7.3.3), and one that libyaml takes as well.
private func isPlain(_ bytes: [UInt8], inFlow: Bool) -> Bool {
    let space = UInt8(ascii: " ")
    guard let first = bytes.first, let last = bytes.last, first != space, last != space else { return false }
    switch first {
    case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"):
        if bytes.count == 1 || bytes[1] == space || inFlow { return false }
    case _ where "#&*!|>'\"%@`,[]{}".utf8.contains(first):
        return false
    default:
        break
    }
    // At the beginning of a line these end the document.
    if bytes.starts(with: "---".utf8) || bytes.starts(with: "...".utf8) { return false }
    if last == UInt8(ascii: ":") { return false }
    for (byte, next) in zip(bytes, bytes.dropFirst()) {
        if byte == UInt8(ascii: ":"), next == space || inFlow { return false }
        if byte == space, next == UInt8(ascii: "#") { return false }
    }
    return !inFlow || !bytes.contains(where: ",[]{}?".utf8.contains)
}
