//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// How the program ends.
enum ExitStatus: Error, Equatable {
    /// Done.
    case done
    /// A difference was found, or a check did not hold.
    case different
    /// The work could not be done.
    case failed
    /// What a command inside the environment ended with.
    case command(Int32)

    var code: Int32 {
        switch self {
        case .done: 0
        case .different: 1
        case .failed: 2
        case .command(let code): code
        }
    }
}

/// Ends the program.
func leave(with status: ExitStatus) -> Never {
    exit(status.code)
}

/// A reader that goes away ends our output, not the program's exit status.
func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_IGN)
}

/// Data: what a command was asked for.
func printData(_ text: String) {
    write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO)
}

/// Everything that is not data.
func printNote(_ text: String) {
    write(printable(text) + "\n", to: STDERR_FILENO)
}

/// Why the work could not be done.
func printError(_ text: String) {
    write(printable(text) + "\n", to: STDERR_FILENO)
}

/// `text` without what would steer a terminal: names and lines of files are quoted in messages, and may hold anything.
func printable(_ text: String) -> String {
    let isHarmless = { (scalar: UnicodeScalar) in
        scalar == "\n" || scalar == "\t" || scalar.properties.generalCategory != .control
    }
    if text.unicodeScalars.allSatisfy(isHarmless) { return text }
    return text.unicodeScalars.map { isHarmless($0) ? String($0) : $0.escaped(asASCII: true) }.joined()
}

/// Whether a person looks at what goes to standard error.
var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

/// Whether a person types and looks: standard input and output are a terminal.
var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

/// Writes all of `text`, as far as the reader takes it.
func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count > 0 {
            bytes = bytes.dropFirst(count)
        } else if errno != EINTR {
            return
        }
    }
}
