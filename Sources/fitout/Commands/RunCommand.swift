//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Builder
import Environment

/// How `run` and `shell` start a command.
struct RunSettings: ParsableArguments {
    @Option(name: [.short, .long], help: "Who runs the command: `user` (number 1000) or `root`.")
    var user = "user"

    @Option(help: "What the command reaches: `host` or `none`.")
    var network = "host"

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Set a variable; may be given several times.", valueName: "name=value"))
    var env: [String] = []

    @Option(name: [.short, .long], help: "The folder to start in, relative to the repository.")
    var workdir = ""

    @Flag(name: .customLong("trust-host"), help: "Hand in the host's proxies and certificate authorities.")
    var trustHost = false

    @Option(help: "The platform to run on, which may need an emulator; this machine's unless given.")
    var platform: String?

    @Flag(help: "Fail instead of locking where fitout.lock is missing or stale.")
    var locked = false

    func options(_ arguments: [String]) throws -> RunOptions {
        var options = RunOptions(arguments)
        guard ["user", "root"].contains(user) else {
            throw CommandError("there is no user `\(user)` inside", hint: "take `--user user` or `--user root`")
        }
        guard ["host", "none"].contains(network) else {
            throw CommandError("there is no network `\(network)`", hint: "take `--network host` or `--network none`")
        }
        options.isRoot = user == "root"
        options.hasNetwork = network == "host"
        options.trustsHost = trustHost
        options.directory = workdir
        options.platform = try platform.flatMap { try platforms(named: [$0]).first }
        options.sharesTerminal = isInteractive
        options.variables = env.map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let value = parts.count == 2 ? parts[1] : currentEnvironment()[parts[0]] ?? ""
            return EnvironmentVariable(name: parts[0], value: value)
        }
        if isInteractive, let terminal = currentEnvironment()["TERM"] {
            options.variables.append(EnvironmentVariable(name: "TERM", value: terminal))
        }
        return options
    }
}

/// `fitout run`: a command in the environment.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a command in the image, with the repository at /workspace.",
        discussion: """
            `fitout run -- pytest -x` runs a command, `fitout run --task test` the command that fitout.yaml names. The \
            image is built first where that is needed. Changes outside /workspace are dropped; the exit status is the \
            command's.
            """)

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var workshop: WorkshopOptions
    @OptionGroup var settings: RunSettings

    @Option(name: [.short, .long], help: "Run a task of fitout.yaml.")
    var task: String?

    @Argument(parsing: .postTerminator, help: "The command and its arguments, behind `--`.")
    var command: [String] = []

    func run() async throws {
        let spec = try repository.spec()
        var arguments = command
        if let task {
            guard let line = spec.task(task) else {
                let names = spec.tasks.map(\.value.name)
                throw CommandError(
                    "fitout.yaml has no task `\(task)`",
                    hint: names.isEmpty
                        ? "write its command below `tasks`, for example `\(task): make \(task)`"
                        : "it has: \(names.joined(separator: ", "))")
            }
            arguments = ["sh", "-c", "\(line) \"$@\"", "sh"] + command
            if command.isEmpty { arguments = ["sh", "-c", line] }
        }
        if arguments.isEmpty {
            throw CommandError("no command", hint: "write it behind `--`, for example `fitout run -- pytest`")
        }
        try await start(arguments, repository, workshop, settings, spec)
    }
}

/// `fitout shell`: an interactive shell in the environment.
struct ShellCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell", abstract: "Open a shell in the image, with the repository at /workspace.")

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var workshop: WorkshopOptions
    @OptionGroup var settings: RunSettings

    func run() async throws {
        try await start(["/bin/bash"], repository, workshop, settings, try repository.spec())
    }
}

/// Builds where needed, runs, and ends with the command's exit status.
private func start(
    _ arguments: [String], _ repository: RepositoryOptions, _ workshop: WorkshopOptions, _ settings: RunSettings,
    _ spec: EnvironmentSpec
) async throws {
    let options = try settings.options(arguments)
    var spec = spec
    if let platform = options.platform, !spec.platforms.contains(platform) { spec.platforms.append(platform) }
    let wanted = spec
    let checkout = try repository.checkout()
    let status = try await workshop.withWorkshop { workshop in
        let lock = try await repository.currentLock(wanted, checkout, isLocked: settings.locked, workshop)
        return try await workshop.run(options, in: lock, wanted, checkout)
    }
    if status != 0 { throw ExitStatus.command(status) }
}
