//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Layers

/// A package whose files are in the image and whose scripts have not run.
public struct UnpackedPackage: Sendable {
    /// The name, without architecture.
    public let name: String
    /// The version as the archive spells it.
    public let version: String
    /// The architecture, or `all`.
    public let architecture: String
    /// Whether the package is `Multi-Arch: same`, so that dpkg's files name its architecture.
    public let multiArchSame: Bool
    /// Whether the package is Essential.
    public let essential: Bool
    /// Whether it was asked for; others count as automatically installed.
    public let requested: Bool
    /// The paragraph of the .deb's `control`.
    public let controlParagraph: [UInt8]
    /// Its files and control files.
    public let fragment: Fragment
    /// The paths as the archive names them, in its order and before links such as `/bin` are resolved.
    public let paths: [EntryPath]

    /// A package.
    public init(
        name: String, version: String, architecture: String, multiArchSame: Bool, essential: Bool, requested: Bool,
        controlParagraph: [UInt8], fragment: Fragment
    ) {
        self.name = name
        self.version = version
        self.architecture = architecture
        self.multiArchSame = multiArchSame
        self.essential = essential
        self.requested = requested
        self.controlParagraph = controlParagraph
        self.fragment = fragment
        paths = fragment.paths
    }
}

/// What `systemState` works from.
public struct StateInput: Sendable {
    /// The packages in an order in which they can be configured.
    public let packages: [UnpackedPackage]
    /// dpkg's name of the architecture.
    public let architecture: String
    /// The time of everything that is generated, in seconds since 1970.
    public let sourceDateEpoch: Int64
    /// Entries that are there before any script runs, for example apt's sources.
    public let additional: [GeneratedEntry]
    /// The content of a packaged file, by the path of its member.
    public let contents: @Sendable (EntryPath) throws -> [UInt8]

    /// Input for `systemState`.
    public init(
        packages: [UnpackedPackage], architecture: String, sourceDateEpoch: Int64,
        additional: [GeneratedEntry] = [], contents: @escaping @Sendable (EntryPath) throws -> [UInt8]
    ) {
        self.packages = packages
        self.architecture = architecture
        self.sourceDateEpoch = sourceDateEpoch
        self.additional = additional
        self.contents = contents
    }
}

/// A maintainer script that could not be emulated; none of its effects is part of the state.
public struct UnhandledScript: Hashable, Sendable {
    /// The package, which the state leaves `unpacked`, or `triggers-pending` for `postinst triggered`.
    public let package: String
    /// `preinst`, `postinst`, or `postinst triggered`.
    public let script: String
    /// The line of the script, or of one that it runs.
    public let line: Int
    /// What stands there.
    public let reason: String
}

/// A command that was left out because it has no use in an image.
public struct SkippedStep: Hashable, Sendable {
    /// The package whose script calls it.
    public let package: String
    /// The name of the program.
    public let command: String
}

/// What unpacking and configuring would have left beside the packages' own files.
public struct SystemState: Sendable {
    /// Entries that are added, or that replace packaged ones, sorted by path.
    public let entries: [GeneratedEntry]
    /// Packaged entries that are no longer there, sorted.
    public let removals: [EntryPath]
    /// Scripts that somebody has to run, in the order of the packages.
    public let unhandled: [UnhandledScript]
    /// What was left out by policy, sorted.
    public let skipped: [SkippedStep]
}

/// Computes what dpkg and the maintainer scripts would have left in a root file system after installing packages on
/// a clean system.
///
/// No foreign code runs. A script that needs more than the emulated commands is undone as a whole and reported, and
/// its package is left in the state in which `dpkg --configure --pending` finishes it.
///
/// - Throws: ``StateError`` when a packaged file cannot be read or a control paragraph is malformed.
public func systemState(_ input: StateInput) throws(StateError) -> SystemState {
    var installation = Installation(input)
    try installation.install()
    try installation.runTriggers()
    try installation.writeLinkerCache()
    try installation.writeDatabase()
    return try installation.result()
}
