//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import JSON
import Registry
import Store
import Synchronization

/// Shows how far a push or pull is, on standard error.
final class TransferPrinter: Sendable {
    private struct State {
        var moved: [Digest: Int64] = [:]
        var sizes: [Digest: Int64] = [:]
        var output = LiveLine()
        var lastShown = ContinuousClock.now
    }

    private let style: ProgressStyle
    private let isLive: Bool
    private let state = Mutex(State())

    init(style: ProgressStyle) {
        self.style = style
        isLive = style == .auto && errorIsTerminal
    }

    func show(_ event: RegistryEvent) {
        state.withLock { state in
            guard case .blob(_, let digest, let size, let blob) = event else {
                if case .note(let text) = event { state.output.print("note: \(text)") }
                return
            }
            if style == .none { return }
            if case .moving(let count) = blob {
                state.moved[digest] = count
                state.sizes[digest] = size
                showTotal(&state)
            } else if style == .json {
                state.output.print(json(digest, size, blob))
            } else if let text = text(digest, size, blob) {
                state.output.print(text)
            }
        }
    }

    /// Ends the line that is being rewritten.
    func finish() {
        state.withLock { $0.output.clear() }
    }

    private func text(_ digest: Digest, _ size: Int64, _ state: RegistryEvent.BlobState) -> String? {
        let name = "\(digest.hex.prefix(12))  \(byteCount(size))"
        switch state {
        case .retrying(let reason): return "note: \(name): trying again, \(reason)"
        case .exists: return "\(name)  is there"
        case .mounted(let source): return "\(name)  mounted from \(source)"
        case .finished: return "\(name)  done"
        case .moving: return nil
        }
    }

    private func json(_ digest: Digest, _ size: Int64, _ state: RegistryEvent.BlobState) -> String {
        let rest =
            switch state {
            case .retrying(let reason): "\"retrying\", \"reason\": \(jsonString(reason))"
            case .exists: "\"exists\""
            case .mounted(let source): "\"mounted\", \"from\": \(jsonString(source))"
            case .finished: "\"finished\""
            case .moving(let count): "\"moving\", \"bytes\": \(count)"
            }
        return "{\"blob\": \"\(digest)\", \"size\": \(size), \"state\": \(rest)}"
    }

    private func showTotal(_ state: inout State) {
        guard isLive, ContinuousClock.now - state.lastShown > .milliseconds(100) else { return }
        state.lastShown = .now
        let moved = state.moved.values.reduce(0, +)
        let size = state.sizes.values.reduce(0, +)
        state.output.rewrite("\(byteCount(moved)) of \(byteCount(size))")
    }
}

/// A number of bytes for people, in decimal units.
func byteCount(_ bytes: Int64) -> String {
    switch bytes {
    case ..<1_000: "\(bytes) B"
    case ..<1_000_000: "\(bytes / 1_000) kB"
    default: "\(bytes / 1_000_000).\(bytes / 100_000 % 10) MB"
    }
}
