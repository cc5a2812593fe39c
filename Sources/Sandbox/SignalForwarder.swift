//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Hands the signals that this process gets on to the program in a sandbox, for as long as that runs. One at a time in
/// a process, as there is one foreground.
///
/// With a shared terminal ^C and ^\ reach the program by themselves, and this process only survives them; SIGTERM and
/// SIGHUP then end this process, and the sandbox with it.
final class SignalForwarder: Sendable {
    private let previous: [(signal: Int32, action: sigaction)]

    init(sharesTerminal: Bool) {
        // Also makes sure that the handler finds them initialised.
        target.store(0, ordering: .relaxed)
        pending.store(0, ordering: .relaxed)
        var action = sigaction()
        if sharesTerminal {
            action.__sigaction_handler.sa_handler = SIG_IGN
        } else {
            action.__sigaction_handler.sa_handler = forward
            action.sa_flags = SA_RESTART
        }
        var replaced: [(signal: Int32, action: sigaction)] = []
        for signal in sharesTerminal ? [SIGINT, SIGQUIT] : [SIGINT, SIGQUIT, SIGTERM, SIGHUP] {
            var old = sigaction()
            if sigaction(signal, &action, &old) == 0 { replaced.append((signal, old)) }
        }
        previous = replaced
    }

    /// Begins to hand on signals to the session of `process`, the last one that came before included.
    func start(to process: Int32) {
        target.store(process, ordering: .sequentiallyConsistent)
        let signal = pending.exchange(0, ordering: .sequentiallyConsistent)
        if signal != 0 { kill(-process, signal) }
    }

    /// Ends it, and lets this process deal with signals as it did before.
    func stop() {
        target.store(0, ordering: .sequentiallyConsistent)
        for (signal, action) in previous {
            var action = action
            sigaction(signal, &action, nil)
        }
    }
}

private let target = Atomic<Int32>(0)
private let pending = Atomic<Int32>(0)

/// The signal handler: only kill(2) and atomics.
private func forward(_ signal: Int32) {
    let error = errno
    let process = target.load(ordering: .sequentiallyConsistent)
    if process == 0 {
        pending.store(signal, ordering: .sequentiallyConsistent)
    } else {
        // The engine's own processes in that group do not heed it.
        kill(-process, signal)
    }
    errno = error
}
