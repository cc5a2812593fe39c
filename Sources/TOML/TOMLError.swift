//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Why a text is not a TOML document this module reads.
public struct TOMLError: Error, Hashable, CustomStringConvertible {
    /// The line, from 1.
    public let line: Int
    /// The column, from 1.
    public let column: Int
    /// What is wrong there, in words.
    public let problem: String

    /// An error at `line` and `column`, both from 1.
    public init(line: Int, column: Int, problem: String) {
        self.line = line
        self.column = column
        self.problem = problem
    }

    /// `12:3: the problem`, to be put behind the path of the file and a colon.
    public var description: String { "\(line):\(column): \(problem)" }
}
