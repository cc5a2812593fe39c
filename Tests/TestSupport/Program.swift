//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Subprocess
public import SystemPackage

/// A program that has ended.
public struct Ended: Sendable {
    /// Its exit status; 128 and the signal's number after a signal.
    public let status: Int32
    /// What it wrote to standard output, without the last newline.
    public let output: String
    /// What it wrote to standard error.
    public let errors: String
}

/// Runs a program of PATH and waits for its end.
///
/// - Parameters:
///   - variables: variables set over those of the tests.
///   - folder: where it starts; the current folder unless given.
public func start(
    _ program: String, _ arguments: [String], variables: [String: String] = [:], in folder: FilePath? = nil
) async throws -> Ended {
    var environment = Environment.inherit
    for (name, value) in variables { environment = environment.updating([Environment.Key(stringLiteral: name): value]) }
    let executable = program.contains("/") ? Executable.path(FilePath(program)) : .name(program)
    let result = try await Subprocess.run(
        executable, arguments: Arguments(arguments), environment: environment, workingDirectory: folder,
        output: .string(limit: 16 << 20), error: .string(limit: 16 << 20))
    let status: Int32 =
        switch result.terminationStatus {
        case .exited(let code): Int32(code)
        case .signaled(let signal): 128 + Int32(signal)
        }
    var output = result.standardOutput
    if output.hasSuffix("\n") { output.removeLast() }
    return Ended(status: status, output: output, errors: result.standardError)
}

/// Whether a program is in one of the folders of PATH.
public func isInstalled(_ program: String) -> Bool {
    let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    return folders.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
}

/// Whether tests may use the network; says loudly that they are skipped if not.
public func networkTestsAreWanted(_ suite: String) -> Bool {
    if let flag = getenv("FITOUT_NETWORK_TESTS"), String(cString: flag) == "1" { return true }
    print("SKIPPED: \(suite): set FITOUT_NETWORK_TESTS=1 to let it use the network")
    return false
}

/// Whether a program that a test needs is there; says loudly that the test is skipped if not.
public func has(_ programs: String..., for test: String) -> Bool {
    let missing = programs.filter { !isInstalled($0) }
    if !missing.isEmpty { print("SKIPPED: \(test): \(missing.joined(separator: ", ")) is not installed") }
    return missing.isEmpty
}
