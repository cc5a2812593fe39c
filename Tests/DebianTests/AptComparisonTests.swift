//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Store
import Subprocess
import SystemPackage
import Testing

@testable import Debian

/// Compares with what `apt-get --simulate install` decides on the same indexes.
///
/// apt runs in a root of its own, whose status file has the base packages as installed. Needs the network and apt.
struct AptComparisonTests {
    private static let isWanted = getenv("FITOUT_NETWORK_TESTS").map { String(cString: $0) } == "1"

    @Test(
        .enabled(if: isWanted, "FITOUT_NETWORK_TESTS=1 compares with apt; this needs the network and apt"),
        arguments: ["bookworm", "trixie"])
    func choosesWhatAptChooses(suite: String) async throws {
        let temporary = try TemporaryStore()
        let sources = try Suite(named: suite).sources(architecture: "amd64")
        let index = try await temporary.client().load(sources, architecture: "amd64", now: Int64(time(nil)))
        let apt = try await AptRoot(temporary, sources, base: solve([], in: index))
        for wishes in packageSets {
            let theirs = try await apt.install(wishes)
            #expect(try ours(wishes, in: index) == theirs, "\(suite): \(wishes.joined(separator: " "))")
        }
    }

    /// The packages with their versions beyond the base, sorted; nil where there is no solution.
    private func ours(_ wishes: [String], in index: PackageIndex) throws -> [String]? {
        do {
            let solution = try solve(try wishes.map { try PackageRelation($0) }, in: index)
            return solution.entries.filter { !$0.isBase }.map { "\($0.package.name)=\($0.package.version)" }.sorted()
        } catch is DebianError {
            return nil
        }
    }
}

/// An apt that sees nothing of the host.
private struct AptRoot {
    private let folder: FilePath

    init(_ temporary: TemporaryStore, _ sources: [ArchiveSource], base: Solution) async throws {
        folder = temporary.folder.appending("apt")
        for part in ["state/lists/partial", "cache/archives/partial", "etc/apt.conf.d", "etc/preferences.d"] {
            _ = try await run("mkdir", ["-p", folder.appending(part).string])
        }
        let keyring = folder.appending("archive.gpg")
        let keys = try Keyring.builtIn("debian").path(in: temporary.store)
        _ = try await run("install", ["-m", "644", keys.string, keyring.string])
        let lines = sources.flatMap { source in
            let components = source.components.joined(separator: " ")
            return source.mirrors.map { "deb [signed-by=\(keyring)] \($0) \(source.suite) \(components)\n" }
        }
        try write(lines.joined(), to: "etc/sources.list")
        let status = base.packages.map { package in
            var control = package.control
            control["Status"] = "install ok installed"
            return control.text
        }
        try write(status.joined(separator: "\n"), to: "status")
        try write(
            """
            Dir "/";
            Dir::State "\(folder)/state";
            Dir::State::status "\(folder)/status";
            Dir::Cache "\(folder)/cache";
            Dir::Etc "\(folder)/etc";
            Dir::Etc::main "/dev/null";
            APT::Architecture "amd64";
            APT::Architectures "amd64";
            APT::Install-Recommends "false";
            APT::Sandbox::User "";
            Acquire::Languages "none";
            Debug::NoLocking "true";
            """, to: "apt.conf")
        let (isDone, output) = try await run("apt-get", ["update"])
        try #require(isDone, "\(output)")
    }

    /// What apt would install, as `name=version`, sorted; nil if it would not, or would remove something.
    func install(_ packages: [String]) async throws -> [String]? {
        let (isDone, output) = try await run("apt-get", ["--simulate", "-qq", "install"] + packages)
        guard isDone, !output.contains("\nRemv ") else { return nil }
        return output.matches(of: #/(?m)^Inst (\S+) (?:\[\S+\] )?\((\S+)/#).map { "\($0.1)=\($0.2)" }.sorted()
    }

    private func run(_ program: String, _ arguments: [String]) async throws -> (isDone: Bool, output: String) {
        let environment = Environment.inherit.updating([
            "APT_CONFIG": folder.appending("apt.conf").string, "LC_ALL": "C",
        ])
        let result = try await Subprocess.run(
            .name(program), arguments: Arguments(arguments), environment: environment,
            output: .string(limit: 16 << 20), error: .discarded)
        return (result.terminationStatus.isSuccess, "\n" + result.standardOutput)
    }

    private func write(_ text: String, to name: String) throws {
        let file = try FileDescriptor.open(
            folder.appending(name), .writeOnly, options: [.create, .truncate],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        _ = try file.closeAfter { try file.writeAll(text.utf8) }
    }
}
