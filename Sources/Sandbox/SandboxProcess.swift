//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Subprocess
import SystemPackage

/// The chain of processes from the shell to the program, and the streams of the program.
struct SandboxProcess {
    let executable: FilePath
    let arguments: [String]
    let searchPath: String
    let command: SandboxCommand

    /// How much of the output is kept when it goes to a function line by line.
    static let tailOfLines = 1 << 16

    func run() async throws(SandboxError) -> SandboxResult {
        if Task.isCancelled { throw .cancelled }
        let result: SandboxResult
        do {
            switch command.input {
            case .none: result = try await run(input: .none)
            case .inherit: result = try await run(input: .currentStandardInput)
            }
        } catch let error as SandboxError {
            throw error
        } catch {
            if Task.isCancelled { throw .cancelled }
            throw .cannotStart(command.arguments.first ?? "", reason: "\(error)")
        }
        if Task.isCancelled { throw .cancelled }
        return result
    }

    private var configuration: Configuration {
        var options = PlatformOptions()
        options.createSession = !command.sharesTerminal
        options.teardownSequence =
            command.sharesTerminal
            ? [] : [.send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(5))]
        return Configuration(
            executable: .path(executable), arguments: Arguments(arguments),
            environment: .custom([
                "PATH": searchPath, "LC_ALL": "C",
                // The new mount interface takes no option longer than 255 bytes.
                "LIBMOUNT_FORCE_MOUNT2": "always",
            ]), platformOptions: options)
    }

    private func run<Input: InputProtocol>(input: Input) async throws -> SandboxResult {
        let forwarder = command.forwardsSignals ? SignalForwarder(sharesTerminal: command.sharesTerminal) : nil
        defer { forwarder?.stop() }
        switch command.output {
        case .inherit:
            let result = try await Subprocess.run(
                configuration, input: input, output: .currentStandardOutput, error: .currentStandardError
            ) { forwarder?.start(to: $0.processIdentifier.value) }
            return SandboxResult(exitStatus: status(result.terminationStatus))
        case .capture(let limit):
            let result = try await Subprocess.run(configuration, input: input, output: .sequence, error: .sequence) {
                forwarder?.start(to: $0.processIdentifier.value)
                async let output = tail(of: $0.standardOutput, limit: limit) { _ in }
                async let errorOutput = tail(of: $0.standardError, limit: limit) { _ in }
                return try await [output, errorOutput]
            }
            return SandboxResult(
                exitStatus: status(result.terminationStatus), output: result.closureResult[0],
                errorOutput: result.closureResult[1])
        case .lines(let receive):
            let result = try await Subprocess.run(
                configuration, input: input, output: .sequence, error: .combinedWithOutput
            ) {
                forwarder?.start(to: $0.processIdentifier.value)
                var lines = LineSplitter()
                let output = try await tail(of: $0.standardOutput, limit: Self.tailOfLines) { bytes in
                    lines.append(bytes, receive)
                }
                lines.finish(receive)
                return output
            }
            return SandboxResult(exitStatus: status(result.terminationStatus), output: result.closureResult)
        }
    }

    private func status(_ termination: TerminationStatus) -> Int32 {
        switch termination {
        case .exited(let status): status
        case .signaled(let signal): 128 + signal
        }
    }

    /// Reads a stream to its end and keeps its last `limit` bytes.
    private func tail(
        of stream: SubprocessOutputSequence, limit: Int, _ receive: (UnsafeRawBufferPointer) -> Void
    ) async throws -> [UInt8] {
        var tail = TailBuffer(limit: limit)
        for try await buffer in stream {
            buffer.withUnsafeBytes { bytes in
                tail.append(bytes)
                receive(bytes)
            }
        }
        return tail.bytes
    }
}
