//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A moment as RFC 3339 has it in UTC, for example `2026-11-23T14:05:09Z`.
///
/// - Parameter seconds: seconds since 1970.
public func timestamp(_ seconds: Int64) -> String {
    let days = Int(seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400)
    let time = Int(seconds) - days * 86_400
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(CalendarDay(daysSinceEpoch: days))T"
        + "\(padded(time / 3_600)):\(padded(time / 60 % 60)):\(padded(time % 60))Z"
}
