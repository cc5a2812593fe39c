//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import SystemPackage

/// Something that stands over the root file system while a program runs.
public struct SandboxMount: Sendable {
    /// What is mounted.
    public enum Kind: Sendable {
        /// A file or folder of the host, as it is.
        case bind(FilePath, writable: Bool)
        /// An empty folder in memory with this mode.
        case temporary(mode: UInt16)
        /// A folder of the host, which stays as it is: what the program changes goes to the upper layer.
        case overlay(lower: FilePath, upper: UpperLayer)
    }

    /// What is mounted.
    public let kind: Kind
    /// Where: an absolute path inside. What is missing of it is made for the time of the run.
    public let destination: String

    /// A mount of this kind at `destination`.
    public init(_ kind: Kind, at destination: String) {
        self.kind = kind
        self.destination = destination
    }

    /// A file or folder of the host that can be read only.
    public static func readOnly(_ source: FilePath, at destination: String) -> SandboxMount {
        SandboxMount(.bind(source, writable: false), at: destination)
    }

    /// A file or folder of the host that can be changed.
    public static func writable(_ source: FilePath, at destination: String) -> SandboxMount {
        SandboxMount(.bind(source, writable: true), at: destination)
    }
}
