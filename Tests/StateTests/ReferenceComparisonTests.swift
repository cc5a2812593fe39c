//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Concurrency
import FoundationEssentials
import Glibc
import Layers
import Store
import SystemPackage
import Testing

@testable import State

/// Compares with what mmdebstrap installs from the same .debs, path by path; `docs/state.md` lists what may differ.
///
/// Needs mmdebstrap, root, and the archive: `FITOUT_NETWORK_TESTS=1`.
@Suite struct ReferenceComparisonTests {
    @Test(.enabled(if: isWanted, "FITOUT_NETWORK_TESTS=1 compares with mmdebstrap; this needs the network and root"))
    func leavesWhatMmdebstrapLeaves() async throws {
        var comparison = Comparison()
        for suite in ["bookworm", "trixie"] {
            for set in PackageSet.wanted { try await compare(set, of: suite, in: &comparison) }
        }
        print(comparison.summary)
        #expect(comparison.differences.isEmpty, "\(comparison.differences.prefix(40).joined(separator: "\n"))")
        if PackageSet.coverAllowances { #expect(comparison.unused.isEmpty, "nothing differs there any more") }
    }

    private func compare(_ set: PackageSet, of suite: String, in comparison: inout Comparison) async throws {
        let folder = FilePath(FileManager.default.temporaryDirectory.path).appending(
            "fitout-state-\(suite)-\(getpid())")
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        let packages = ["usr-is-merged"] + set.packages
        let reference = try await Reference(suite: suite, packages: packages.joined(separator: ","), in: folder)
        let store = try Store(at: folder.appending("store"))
        var inputs: [DebInput] = []
        for deb in reference.debs {
            inputs.append(DebInput(package: deb.name, path: deb.path, digest: try .sha256(fileAt: deb.path)))
        }
        let fragments = try await parallelMap(inputs) { try convert(deb: $0, in: store) }
        let unpacked = zip(reference.debs, fragments).map { $0.package(fragment: $1, requested: Set(packages)) }
        let contents = FragmentContents(of: fragments, in: store)
        let cache = FragmentContentCache(contents)
        let state = try systemState(
            StateInput(
                packages: unpacked, architecture: reference.architecture, sourceDateEpoch: buildTime,
                contents: { try cache.contents(of: $0) }))
        #expect(state.unhandled.isEmpty)
        try comparison.add(
            "\(suite) \(set.name)", try computed(unpacked, state) { try contents.contents(of: $0) }, reference.tree)
    }
}

private let isWanted = getenv("FITOUT_NETWORK_TESTS").map { String(cString: $0) } == "1"

/// A set of packages that is compared, with the base system.
private struct PackageSet {
    let name: String
    let packages: [String]

    private static let all = [
        PackageSet("base", ""),
        PackageSet("S1", "python3 python3-venv python3-pip git curl ca-certificates"),
        PackageSet(
            "S2", "python3 python3-venv python3-pip git curl ca-certificates build-essential pkg-config"),
        PackageSet("S3", "nodejs npm"),
        PackageSet("S4", "default-jdk-headless maven"),
        PackageSet("S5", "ruby-full"),
        PackageSet("S6", "php-cli composer"),
        PackageSet("S7", "golang rustc cargo"),
        PackageSet("S8", "postgresql-client libpq-dev sqlite3 redis-tools"),
        PackageSet("S9", "sudo openssh-client locales tzdata vim-tiny procps ripgrep jq less man-db"),
    ]

    /// `S2`, `S4`, `S6`, `S8` and `S9` in one system, or with `FITOUT_REFERENCE_SETS` the named sets, or `all`, each in
    /// its own.
    static var wanted: [PackageSet] {
        guard let names = getenv("FITOUT_REFERENCE_SETS").map({ String(cString: $0) }) else {
            let joined = all.filter { ["S2", "S4", "S6", "S8", "S9"].contains($0.name) }
            return [PackageSet("S2+S4+S6+S8+S9", joined.flatMap(\.packages).joined(separator: " "))]
        }
        let wanted = names.split(separator: ",").map(String.init)
        return all.filter { names == "all" || wanted.contains($0.name) }
    }

    /// Whether the wanted sets meet everything that may differ.
    static var coverAllowances: Bool {
        getenv("FITOUT_REFERENCE_SETS").map { String(cString: $0) == "all" } ?? true
    }

    private init(_ name: String, _ packages: String) {
        self.name = name
        self.packages = packages.split(separator: " ").map(String.init)
    }
}
