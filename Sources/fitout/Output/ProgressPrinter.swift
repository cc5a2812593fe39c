//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Builder
import Download
import Glibc
import JSON
import Synchronization

/// How progress is shown.
enum ProgressStyle: String, ExpressibleByArgument, CaseIterable {
    /// A line that is rewritten on a terminal, else plain lines.
    case auto
    /// One line for each phase and note, and the output of tools.
    case plain
    /// One JSON object for each event.
    case json
    /// Nothing but notes.
    case none
}

/// Shows what happens on standard error.
final class ProgressPrinter: Sendable {
    private struct State {
        var phase = ""
        var received: [String: Int64] = [:]
        var expected: [String: Int64] = [:]
        var output = LiveLine()
        var lastShown: UInt64 = 0
        var timings: [(phase: String, seconds: Double)] = []
        var phaseStart: UInt64 = 0
    }

    private let style: ProgressStyle
    private let isLive: Bool
    private let state = Mutex(State())

    init(style: ProgressStyle) {
        self.style = style
        isLive = style == .auto && errorIsTerminal
    }

    func show(_ event: BuildEvent) {
        state.withLock { state in
            switch (event, style) {
            case (.phase(let text), .json):
                endPhase(&state)
                state.phase = text
                state.output.print("{\"phase\": \(jsonString(text))}")
            case (.output(let text), .json): state.output.print("{\"output\": \(jsonString(text))}")
            case (.note(let text), .json): state.output.print("{\"note\": \(jsonString(text))}")
            case (.note(let text), _): state.output.print("note: \(text)")
            case (.output(let text), .plain): state.output.print("  \(text)")
            case (.output, _): break
            case (.phase(let text), .none): state.phase = text
            case (.phase(let text), _):
                if text == state.phase { return }
                state.phase = text
                if isLive { state.output.rewrite(text) } else { state.output.print(text) }
            }
        }
    }

    func show(_ progress: DownloadProgress) {
        state.withLock { state in
            state.received[progress.label] = progress.receivedBytes
            state.expected[progress.label] = progress.expectedBytes ?? progress.receivedBytes
            if case .retrying(let reason) = progress.state, style != .none {
                state.output.print("note: \(progress.label): trying again, \(reason)")
            }
            guard isLive else { return }
            let now = monotonicNanoseconds()
            if now < state.lastShown + 100_000_000 { return }
            state.lastShown = now
            let received = state.received.values.reduce(0, +)
            let expected = state.expected.values.reduce(0, +)
            state.output.rewrite("\(state.phase): \(byteCount(received)) of \(byteCount(expected))")
        }
    }

    /// Ends the line that is being rewritten; in JSON, tells how long each phase took.
    func finish() {
        state.withLock { state in
            if style == .json, !state.phase.isEmpty {
                endPhase(&state)
                let timings = state.timings.map { "{\"phase\": \(jsonString($0.phase)), \"seconds\": \($0.seconds)}" }
                state.output.print("{\"timings\": [\(timings.joined(separator: ", "))]}")
            }
            state.output.clear()
        }
    }

    private func endPhase(_ state: inout State) {
        let now = monotonicNanoseconds()
        if !state.phase.isEmpty {
            state.timings.append((state.phase, Double((now - state.phaseStart) / 1_000_000) / 1000))
        }
        state.phaseStart = now
    }
}

/// The clock that does not go back, in nanoseconds.
func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
