//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The program: parses, calls the library, renders.
@main
struct Fitout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fitout",
        abstract: "Turn a repository into an image that builds it and passes its tests.",
        discussion: """
            In a repository, `fitout init` reads manifests, lockfiles, toolchain files and CI configuration and writes \
            fitout.yaml, where every line says where it comes from. `fitout build` resolves it to exact packages \
            (fitout.lock) and writes an OCI image, without a Dockerfile, a daemon, or root. `fitout run -- COMMAND` \
            runs in that image with the repository at /workspace.
            """,
        version: "0.1.0",
        subcommands: [
            InitCommand.self, ExplainCommand.self, LockCommand.self, BuildCommand.self, RunCommand.self,
            ShellCommand.self, PushCommand.self, InspectCommand.self, DiffCommand.self, DetectorsCommand.self,
            CacheCommand.self, DoctorCommand.self,
        ])

    static func main() async {
        prepareStandardStreams()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let status as ExitStatus {
            leave(with: status)
        } catch let cleanExit as CleanExit {
            exit(withError: cleanExit)
        } catch {
            report(error)
            leave(with: .failed)
        }
    }

    /// Writes what went wrong in ArgumentParser's words for a usage error, else in the error's own.
    private static func report(_ error: any Error) {
        if exitCode(for: error) == .success {
            exit(withError: error)
        }
        let isUsage = exitCode(for: error) == .validationFailure
        printError(isUsage ? fullMessage(for: error) : "error: \(error)")
    }
}
