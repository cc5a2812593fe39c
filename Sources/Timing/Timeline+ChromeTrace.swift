//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import JSON

extension Timeline {
    /// The timeline in the Trace Event Format (complete events), which Perfetto and Chrome's `about:tracing` show.
    ///
    /// What went on at the same time stands in lanes of its own; a part stands below the one that it belongs to, where
    /// that has room.
    public func chromeTrace() -> String {
        let spans = spans
        let origin = spans.first?.start ?? 0
        let last = spans.map { $0.end ?? $0.start }.max() ?? 0
        let lanes = Self.lanes(of: spans, until: last)
        let events = spans.map { span in
            let start = span.start - origin, duration = (span.end ?? last) - span.start
            return
                "{\"name\": \(jsonString(span.name)), \"ph\": \"X\", \"pid\": 1, \"tid\": \(lanes[span.number] + 1), "
                + "\"ts\": \(microseconds(start)), \"dur\": \(microseconds(duration))}"
        }
        return "{\"displayTimeUnit\": \"ms\", \"traceEvents\": [\n" + events.joined(separator: ",\n") + "\n]}\n"
    }

    /// A lane for each span, so that in each lane spans are apart or one inside another that it belongs to.
    static func lanes(of spans: [Span], until last: UInt64) -> [Int] {
        var lanes: [Int] = []
        /// For each lane the spans under way, outermost first.
        var open: [[Span]] = []
        for span in spans {
            for lane in open.indices {
                while let top = open[lane].last, (top.end ?? last) <= span.start { open[lane].removeLast() }
            }
            let fitting = open.indices.first { lane in
                guard let top = open[lane].last else { return true }
                return top.number == span.parent && (span.end ?? last) <= (top.end ?? last)
            }
            let parents = open.indices.first { open[$0].last?.number == span.parent && span.parent != nil }
            let lane = parents ?? fitting ?? open.count
            if lane == open.count { open.append([]) }
            open[lane].append(span)
            lanes.append(lane)
        }
        return lanes
    }
}

private func microseconds(_ nanoseconds: UInt64) -> String {
    let fraction = String(nanoseconds % 1000)
    return "\(nanoseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
}
