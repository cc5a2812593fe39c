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

/// Makes standard input, output and error safe to use.
///
/// A reader that goes away ends our output, not the program's exit status. Streams that the caller has closed are
/// opened: otherwise the next file would get their number, and what is printed would go into it.
func prepareStandardStreams() {
    signal(SIGPIPE, SIG_IGN)
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
        // The wrong way round, so that using it is an error, as it is of a closed one.
        _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
}

/// Data: what a command was asked for. Ends the program if it cannot be written, unless its reader has gone away.
func printData(_ text: String) {
    guard let failure = write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO), failure != EPIPE else {
        return
    }
    printError("error: cannot write to the standard output: \(String(cString: strerror(failure)))")
    leave(with: .failed)
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

/// Writes all of `text`, as far as the reader takes it; the error's number (errno(3)) where it does not.
@discardableResult
func write(_ text: String, to descriptor: Int32) -> Int32? {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count > 0 {
            bytes = bytes.dropFirst(count)
        } else if errno != EINTR {
            return errno
        }
    }
    return nil
}
