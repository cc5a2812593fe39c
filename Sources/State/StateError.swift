//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Layers

/// Why the state of a system cannot be computed.
public enum StateError: Error, Hashable, CustomStringConvertible {
    /// A packaged file's content could not be had.
    case unreadableFile(EntryPath, cause: String)
    /// A package's control paragraph has no such field, or cannot be read.
    case malformedControl(package: String, problem: String)

    /// The message for the person at the terminal.
    public var description: String {
        switch self {
        case .unreadableFile(let path, let cause): "cannot read `\(path)` of the packages: \(cause)"
        case .malformedControl(let package, let problem): "\(package): control file: \(problem)"
        }
    }
}
