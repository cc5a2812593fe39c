//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Reads some kinds of files of a repository and reports what they say.
///
/// A detector does not choose, merge, print, touch the network, look at the host, or run anything. It asks the
/// repository for files by name, so that nothing is read which no detector asked for.
public protocol Detector: Sendable {
    /// A short name, for example `python`.
    var name: String { get }
    /// One line that says what it reads.
    var summary: String { get }
    /// The files that it reads and what they say, the strongest statements first; for people who ask why.
    var sources: [DetectorSource] { get }
    /// Whether it looks at so many files that it takes longer than most, and is begun before others.
    var takesLong: Bool { get }
    /// What the repository's files say, in any order.
    ///
    /// A file that cannot be parsed costs its own evidence only: the repository keeps a warning with its line.
    func findings(in repository: Repository) -> [Finding]
}

extension Detector {
    /// None.
    public var sources: [DetectorSource] { [] }

    /// It does not.
    public var takesLong: Bool { false }
}

/// One kind of files that a detector reads.
public struct DetectorSource: Hashable, Sendable {
    /// A name, or a path from the root, where `*` stands for any text: `mix.exs`, `*.cabal`, `.mise/conf.d/*.toml`.
    public let pattern: String
    /// What the files say, in a few words, for example `version of elixir`.
    public let what: String
    /// How binding a statement about a toolchain is; nil for all else.
    public let kind: StatementKind?

    /// A kind of files.
    public init(_ pattern: String, _ what: String, kind: StatementKind? = nil) {
        self.pattern = pattern
        self.what = what
        self.kind = kind
    }
}

/// What all detectors found, and what they read.
public struct Detection: Sendable {
    /// The findings, in the order of the detectors.
    public var findings: [Finding]
    /// Files that could not be read or parsed, with the reason.
    public let warnings: [DetectionWarning]
    /// The paths that were read, sorted.
    public let filesRead: [String]
}

/// A file whose evidence is lost.
public struct DetectionWarning: Hashable, Sendable, CustomStringConvertible {
    /// Where.
    public let evidence: Evidence
    /// What is wrong with it.
    public let problem: String

    /// `path:line: problem`.
    public var description: String { "\(evidence): \(problem)" }
}
