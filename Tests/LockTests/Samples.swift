//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Lock
import Store
import Testing
import Toolchains

/// The folder of golden locks.
let lockFixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/locks")

/// A digest of one repeated hexadecimal digit.
func digest(_ digit: Character) throws -> Digest {
    try #require(Digest(hex: String(repeating: digit, count: 64)))
}

/// A lock with everything in it.
func completeLock() throws -> Lockfile {
    let amd64 = LockedPlatform(
        name: "linux/amd64",
        packages: [
            LockedPackage(
                name: "base-files", version: "13.8+deb13u1", architecture: "amd64", digest: try digest("1"),
                size: 73112,
                path: "pool/main/b/base-files/base-files_13.8+deb13u1_amd64.deb", archive: 0, group: .base),
            LockedPackage(
                name: "libssl3t64", version: "3.5.1-1~deb13u1", architecture: "amd64", digest: try digest("2"),
                size: 2_441_620, path: "pool/updates/main/o/openssl/libssl3t64_3.5.1-1~deb13u1_amd64.deb", archive: 1,
                group: .automatic),
            LockedPackage(
                name: "tzdata", version: "2025b-4", architecture: "all", digest: try digest("3"), size: 260_212,
                path: "pool/main/t/tzdata/tzdata_2025b-4_all.deb", archive: 0, group: .requested),
        ],
        steps: [
            LockedStep(manager: "uv", python: try completePython()),
            LockedStep(
                manager: "uv",
                python: PythonLock(distributions: [], buildExcludeNewer: nil, uv: try completePython().uv)),
        ])
    return Lockfile(
        spec: try digest("a"), base: "debian:trixie", sourceDateEpoch: 1_763_200_000,
        archives: [
            LockedArchive(
                uri: "http://deb.debian.org/debian", suite: "trixie", date: "Sat, 15 Nov 2025 09:42:11 UTC"),
            LockedArchive(
                uri: "http://deb.debian.org/debian-security", suite: "trixie-security",
                date: "Sat, 22 Nov 2025 11:20:00 UTC"),
        ],
        platforms: [amd64, LockedPlatform(name: "linux/arm64", packages: [], steps: [])],
        inputs: [
            LockedInput(path: "pyproject.toml", digest: try digest("b")),
            LockedInput(path: "requirements/größe \"dev\".txt", digest: try digest("c")),
        ])
}

private func completePython() throws -> PythonLock {
    func file(_ name: String, _ size: Int64?, _ digit: Character) throws -> PythonArtifact {
        PythonArtifact(url: "https://files.example.org/\(name)", size: size, digest: try digest(digit))
    }
    return PythonLock(
        distributions: [
            LockedDistribution(name: "attrs", version: "25.3.0", artifact: .wheel(try file("attrs.whl", 63815, "4"))),
            LockedDistribution(name: "docopt", version: "0.6.2", artifact: .sdist(try file("docopt.tar.gz", nil, "5"))),
            LockedDistribution(
                name: "local", version: nil,
                artifact: .archive(try file("local.zip", 9, "6"), subdirectory: "python/lib")),
            LockedDistribution(
                name: "plain", version: nil, artifact: .archive(try file("plain.zip", nil, "7"), subdirectory: nil)),
            LockedDistribution(
                name: "tool", version: "1.0",
                artifact: .git(
                    url: "https://git.example.org/tool.git", commit: String(repeating: "d", count: 40),
                    subdirectory: "pkg")),
        ],
        localProjects: [
            LocalPythonProject(path: "", isEditable: true), LocalPythonProject(path: "lib/core", isEditable: false),
        ],
        buildExcludeNewer: "2024-05-31T00:00:00Z",
        uv: LockedUv(version: "0.9.11", wheel: try file("uv.whl", 21_000_000, "e")))
}
