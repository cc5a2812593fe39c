//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// How a program in a sandbox ended.
public struct SandboxResult: Hashable, Sendable {
    /// Its exit status; 128 and the signal's number if a signal ended it, as shells have it.
    public let exitStatus: Int32
    /// What it wrote to standard output, as far as it was captured.
    public let output: [UInt8]
    /// What it wrote to standard error, as far as it was captured apart.
    public let errorOutput: [UInt8]

    /// A result with these values.
    public init(exitStatus: Int32, output: [UInt8] = [], errorOutput: [UInt8] = []) {
        self.exitStatus = exitStatus
        self.output = output
        self.errorOutput = errorOutput
    }

    /// Whether the exit status is 0.
    public var isSuccess: Bool { exitStatus == 0 }

    /// The signal that ended it, by the convention of ``exitStatus``.
    public var signal: Int32? { (129...192).contains(exitStatus) ? exitStatus - 128 : nil }
}
