//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Why a lockfile cannot be read.
public enum LockError: Error, Equatable, CustomStringConvertible {
    /// The file is not JSON, or holds something unexpected.
    case malformed(file: String, line: Int, problem: String)
    /// The file is of another version of the format.
    case version(file: String, found: String)

    /// Place, problem, and on its own line what to do.
    public var description: String {
        switch self {
        case .malformed(let file, let line, let problem):
            "\(file):\(line): \(problem)\n\nhint: run `fitout lock` to write it anew"
        case .version(let file, let found):
            "\(file): version \(found) is not the version \(Lockfile.formatVersion) that this program reads"
                + "\n\nhint: run `fitout lock` to write it anew"
        }
    }
}
