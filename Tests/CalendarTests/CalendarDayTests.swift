//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Calendar
import Testing

struct CalendarDayTests {
    @Test(arguments: [
        ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11016), ("2024-02-29", 19782), ("2024-03-01", 19783),
        ("1900-03-01", -25508), ("0000-01-01", -719_528), ("9999-12-31", 2_932_896),
    ])
    func countsDays(text: String, days: Int) {
        #expect(CalendarDay(text)?.daysSinceEpoch == days)
        #expect(CalendarDay(daysSinceEpoch: days).description == text)
    }

    @Test func readsEveryDayThatItWrites() {
        for days in stride(from: -719_528, through: 2_932_896, by: 97) {
            #expect(CalendarDay(CalendarDay(daysSinceEpoch: days).description)?.daysSinceEpoch == days)
        }
    }

    @Test(arguments: [
        "", "2024", "2024-1-1", "24-01-01", "2024-00-10", "2024-13-01", "2024-01-32", "2024-02-30", "2023-02-29",
        "1900-02-29", "2024-06-31", "+024-01-01", "2024-+1-01", "2024-01-01T00:00:00Z", "2024/01/01", "٢٠٢٤-01-01",
        "2024-01-0１",
    ])
    func refusesWhatIsNoDay(text: String) {
        #expect(CalendarDay(text) == nil)
    }
}
