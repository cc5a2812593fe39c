//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import JSON
import Synchronization
import Testing

@testable import Timing

@Suite struct TimelineTests {
    private struct Refused: Error {}

    /// A clock that goes on by a microsecond with every look at it.
    func timeline() -> Timeline {
        let ticks = Ticks()
        return Timeline { ticks.next() }
    }

    private final class Ticks: Sendable {
        let count = Mutex<UInt64>(0)
        func next() -> UInt64 {
            count.withLock {
                $0 += 1000
                return $0
            }
        }
    }

    @Test func recordsWhichPartBelongsToWhich() async {
        let timeline = timeline()
        await timeline.recording {
            measured("build") {
                measured("convert a") {}
                measured("convert b") {}
            }
        }
        let spans = timeline.spans
        #expect(spans.map(\.name) == ["build", "convert a", "convert b"])
        #expect(spans.map(\.parent) == [nil, 0, 0])
        #expect(spans.map(\.start) == [1000, 2000, 4000])
        #expect(spans.map(\.end) == [6000, 3000, 5000])
    }

    @Test func recordsNothingWhereNobodyAsks() {
        #expect(measured("unseen") { 1 } == 1)
    }

    @Test func endsASpanThatFails() async {
        let timeline = timeline()
        await #expect(throws: Refused.self) {
            try await timeline.recording { () throws -> Void in
                try measured("fails") { () throws -> Void in throw Refused() }
            }
        }
        #expect(timeline.spans.map(\.end) == [2000])
    }

    @Test func keepsTheSpanOnAnotherThread() async {
        let timeline = timeline()
        await timeline.recording {
            await measured("build") {
                let run = keepingSpan()
                await Task.detached { run { measured("inside") {} } }.value
            }
        }
        #expect(timeline.spans.map(\.parent) == [nil, 0])
    }

    @Test(
        arguments: [
            ([(nil, 0, 10), (0, 1, 3), (0, 3, 5)], [0, 0, 0]),
            ([(nil, 0, 10), (0, 1, 5), (0, 2, 6)], [0, 0, 1]),
            ([(nil, 0, 10), (nil, 1, 5), (1, 2, 3)], [0, 1, 1]),
            ([(nil, 0, 2), (nil, 2, 4)], [0, 0]),
        ] as [([(Int?, UInt64, UInt64)], [Int])])
    func givesWhatHappensAtTheSameTimeLanesOfItsOwn(spans: [(Int?, UInt64, UInt64)], lanes: [Int]) {
        let spans = spans.enumerated().map { number, span in
            Timeline.Span(number: number, parent: span.0, name: "", start: span.1, end: span.2)
        }
        #expect(Timeline.lanes(of: spans, until: 10) == lanes)
    }

    @Test func writesTheTraceEventFormat() async throws {
        let timeline = timeline()
        await timeline.recording { measured("a \"b\"") {} }
        let trace = try parseJSON(Array(timeline.chromeTrace().utf8))
        let event = try #require(trace["traceEvents"]?.array?.first)
        #expect(event["name"]?.string == "a \"b\"")
        #expect(event["ph"]?.string == "X")
        #expect(timeline.chromeTrace().contains("\"ts\": 0.000, \"dur\": 1.000}"))
    }
}
