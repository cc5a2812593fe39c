//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Store
import SystemPackage
import Testing

@testable import Sandbox

/// Whether this host lets this user make namespaces and has the programs; says so loudly where not.
private let isSandboxAvailable: Bool = {
    let folder = "/proc/self/ns/user"
    guard access(folder, F_OK) == 0,
        ["bwrap", "unshare", "setpriv"].allSatisfy({ access("/usr/bin/\($0)", X_OK) == 0 })
    else {
        print("SKIPPED: the sandbox's tests need bubblewrap, util-linux and user namespaces")
        return false
    }
    return true
}()

@Suite(.enabled(if: isSandboxAvailable)) struct SandboxRunTests {
    let folder: TestFolder
    let sandbox: Sandbox
    let root: SandboxRoot

    /// A root file system of two layers over which the host's own `/usr` stands.
    init() throws {
        folder = try TestFolder()
        for name in ["bin", "sbin", "lib", "lib64"] { try folder.link("base/\(name)", to: "usr/\(name)") }
        try folder.write("low\n", to: "base/etc/which")
        try folder.write("gone\n", to: "base/etc/gone")
        try folder.write("high\n", to: "top/etc/which")
        sandbox = try Sandbox(store: Store(at: folder.path.appending("store")))
        root = SandboxRoot(layers: [folder.path.appending("base"), folder.path.appending("top")])
    }

    func command(_ script: String) -> SandboxCommand {
        SandboxCommand(
            ["sh", "-c", script], environment: [("PATH", "/usr/bin:/bin")], mounts: [.readOnly("/usr", at: "/usr")])
    }

    func output(_ command: SandboxCommand, upper: UpperLayer? = nil) async throws -> String {
        let result = try await sandbox.run(command, in: root, upper: upper)
        let errors = String(decoding: result.errorOutput, as: UTF8.self)
        #expect(result.exitStatus == 0, "\(errors)")
        return String(decoding: result.output, as: UTF8.self)
    }

    @Test func showsTheUppermostLayerAndNothingOfTheHost() async throws {
        let text = try await output(command("cat /etc/which; ls -A /; env | grep -v -e PWD -e SHLVL -e ^_="))
        #expect(text == "high\nbin\ndev\netc\nlib\nlib64\nproc\nsbin\ntmp\nusr\nPATH=/usr/bin:/bin\n")
    }

    @Test(arguments: [(SandboxIdentity.root, "0:0"), (.user(uid: 1000, gid: 1000), "1000:1000")])
    func isTheUserAskedFor(identity: SandboxIdentity, expected: String) async throws {
        try folder.write("", to: "work/mine")
        var command = command("echo $(id -u):$(id -g); stat -c %u:%g /workspace/mine; touch /workspace/new")
        command.identity = identity
        command.mounts.append(.writable(folder.path.appending("work"), at: "/workspace"))
        #expect(try await output(command) == "\(expected)\n\(expected)\n")
        #expect(folder.names(in: folder.path.appending("work")) == ["mine", "new"])
        var status = stat()
        #expect(stat(folder.path.appending("work/new").string, &status) == 0 && status.st_uid == getuid())
    }

    @Test func capturesChangesOnly() async throws {
        let upper = try sandbox.makeUpperLayer()
        var command = command("echo new >/etc/new; rm /etc/gone; echo scratch >/tmp/x")
        command.mounts.append(.writable(folder.path.appending("base"), at: "/workspace/deep"))
        _ = try await output(command, upper: upper)
        #expect(folder.names(in: upper.folder) == ["etc"])
        #expect(folder.names(in: upper.folder.appending("etc")) == ["gone", "new"])
        #expect(try await output(self.command("cat /etc/new; ls /etc"), upper: upper) == "new\nnew\nwhich\n")
        #expect(try await output(self.command("ls /etc")) == "gone\nwhich\n")
    }

    @Test func capturesChangesOfAFolderApart() async throws {
        try folder.write("one\n", to: "checkout, with: odd name/file")
        let checkout = folder.path.appending("checkout, with: odd name")
        let upper = try sandbox.makeUpperLayer()
        var command = command("cat file; echo two >file; touch generated")
        command.workingDirectory = "/workspace"
        command.mounts.append(SandboxMount(.overlay(lower: checkout, upper: upper), at: "/workspace"))
        #expect(try await output(command) == "one\n")
        #expect(folder.read("checkout, with: odd name/file") == "one\n")
        #expect(folder.names(in: upper.folder) == ["file", "generated"])
    }

    @Test func stacksAHundredLayersWithLongPaths() async throws {
        let name = String(repeating: "long", count: 40)
        let layers = try (0..<100).map { number in
            try folder.write("\(number)", to: "\(name)/\(number)/etc/number-\(number)")
            return folder.path.appending(name).appending("\(number)")
        }
        let result = try await sandbox.run(
            command("ls /etc | grep -c number"), in: SandboxRoot(layers: root.layers + layers))
        #expect(String(decoding: result.output, as: UTF8.self) == "100\n")
    }

    @Test func hasNoNetworkUnlessAskedFor() async throws {
        var command = command("wc -l </proc/net/dev")
        #expect(try await output(command) == "3\n")
        command = self.command("readlink /proc/self/ns/net")
        command.network = .host
        var buffer = [CChar](repeating: 0, count: 64)
        let count = readlink("/proc/self/ns/net", &buffer, buffer.count)
        let own = String(decoding: buffer.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        #expect(try await output(command) == own + "\n")
    }

    @Test func handsOnStatusSignalsAndLines() async throws {
        #expect(try await sandbox.run(command("exit 7"), in: root).exitStatus == 7)
        #expect(try await sandbox.run(command("kill -SEGV $$"), in: root).signal == SIGSEGV)
        var command = command("printf hello; echo error >&2")
        let result = try await sandbox.run(command, in: root)
        #expect(result == SandboxResult(exitStatus: 0, output: Array("hello".utf8), errorOutput: Array("error\n".utf8)))
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        command = self.command("echo one; echo two >&2")
        command.output = .lines { continuation.yield($0) }
        _ = try await sandbox.run(command, in: root)
        continuation.finish()
        #expect(await lines.reduce(into: []) { $0.append($1) } == ["one", "two"])
    }

    @Test func startsProgramsWithDefaultSignals() async throws {
        signal(SIGUSR2, SIG_IGN)
        defer { signal(SIGUSR2, SIG_DFL) }
        let text = try await output(command("sed -n -e s/SigIgn:.//p -e s/SigBlk:.//p /proc/self/status"))
        let masks = text.split(separator: "\n").compactMap { UInt64($0, radix: 16) }
        // Signals 32 and 33 are glibc's own business.
        #expect(masks.map { $0 & 0x7FFF_FFFF } == [0, 0])
    }

    @Test func saysThatAProgramIsMissing() async throws {
        var command = command("")
        command.arguments = ["no-such-program"]
        await #expect(throws: SandboxError.programNotFound("no-such-program")) {
            try await sandbox.run(command, in: root)
        }
        command.arguments = ["/etc/none"]
        command.output = .lines { _ in }
        await #expect(throws: SandboxError.programNotFound("/etc/none")) { try await sandbox.run(command, in: root) }
        command.arguments = ["/etc/which"]
        await #expect(throws: SandboxError.cannotStart("/etc/which", reason: "execvp /etc/which: Permission denied")) {
            try await sandbox.run(command, in: root)
        }
    }

    @Test func saysThatAToolIsMissing() throws {
        let store = try Store(at: folder.path.appending("store"))
        #expect(throws: SandboxError.toolMissing("sh", package: "dash")) {
            try Sandbox(store: store, searchPath: [folder.path])
        }
    }

    @Test func refusesWhatCannotBe() async throws {
        var command = command("true")
        command.environment = [("A=B", "")]
        await #expect(throws: SandboxError.invalid("`A=B` cannot be the name of an environment variable")) {
            try await sandbox.run(command, in: root)
        }
        command = self.command("true")
        command.mounts.append(.readOnly(folder.path.appending("nowhere"), at: "/workspace"))
        await #expect(
            throws: SandboxError.system(verb: "mount", folder.path.appending("nowhere"), .noSuchFileOrDirectory)
        ) { try await sandbox.run(command, in: root) }
    }

    @Test func endsEverythingInsideWhenTheTaskIsCancelled() async throws {
        let mark = "8\(UInt32.random(in: 100_000...999_999))"
        let command = command("sleep \(mark) & sleep \(mark)")
        let task = Task { try await sandbox.run(command, in: root) }
        while !isRunning("sleep\0\(mark)\0") { try await Task.sleep(for: .milliseconds(10)) }
        task.cancel()
        await #expect(throws: SandboxError.cancelled) { try await task.value }
        #expect(!isRunning("sleep\0\(mark)\0"))
    }

    @Test(.enabled(if: IdentityMaps.forCaller() != nil))
    func hasOtherUsersWhereTheCallerHasSubordinateNumbers() async throws {
        var command = command("touch /etc/theirs; chown 33:44 /etc/theirs; chmod 0 /etc/theirs; stat -c %u:%g /etc/*s")
        command.identity = .allIDs(orElseRoot: false)
        let upper = try sandbox.makeUpperLayer()
        #expect(try await output(command, upper: upper) == "33:44\n")
        try await sandbox.discard(upper)
        #expect(getuid() == 0 || folder.names(in: upper.folder) == [])
    }

    @Test func handsSignalsOnToTheProgram() async throws {
        var command = command("trap 'exit 42' TERM; echo ready; while :; do sleep 0.05; done")
        command.forwardsSignals = true
        command.output = .lines { if $0 == "ready" { kill(getpid(), SIGTERM) } }
        #expect(try await sandbox.run(command, in: root).exitStatus == 42)
    }

    @Test func leavesNoTemporaryFolderBehind() async throws {
        _ = try await output(command("mkdir -m 0 /etc/locked"))
        #expect(folder.names(in: folder.path.appending("store/caches/sandbox")) == [])
    }

    private func isRunning(_ commandLine: String) -> Bool {
        folder.names(in: "/proc").contains { readText(FilePath("/proc/\($0)/cmdline")) == commandLine }
    }
}
