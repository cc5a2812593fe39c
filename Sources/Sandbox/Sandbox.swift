//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Store
public import SystemPackage
import Timing

/// Runs programs inside a root file system without being root, with nothing of the host to be seen but what is handed
/// in.
///
/// The layers are stacked by overlayfs in a user namespace (`userxattr`, Linux 5.11), and bubblewrap starts the program
/// there with namespaces of its own for processes, mounts, IPC, host name and, unless asked otherwise, network.
public struct Sandbox: Sendable {
    let scratchFolder: FilePath
    let shell: FilePath
    let searchPath: String
    let emulation: Emulation?

    /// A sandbox that keeps its temporary folders in the store.
    ///
    /// - Parameters:
    ///   - searchPath: where the host's programs are looked for.
    ///   - emulation: what runs the programs inside, if they are not of this machine's architecture.
    /// - Throws: ``SandboxError/toolMissing(_:package:)`` if one is missing, or
    ///   ``SandboxError/store(_:)`` if the store cannot make the folder.
    public init(
        store: Store, searchPath: [FilePath] = ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin"],
        emulation: Emulation? = nil
    ) throws(SandboxError) {
        self.emulation = emulation
        do throws(StoreError) { scratchFolder = try store.cacheDirectory("sandbox") } catch { throw .store(error) }
        self.searchPath = searchPath.map(\.string).joined(separator: ":")
        var shell: FilePath?
        for (name, package) in Self.tools {
            guard let path = Self.find(name, in: searchPath) else { throw .toolMissing(name, package: package) }
            if name == "sh" { shell = path }
        }
        guard let shell else { throw .toolMissing("sh", package: "dash") }
        self.shell = shell
        ScratchFolder.sweep(scratchFolder)
    }

    /// The programs of the host that every run needs, and their Debian packages.
    private static let tools = [
        ("sh", "dash"), ("bwrap", "bubblewrap"), ("unshare", "util-linux"), ("setpriv", "util-linux"),
        ("mount", "mount"),
    ]

    static func find(_ name: String, in folders: [FilePath]) -> FilePath? {
        folders.map { $0.appending(name) }.first { inspect($0).exists }
    }

    /// A new empty upper layer, to capture what runs change.
    ///
    /// - Throws: ``SandboxError/system(verb:_:_:)`` if it cannot be made.
    public func makeUpperLayer() throws(SandboxError) -> UpperLayer {
        try UpperLayer(in: scratchFolder)
    }

    /// A new empty folder for files that go in and out, which only this user can read.
    ///
    /// - Throws: ``SandboxError/system(verb:_:_:)`` if it cannot be made.
    public func makeScratchFolder() throws(SandboxError) -> ScratchFolder {
        try ScratchFolder(in: scratchFolder)
    }

    /// Runs a program in a root file system and waits for its end, whatever its exit status. When the task is
    /// cancelled, the program gets SIGTERM and five seconds later, like all else in the sandbox, SIGKILL.
    ///
    /// - Parameters:
    ///   - command: what to run.
    ///   - root: the layers, which stay as they are.
    ///   - upper: what gets the changes; nil to forget them.
    /// - Throws: ``SandboxError`` if it was not started or the task was cancelled.
    public func run(
        _ command: SandboxCommand, in root: SandboxRoot, upper: UpperLayer? = nil
    ) async throws(SandboxError) -> SandboxResult {
        let upper = if let upper { upper } else { try makeUpperLayer() }
        let run = try SandboxRun(
            of: command, in: root, upper: upper, registration: emulation?.registration, scratchFolder: scratchFolder)
        let process = SandboxProcess(
            executable: shell, arguments: run.arguments, searchPath: searchPath, command: command)
        let result = try await measured("run \(command.arguments.first ?? "")") { () async throws(SandboxError) in
            try await process.run()
        }
        guard run.statusLines.contains(where: { $0.contains("\"exit-code\"") }) else {
            throw await diagnose(run, command, result)
        }
        return result
    }

    /// Removes an upper layer in which programs with ``SandboxIdentity/allIDs(orElseRoot:)`` have left files of other
    /// users, which the caller alone could not.
    ///
    /// - Throws: ``SandboxError`` if it cannot be removed.
    public func discard(_ upper: UpperLayer) async throws(SandboxError) {
        let maps = IdentityMaps.forCaller()
        guard let maps, !maps.isPrivileged else { return }
        let run = try SandboxRun(toRemoveContentsOf: upper, maps: maps, scratchFolder: scratchFolder)
        let command = SandboxCommand(["rm"])
        let process = SandboxProcess(
            executable: shell, arguments: run.arguments, searchPath: searchPath, command: command)
        let result = try await process.run()
        guard result.isSuccess else {
            throw .cannotStart("rm", reason: String(decoding: result.errorOutput, as: UTF8.self))
        }
    }
}
