//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Checkout
public import Environment
public import Lock
import PythonStep
import Sandbox
import Store
import SystemPackage

/// How a command runs in a built environment.
public struct RunOptions: Sendable {
    /// The command and its arguments.
    public var arguments: [String]
    /// Whether it runs as root instead of as the ordinary user.
    public var isRoot: Bool
    /// Whether it reaches the host's network.
    public var hasNetwork: Bool
    /// Whether it gets the host's proxies and certificate authorities.
    public var trustsHost: Bool
    /// Further variables, over those of the image.
    public var variables: [EnvironmentVariable]
    /// Whether it shares the caller's terminal.
    public var sharesTerminal: Bool
    /// The folder that it starts in, relative to the repository's root.
    public var directory: String
    /// The platform whose image it runs in; nil for this machine's.
    public var platform: String?

    /// Runs `arguments` as the ordinary user with the host's network.
    public init(_ arguments: [String]) {
        self.arguments = arguments
        isRoot = false
        hasNetwork = true
        trustsHost = false
        variables = []
        sharesTerminal = false
        directory = ""
    }
}

extension Workshop {
    /// Runs a command in the environment of a lock, with the repository itself at `/workspace`: on the platform named,
    /// which may need an emulator, else on that of this machine.
    ///
    /// Where the caller is root and others own files of the repository, the command is root too: nobody else could write
    /// to all of it. The root file system is the image's without the repository's files; changes to it are dropped afterwards.
    /// - Returns: The command's exit status.
    /// - Throws: ``BuilderError``.
    public func run(
        _ options: RunOptions, in lock: Lockfile, _ spec: EnvironmentSpec, _ checkout: Checkout
    ) async throws(BuilderError) -> Int32 {
        let name = options.platform ?? "linux/\(architecture)"
        guard let platform = lock.platforms.first(where: { $0.name == name }) else {
            throw .unsupported(
                "fitout.lock has no platform `\(name)`", hint: "add it to `platforms` in fitout.yaml")
        }
        let emulation = await emulation(of: platform)
        if isForeign(platform), emulation == nil {
            throw .unsupported("cannot run \(name)", hint: Emulation.hint(for: platform.architecture))
        }
        let layers = try await rootLayers(of: platform, lock, spec, checkout)
        let root = SandboxRoot(layers: try folders(of: layers.map(\.layer)))
        var variables = imageVariables(spec, platform)
        let isRoot = options.isRoot || needsRoot(toWriteIn: checkout)
        if isRoot, !options.isRoot { report(.note("runs as root, because others own files of the repository")) }
        variables.append(.init(name: "HOME", value: isRoot ? "/root" : "/home/user"))
        variables.append(.init(name: "USER", value: isRoot ? "root" : "user"))
        if options.trustsHost {
            variables += host.commandVariables.map { EnvironmentVariable(name: $0.key, value: $0.value) }
                .sorted { $0.name < $1.name }
        }
        variables += options.variables
        var command = SandboxCommand([Place.entrypoint] + options.arguments)
        var environment: [(name: String, value: String)] = []
        for variable in variables {
            environment.removeAll { $0.name == variable.name }
            environment.append((variable.name, variable.value))
        }
        command.environment = environment
        command.workingDirectory = Place.workspace + (options.directory.isEmpty ? "" : "/" + options.directory)
        command.identity = isRoot ? .allIDs(orElseRoot: true) : .user(uid: 1000, gid: 1000)
        command.network = options.hasNetwork && !host.isOffline ? .host : .none
        command.mounts = [.writable(FilePath(checkout.root), at: Place.workspace)]
        if command.network == .host { command.mounts += host.commandMounts(withTrust: options.trustsHost) }
        command.input = .inherit
        command.output = .inherit
        command.sharesTerminal = options.sharesTerminal
        command.forwardsSignals = true
        let result = try await wrappingSandbox { () throws(SandboxError) in
            try await Sandbox(store: store, emulation: emulation).run(command, in: root, upper: nil)
        }
        return result.exitStatus
    }
}
