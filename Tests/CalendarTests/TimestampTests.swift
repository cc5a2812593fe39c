//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Calendar
import Testing

struct TimestampTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (1_795_252_544, "2026-11-21T09:15:44Z"),
        (951_782_400, "2000-02-29T00:00:00Z"),
    ])
    func writesMoments(seconds: Int64, expected: String) {
        #expect(timestamp(seconds) == expected)
    }
}
