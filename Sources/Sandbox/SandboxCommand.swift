//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A program to run inside a root file system, with everything it gets to see.
public struct SandboxCommand: Sendable {
    /// The program, looked for in the `PATH` of ``environment`` if it has no slash, and its arguments.
    public var arguments: [String]
    /// The whole environment, in this order; nothing is inherited.
    public var environment: [(name: String, value: String)]
    /// An absolute path inside.
    public var workingDirectory: String
    /// Who the program is.
    public var identity: SandboxIdentity
    /// What it reaches.
    public var network: SandboxNetwork
    /// What stands over the root file system besides `/proc`, `/dev`, `/dev/shm` and `/tmp`, in this order.
    public var mounts: [SandboxMount]
    /// Where its standard input comes from.
    public var input: SandboxInput
    /// Where its standard output and standard error go.
    public var output: SandboxOutput
    /// Whether it stays in the caller's session and shares its terminal: ^C and ^Z then reach it from there. Without,
    /// it has a session of its own and cannot push characters into the caller's terminal.
    public var sharesTerminal: Bool
    /// Whether SIGINT, SIGTERM, SIGHUP and SIGQUIT that this process gets while the program runs go to the program
    /// instead. For commands that run one program in the foreground.
    public var forwardsSignals: Bool
    /// The host name inside.
    public var hostName: String

    /// A command that is root inside, without network, input or mounts, and whose output is captured.
    public init(
        _ arguments: [String], environment: [(name: String, value: String)] = [], workingDirectory: String = "/",
        identity: SandboxIdentity = .root, network: SandboxNetwork = .none, mounts: [SandboxMount] = [],
        input: SandboxInput = .none, output: SandboxOutput = .capture(limit: 1 << 20), sharesTerminal: Bool = false,
        forwardsSignals: Bool = false, hostName: String = "fitout"
    ) {
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.identity = identity
        self.network = network
        self.mounts = mounts
        self.input = input
        self.output = output
        self.sharesTerminal = sharesTerminal
        self.forwardsSignals = forwardsSignals
        self.hostName = hostName
    }
}

/// Who a program in a sandbox is, and which user and group numbers there are for it.
public enum SandboxIdentity: Hashable, Sendable {
    /// Root, the only user there is. What belongs to the caller outside belongs to root inside, all else to `nobody`;
    /// a change of owner to anybody else fails. If the caller is root, as ``allIDs(orElseRoot:)``.
    case root
    /// An ordinary user, the only one there is: what belongs to the caller outside belongs to this user inside.
    case user(uid: UInt32, gid: UInt32)
    /// Root, with other users besides: the caller's subordinate numbers (`/etc/subuid`, `/etc/subgid`), or all there
    /// are if the caller is root. Where the caller has none, it is an error or, if asked for, as ``root``.
    case allIDs(orElseRoot: Bool)
}

/// What a program in a sandbox reaches.
public enum SandboxNetwork: Hashable, Sendable {
    /// A loopback interface of its own, and nothing else.
    case none
    /// The host's network.
    case host
}

/// Where a program's standard input comes from.
public enum SandboxInput: Hashable, Sendable {
    /// Nothing to read.
    case none
    /// The caller's own standard input.
    case inherit
}

/// Where a program's output goes.
public enum SandboxOutput: Sendable {
    /// To the caller's own standard output and standard error.
    case inherit
    /// Into the result: of each of the two streams the last `limit` bytes.
    case capture(limit: Int)
    /// Each line of both streams, in order and without its end, to this function; the last lines also into
    /// ``SandboxResult/output``.
    case lines(@Sendable (String) -> Void)
}
