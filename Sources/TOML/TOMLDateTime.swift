//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Whether `text` is a date, a time or both as in RFC 3339, with or without an offset.
func isTOMLDateTime(_ text: ArraySlice<UInt8>) -> Bool {
    if isTOMLDate(text) { return true }
    let date = text.prefix(10)
    guard isTOMLDate(date) else { return isTime(text) }
    let rest = text.dropFirst(10)
    guard let separator = rest.first, "Tt ".utf8.contains(separator) else { return false }
    let time = rest.dropFirst()
    if time.last == UInt8(ascii: "Z") || time.last == UInt8(ascii: "z") { return isTime(time.dropLast()) }
    if let sign = time.lastIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) {
        let offset = time[(sign + 1)...]
        return isTime(time[..<sign]) && offset.count == 5 && isTime(offset)
    }
    return isTime(time)
}

/// Whether `text` is a date `1979-05-27` that the calendar has.
func isTOMLDate(_ text: ArraySlice<UInt8>) -> Bool {
    let parts = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count == 3, let year = number(parts[0], digits: 4), let month = number(parts[1], digits: 2),
        let day = number(parts[2], digits: 2)
    else { return false }
    let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days =
        switch month {
        case 2: isLeapYear ? 29 : 28
        case 4, 6, 9, 11: 30
        case 1...12: 31
        default: 0
        }
    return 1 <= day && day <= days
}

/// Whether `text` is a time `07:32:00.999`, or one without seconds.
private func isTime(_ text: ArraySlice<UInt8>) -> Bool {
    let halves = text.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    let parts = (halves.first ?? []).split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 3 || (parts.count == 2 && halves.count == 1) else { return false }
    // RFC 3339 has second 60 for leap seconds.
    for (part, limit) in zip(parts, [23, 59, 60]) {
        guard let value = number(part, digits: 2), value <= limit else { return false }
    }
    return halves.count == 1 || (!halves[1].isEmpty && halves[1].allSatisfy(isDecimalDigit))
}

private func number(_ text: ArraySlice<UInt8>, digits: Int) -> Int? {
    guard text.count == digits, text.allSatisfy(isDecimalDigit) else { return nil }
    return text.reduce(0) { $0 * 10 + Int($1 & 0x0F) }
}
