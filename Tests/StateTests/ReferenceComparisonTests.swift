//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Layers
import Store
import Subprocess
import SystemPackage
import Testing

@testable import State

/// Compares with what mmdebstrap installs from the same .debs, path by path; `docs/state.md` lists what may differ.
///
/// Needs mmdebstrap, root, and the archive: `FITOUT_NETWORK_TESTS=1`.
@Suite(.serialized) struct ReferenceComparisonTests {
    private static let isWanted = getenv("FITOUT_NETWORK_TESTS").map { String(cString: $0) } == "1"

    @Test(
        .enabled(if: isWanted, "FITOUT_NETWORK_TESTS=1 compares with mmdebstrap; this needs the network and root"),
        arguments: [
            (
                "bookworm",
                "usr-is-merged,python3,python3-venv,python3-pip,git,curl,ca-certificates,build-essential,pkg-config"
            ),
            (
                "trixie",
                "usr-is-merged,python3,python3-venv,python3-pip,git,curl,ca-certificates,build-essential,pkg-config"
            ),
        ])
    func leavesWhatMmdebstrapLeaves(suite: String, packages: String) async throws {
        let folder = FilePath(FileManager.default.temporaryDirectory.path).appending(
            "fitout-state-\(suite)-\(getpid())")
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        let reference = try await Reference(suite: suite, packages: packages, in: folder)
        let store = try Store(at: folder.appending("store"))
        var inputs: [DebInput] = []
        for deb in reference.debs {
            inputs.append(DebInput(package: deb.name, path: deb.path, digest: try .sha256(fileAt: deb.path)))
        }
        let fragments = try await convert(debs: inputs, in: store)
        let requested = Set(packages.split(separator: ",").map(String.init))
        let unpacked = zip(reference.debs, fragments).map { $0.package(fragment: $1, requested: requested) }
        let contents = FragmentContents(of: fragments, in: store)
        let state = try systemState(
            StateInput(
                packages: unpacked, architecture: reference.architecture, sourceDateEpoch: buildTime,
                contents: { try contents.contents(of: $0) }))
        #expect(state.unhandled.isEmpty)
        let differences = try differences(
            between: combined(unpacked, state), and: reference.entries, contents: reference.content)
        #expect(differences.isEmpty, "\(differences.prefix(40).joined(separator: "\n"))")
    }

    /// What an image of the packages and the state holds: type, mode, owner and link, and the content of state files.
    private func combined(_ packages: [UnpackedPackage], _ state: SystemState) -> [String: Description] {
        var all: [String: Description] = [:]
        for package in packages {
            for entry in package.fragment.directories where all[entry.path.description] == nil {
                all[entry.path.description] = Description(entry, nil)
            }
            for member in package.fragment.members {
                all[member.entry.path.description] = Description(member.entry, nil)
            }
        }
        for path in state.removals { all[path.description] = nil }
        for generated in state.entries {
            all[generated.entry.path.description] = Description(generated.entry, generated.content)
        }
        return all
    }

    private func differences(
        between ours: [String: Description], and theirs: [String: Description], contents: (String) throws -> [UInt8]
    ) throws -> [String] {
        var differences: [String] = []
        for path in Set(ours.keys).union(theirs.keys).sorted() where !Allowed.isAllowed(path) {
            guard let one = ours[path], let other = theirs[path] else {
                differences.append("\(ours[path] == nil ? "missing" : "additional"): \(path)")
                continue
            }
            if one.attributes != other.attributes {
                differences.append("\(path): \(one.attributes), not \(other.attributes)")
            }
            guard let content = one.content, other.attributes.hasPrefix("file") else { continue }
            let expected = try contents(path)
            let isSame =
                Allowed.isUnordered(path) ? Allowed.blocks(content) == Allowed.blocks(expected) : content == expected
            if !isSame, !Allowed.mayDiffer(path) { differences.append("\(path): other content") }
        }
        return differences
    }
}

/// An entry as text to compare.
struct Description {
    var attributes: String
    /// The content of a generated file.
    var content: [UInt8]?

    init(attributes: String) { self.attributes = attributes }

    init(_ entry: Entry, _ content: [UInt8]?) {
        let mode = String(entry.mode, radix: 8)
        switch entry.kind {
        case .file, .hardlink:
            attributes = "file \(mode) \(entry.uid):\(entry.gid)"
            self.content = content
        case .directory: attributes = "directory \(mode) \(entry.uid):\(entry.gid)"
        case .symlink(let target): attributes = "link \(String(decoding: target, as: UTF8.self))"
        }
    }
}

/// The differences that `docs/state.md` allows.
private enum Allowed {
    private static let patterns = [
        "*.pyc", "*/__pycache__", "dev", "dev/*", "proc", "sys", "etc/fstab", "etc/hostname", "etc/resolv.conf",
        "etc/machine-id", "etc/systemd/*", "var/lib/systemd/*", "etc/rc?.d/*", "var/cache/debconf/*", "*-old",
        "var/lib/apt/lists/*", "var/cache/apt/*", "var/log/*", "var/lib/python/*", "etc/apt/sources.list",
        "etc/apt/apt.conf.d/99mmdebstrap", "etc/passwd-",
        "var/cache/ldconfig/*", "var/cache/man/*",
    ]

    static func isAllowed(_ path: String) -> Bool { patterns.contains { ShellPattern.matches(path, $0) } }

    /// mmdebstrap marks what came in with its first step as wanted by the user.
    static func mayDiffer(_ path: String) -> Bool { path == "var/lib/apt/extended_states" }

    /// Files whose order says nothing: the order of a hash table, or of the installation.
    static func isUnordered(_ path: String) -> Bool {
        ["var/lib/dpkg/diversions", "var/lib/dpkg/triggers/File", "etc/shells"].contains(path)
    }

    static func blocks(_ bytes: [UInt8]) -> [[UInt8]] {
        lines(bytes).map(Array.init).sorted { $0.lexicographicallyPrecedes($1) }
    }
}
