//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Download
public import Store

/// Why a toolchain or a distribution could not be chosen or fetched.
public enum ToolchainError: Error, Equatable, CustomStringConvertible {
    /// A package index answered with something else than a project's page.
    case malformedIndex(url: String, problem: String)
    /// A `pylock.toml` that cannot be used.
    case malformedPylock(line: Int, problem: String)
    /// There is no file for the platform, or no such version.
    case noSuitableFile(name: String, version: String?)
    /// An archive does not hold what it should.
    case cannotUnpack(String, reason: String)
    /// A download failed.
    case download(DownloadError)
    /// The store failed.
    case store(StoreError)

    /// The message for the person at the terminal.
    public var description: String {
        switch self {
        case .malformedIndex(let url, let problem): "cannot read the package index `\(url)`: \(problem)"
        case .malformedPylock(let line, let problem): "pylock.toml:\(line): \(problem)"
        case .noSuitableFile(let name, let version):
            "`\(name)`\(version.map { " \($0)" } ?? "") has no file for this Python and platform"
        case .cannotUnpack(let name, let reason): "cannot unpack `\(name)`: \(reason)"
        case .download(let error): error.description
        case .store(let error): error.description
        }
    }
}
