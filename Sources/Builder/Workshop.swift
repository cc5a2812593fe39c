//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Archive
public import Download
public import PythonStep
public import Store
public import Toolchains

/// What a build may use of the world outside: nothing else reaches it.
public struct Workshop: Sendable {
    /// Where results are kept.
    public var store: Store
    /// How files are fetched.
    public var downloader: Downloader
    /// What sandboxed steps get of the host.
    public var host: StepHost
    /// Where Python distributions come from.
    public var index: PythonDistributionIndex
    /// Other places for archives, by the URI that they stand in for.
    public var mirrors: [String: String]
    /// Suites whose release file may be used after its `Valid-Until`.
    public var expiredSuites: Set<String>
    /// The present time in seconds since 1970: archives' signatures and validity are judged by it.
    public var now: Int64
    /// The architecture of this machine as dpkg names it: programs of others do not run.
    public var architecture: String
    /// Whether scripts that no rule covers may run in the sandbox; otherwise they are an error.
    public var runsScripts: Bool
    /// Whether programs of another architecture may run in an emulator.
    public var emulates: Bool
    /// How layers are compressed.
    public var compression: Compression
    /// Gets what happens, for progress.
    public var report: @Sendable (BuildEvent) -> Void

    /// A workshop.
    public init(
        store: Store, downloader: Downloader, host: StepHost, index: PythonDistributionIndex = .pypi,
        mirrors: [String: String] = [:], expiredSuites: Set<String> = [], now: Int64, architecture: String,
        runsScripts: Bool = true, emulates: Bool = true, compression: Compression = .zstd,
        report: @escaping @Sendable (BuildEvent) -> Void = { _ in }
    ) {
        self.store = store
        self.downloader = downloader
        self.host = host
        self.index = index
        self.mirrors = mirrors
        self.expiredSuites = expiredSuites
        self.now = now
        self.architecture = architecture
        self.runsScripts = runsScripts
        self.emulates = emulates
        self.compression = compression
        self.report = report
    }
}

/// Something that a person who waits wants to know.
public enum BuildEvent: Hashable, Sendable {
    /// A phase began: `resolving packages`, `converting 170 packages`…
    case phase(String)
    /// A line that a tool wrote inside the sandbox.
    case output(String)
    /// Something that was decided on the way and that the user should know.
    case note(String)
}
