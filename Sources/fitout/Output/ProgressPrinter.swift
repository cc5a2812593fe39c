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
        var isLineOpen = false
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
                line("{\"phase\": \(jsonString(text))}", &state)
            case (.output(let text), .json): line("{\"output\": \(jsonString(text))}", &state)
            case (.note(let text), .json): line("{\"note\": \(jsonString(text))}", &state)
            case (.note(let text), _): line("note: \(text)", &state)
            case (.output(let text), .plain): line("  \(text)", &state)
            case (.output, _): break
            case (.phase(let text), .none): state.phase = text
            case (.phase(let text), _):
                if text == state.phase { return }
                state.phase = text
                if isLive { rewrite(text, &state) } else { line(text, &state) }
            }
        }
    }

    func show(_ progress: DownloadProgress) {
        state.withLock { state in
            state.received[progress.label] = progress.receivedBytes
            state.expected[progress.label] = progress.expectedBytes ?? progress.receivedBytes
            if case .retrying(let reason) = progress.state, style != .none {
                line("note: \(progress.label): trying again, \(reason)", &state)
            }
            guard isLive else { return }
            let now = monotonicNanoseconds()
            if now < state.lastShown + 100_000_000 { return }
            state.lastShown = now
            let received = state.received.values.reduce(0, +)
            let expected = state.expected.values.reduce(0, +)
            rewrite("\(state.phase): \(megabytes(received)) of \(megabytes(expected)) MB", &state)
        }
    }

    /// Ends the line that is being rewritten; in JSON, tells how long each phase took.
    func finish() {
        state.withLock { state in
            if style == .json, !state.phase.isEmpty {
                endPhase(&state)
                let timings = state.timings.map { "{\"phase\": \(jsonString($0.phase)), \"seconds\": \($0.seconds)}" }
                line("{\"timings\": [\(timings.joined(separator: ", "))]}", &state)
            }
            if state.isLineOpen { write("\r\u{1B}[K", to: STDERR_FILENO) }
            state.isLineOpen = false
        }
    }

    private func endPhase(_ state: inout State) {
        let now = monotonicNanoseconds()
        if !state.phase.isEmpty {
            state.timings.append((state.phase, Double((now - state.phaseStart) / 1_000_000) / 1000))
        }
        state.phaseStart = now
    }

    private func line(_ text: String, _ state: inout State) {
        if state.isLineOpen { write("\r\u{1B}[K", to: STDERR_FILENO) }
        state.isLineOpen = false
        write(printable(text) + "\n", to: STDERR_FILENO)
    }

    private func rewrite(_ text: String, _ state: inout State) {
        write("\r\u{1B}[K\(printable(text))", to: STDERR_FILENO)
        state.isLineOpen = true
    }

    private func megabytes(_ bytes: Int64) -> String {
        "\(bytes / 1_000_000).\(bytes / 100_000 % 10)"
    }
}

/// The clock that does not go back, in nanoseconds.
func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
