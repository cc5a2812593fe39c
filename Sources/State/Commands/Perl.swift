//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// `perl` with the few programs on the command line that scripts use; each is known as a whole.
func perl(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    switch arguments {
    // Whether perl works at all.
    case ["-e", ""]: return 0
    // A file's name as a pattern that matches it alone (`ucf`).
    case ["-nle", #"print "\Q$_\E\n""#]:
        for line in lines(shell.readInput()) { try shell.write(quoted(line) + [0x0A, 0x0A]) }
        return 0
    default: throw shell.unsupported("`perl`")
    }
}

/// Perl's `quotemeta` for ASCII.
private func quoted(_ text: ArraySlice<UInt8>) -> [UInt8] {
    text.flatMap { byte -> [UInt8] in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            [byte]
        default: [UInt8(ascii: "\\"), byte]
        }
    }
}
