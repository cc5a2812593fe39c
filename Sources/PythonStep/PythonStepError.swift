//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Sandbox
public import Store
public import SystemPackage
public import Toolchains

/// Why a Python step failed.
public enum PythonStepError: Error, Equatable, CustomStringConvertible {
    /// The root file system has no `/usr/bin/python3`.
    case noPython
    /// Its Python is none that this can install for; the text is its own answer.
    case unsupportedPython(String)
    /// The requirements contradict each other or what the index has; `explanation` is uv's.
    case noSolution(explanation: String)
    /// A distribution or project could not be built; `missing` is what its build said it lacks.
    case buildFailed(name: String, missing: MissingInput?, output: [String])
    /// These have no wheels for an architecture and compile code, which is only possible where its programs run.
    case compiled([String], architecture: String)
    /// A server could not be reached.
    case networkUnreachable(output: [String])
    /// A tool could not change a file that belongs to a user or group which the sandbox does not have.
    case foreignOwner(output: [String])
    /// A tool failed for another reason.
    case failed(command: String, exitStatus: Int32, output: [String])
    /// A folder that is required lies outside the repository.
    case outsideRepository(String)
    /// A manifest cannot be read.
    case malformedManifest(String, String)
    /// The system refused an operation; `verb` is what was tried, for example `read`.
    case system(verb: String, FilePath, Errno)
    /// No sandbox.
    case sandbox(SandboxError)
    /// uv's answer or an index cannot be used.
    case toolchain(ToolchainError)
    /// The store failed.
    case store(StoreError)

    /// The message for the person at the terminal.
    public var description: String {
        switch self {
        case .noPython:
            "the environment has no Python\n\nhint: add `python3` to `packages`"
        case .unsupportedPython(let answer):
            "cannot install for this Python: `\(answer)`"
        case .noSolution(let explanation):
            "cannot resolve the Python requirements:\n\(explanation)"
        case .buildFailed(let name, let missing, let output):
            "cannot build `\(name)`" + (missing.map { ": \($0)" } ?? "") + Self.block(output)
                + (missing.map { "\n\nhint: \($0.hint)" } ?? "")
        case .compiled(let names, let architecture):
            """
            cannot install for \(architecture): \(names.map { "`\($0)`" }.joined(separator: ", ")) must be compiled

            hint: \(Emulation.hint(for: architecture))
            """
        case .networkUnreachable(let output):
            "cannot reach the package index" + Self.block(output)
                + "\n\nhint: check the connection, proxies (`https_proxy`) and certificates (`SSL_CERT_FILE`)"
        case .foreignOwner(let output):
            "cannot change a file of another user or group" + Self.block(output)
                + "\n\nhint: give the repository to yourself: `chown -R $(id -u):$(id -g) .`"
        case .failed(let command, let exitStatus, let output):
            "`\(command)` ended with status \(exitStatus)" + Self.block(output)
        case .outsideRepository(let path):
            "cannot install `\(path)`: it lies outside the repository"
        case .malformedManifest(let path, let problem):
            "\(path):\(problem)"
        case .system(let verb, let path, let errno):
            "cannot \(verb) `\(path)`: \(errno)"
        case .sandbox(let error): error.description
        case .toolchain(let error): error.description
        case .store(let error): error.description
        }
    }

    private static func block(_ lines: [String]) -> String {
        lines.map { "\n  " + $0 }.joined()
    }
}
