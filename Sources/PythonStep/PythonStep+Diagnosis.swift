//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import Toolchains

extension PythonStep {
    /// How many of the last lines of a tool's output an error carries.
    static let linesOfOutput = 40

    /// Why a tool has failed, from what it wrote.
    func diagnose(_ result: SandboxResult, of arguments: [String]) -> PythonStepError {
        let text = result.errorOutput.isEmpty ? result.output : result.errorOutput
        return Self.diagnose(
            output: String(decoding: text, as: UTF8.self), command: arguments, exitStatus: result.exitStatus)
    }

    static func diagnose(output: String, command: [String], exitStatus: Int32) -> PythonStepError {
        let lines = output.split { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }.map(String.init)
        let tail = Array(lines.suffix(linesOfOutput))
        // The network first: a build whose requirements could not be fetched has failed too.
        if lines.contains(where: { line in networkFailures.contains { line.contains($0) } }) {
            return .networkUnreachable(output: tail)
        }
        // EOVERFLOW, which overlayfs gives when it cannot copy the owner.
        if lines.contains(where: { $0.contains("Value too large for defined data type") }) {
            return .foreignOwner(output: tail)
        }
        if let name = failedBuild(lines) {
            if let architecture = lines.lazy.compactMap(foreignTarget).first {
                return .compiled([name], architecture: architecture)
            }
            return .buildFailed(name: name, missing: MissingInput(output: lines), output: tail)
        }
        if let start = lines.firstIndex(where: { $0.contains("No solution found when resolving") }) {
            return .noSolution(explanation: lines[start...].map(withoutDecoration).joined(separator: "\n"))
        }
        if let missing = MissingInput(output: lines), case .program("git") = missing {
            return .buildFailed(name: "git", missing: missing, output: tail)
        }
        let name = command.prefix(3).map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        return .failed(command: name.joined(separator: " "), exitStatus: exitStatus, output: tail)
    }

    private static let networkFailures = [
        "error sending request for url", "dns error", "Temporary failure in name resolution",
        "failed to lookup address information", "Connection refused", "Network connectivity is disabled",
        "network was disabled", "invalid peer certificate", "Could not resolve host", "operation timed out",
    ]

    /// The name of what uv could not build: it stands in backticks after these words.
    private static func failedBuild(_ lines: [String]) -> String? {
        let beginnings = ["Failed to build `", "Failed to download and build `", "Failed to build: `"]
        for line in lines {
            for beginning in beginnings {
                guard let start = line.firstRange(of: beginning) else { continue }
                return String(line[start.upperBound...].prefix { $0 != "`" })
            }
        }
        // For what it was asked to resolve itself, uv gives no name.
        return lines.contains { $0.contains("The build backend returned an error") } ? "the repository" : nil
    }

    /// The architecture that a wheel which uv has built is not for, where a line says that.
    private static func foreignTarget(_ line: String) -> String? {
        guard line.contains("The built wheel `"),
            let start = line.firstRange(of: "not compatible with the target Python")
        else { return nil }
        return PythonPlatform.Architecture.allCases.first { line[start.upperBound...].contains($0.machine) }?.rawValue
    }

    /// A line of uv's report without the lines and marks it draws at the left.
    private static func withoutDecoration(_ line: String) -> String {
        let text = line.drop { " ×╰─▶│├".contains($0) }
        return String(text)
    }
}
