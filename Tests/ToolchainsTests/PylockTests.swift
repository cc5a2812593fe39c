//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Store
import Testing

@testable import Toolchains

@Suite struct PylockTests {
    let platform = PythonPlatform(minor: 13, architecture: .amd64, glibc: 41)
    let hex = String(repeating: "cd", count: 32)

    @Test func readsWhatItWrites() throws {
        let digest = try #require(Digest(hex: hex))
        let wheel = PythonArtifact(url: "https://f.example/a_b-1%2Bcpu-py3-none-any.whl", size: 3, digest: digest)
        let sdist = PythonArtifact(url: "https://f.example/c-2.tar.gz", size: nil, digest: digest)
        let distributions = [
            LockedDistribution(name: "a-b", version: "1+cpu", artifact: .wheel(wheel)),
            LockedDistribution(name: "c", version: "2", artifact: .sdist(sdist)),
            LockedDistribution(name: "d", version: nil, artifact: .archive(sdist, subdirectory: "sub \"x\"")),
            LockedDistribution(
                name: "e", version: nil,
                artifact: .git(url: "https://g.example/e", commit: "0123", subdirectory: nil)),
        ]
        let text = pylock(of: distributions.reversed())
        #expect(try Pylock(parsing: Array(text.utf8), for: platform).distributions == distributions)
    }

    @Test func choosesOneFileOfAPackageAndSetsFoldersApart() throws {
        let text = """
            lock-version = "1.0"
            [[packages]]
            name = "Own_Project"
            directory = { path = "../workspace/sub", editable = true }
            [[packages]]
            name = "Py.YAML"
            version = "6"
            sdist = { url = "https://f.example/p-6.tar.gz", hashes = { sha256 = "\(hex)" } }
            wheels = [
                { url = "https://f.example/p-6-cp312-cp312-linux_x86_64.whl", hashes = { sha256 = "\(hex)" } },
            ]
            """
        let pylock = try Pylock(parsing: Array(text.utf8), for: platform)
        #expect(pylock.folders == [LocalPythonProject(path: "../workspace/sub", isEditable: true)])
        #expect(pylock.distributions.map(\.name) == ["py-yaml"])
        #expect(pylock.distributions[0].isSource)
    }

    @Test(arguments: [
        ("lock-version = \"2.0\"", "pylock.toml:1: `lock-version` is not 1.x"),
        ("lock-version = \"1.0\"\n[[packages]]\nversion = \"1\"", "pylock.toml:2: a package without `name`"),
        (
            "lock-version = \"1.0\"\n[[packages]]\nname = \"a\"\nversion = \"1\"",
            "`a` 1 has no file for this Python and platform"
        ),
        (
            "lock-version = \"1.0\"\n[[packages]]\nname = \"a\"\nsdist = { url = \"x\", hashes = { md5 = \"0\" } }",
            "pylock.toml:4: `x` has no SHA-256"
        ),
        ("lock-version =", ""),
    ])
    func refusesWhatCannotBeInstalledExactly(text: String, message: String) {
        let error = #expect(throws: ToolchainError.self) { try Pylock(parsing: Array(text.utf8), for: platform) }
        #expect(message.isEmpty || error.map { "\($0)" } == message)
    }
}
