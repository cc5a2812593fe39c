//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import HTTP
import NIOHTTP1
import Testing

@Suite struct RetryPolicyTests {
    @Test func waitsLongerEveryTimeUpToALimit() {
        let policy = RetryPolicy()
        #expect((.milliseconds(375) ... .milliseconds(625)).contains(policy.pause(before: 2, asked: nil)))
        #expect((.milliseconds(1500) ... .milliseconds(2500)).contains(policy.pause(before: 4, asked: nil)))
        #expect(policy.pause(before: 1000, asked: nil) == .seconds(30))
    }

    @Test func waitsAsLongAsTheServerAsksUpToALimit() {
        let policy = RetryPolicy()
        #expect(policy.pause(before: 2, asked: .seconds(7)) == .seconds(7))
        #expect(policy.pause(before: 2, asked: .seconds(3600)) == .seconds(30))
    }

    @Test(
        arguments: [
            ("7", .seconds(7)), ("-1", .seconds(0)), ("Wed, 21 Oct 2015 07:28:00 GMT", nil),
            ("9999999", .seconds(86400)),
        ]
            as [(String, Duration?)])
    func readsThePauseThatAServerAsksFor(text: String, pause: Duration?) {
        #expect(retryPause(["Retry-After": text]) == pause)
    }

    @Test(arguments: [(408, true), (429, true), (500, true), (503, true), (404, false), (401, false), (200, false)])
    func knowsWhichStatusMayPass(code: Int, isPassing: Bool) {
        #expect(isTransient(HTTPResponseStatus(statusCode: code)) == isPassing)
    }
}
