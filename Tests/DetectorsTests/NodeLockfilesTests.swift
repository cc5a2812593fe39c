//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Detectors
import Testing

/// Lockfiles of Node's package managers that are cut off, nest deeply or have unusual line ends.
@Suite struct NodeLockfilesTests {
    static let manifest = #"{ "name": "a", "main": "a.js", "dependencies": { "b": "^1.0.0" } }"#

    /// The names of the packages of the system that are found, and the warnings.
    static func find(_ files: [String: String]) -> (packages: Set<String>, warnings: [String]) {
        var files = files
        files["package.json"] = files["package.json"] ?? manifest
        let found = detect(
            in: Repository(Checkout(files: files)), using: builtInDetectors.filter { $0.name == "node" })
        let names = found.findings.compactMap { finding in
            if case .system(let item) = finding, case .package(let name) = item.requirement, !item.isOptional {
                return name
            }
            return nil
        }
        return (Set(names), found.warnings.map(\.description))
    }

    @Test(arguments: [
        "{", "{\"packages\": {", "{\"packages\": {\"node_modules/", "[", "}", "{\"packages\" {}}", "{\"a\": tru",
        "\u{0}",
        "{\"packages\": {\"node_modules/b\": {\"version\": \"1", "\"",
    ])
    func warnsOfLockfilesThatAreCutOff(text: String) {
        let found = Self.find(["package-lock.json": text])
        #expect(found.warnings.count <= 1)
    }

    @Test func readsNoFurtherThanWhereAnOldLockfileNestsTooDeeply() {
        let depth = 5_000
        let text =
            String(repeating: #"{"dependencies":{"x":"#, count: depth) + "{}" + String(repeating: "}}", count: depth)
        #expect(Self.find(["package-lock.json": text]).packages.isEmpty)
    }

    @Test func readsLinesOfWindows() {
        let text =
            "# yarn lockfile v1\r\n\r\nb@^1.0.0:\r\n  version \"1.0.0\"\r\n  dependencies:\r\n    libpq \"1.8.0\"\r\n"
            + "\r\nlibpq@1.8.0:\r\n  version \"1.8.0\"\r\n"
        #expect(Self.find(["yarn.lock": text]).packages.contains("libpq-dev"))
    }

    @Test func readsOlderLockfilesOfPnpm() {
        let text = """
            lockfileVersion: 5.4

            dependencies:
              b: 1.0.0

            packages:

              /b/1.0.0:
                resolution: {integrity: sha512-a}
                dev: false

              /@scope/native/2.0.0_peer@1.0.0:
                resolution: {integrity: sha512-b}
                requiresBuild: true
                dependencies:
                  nan: 2.17.0
                dev: false

              /libpq/1.8.0:
                dev: true
            """
        let found = Self.find(["pnpm-lock.yaml": text])
        #expect(found.packages == ["g++", "make", "python3", "libpq-dev"])
    }

    @Test func readsALockfileInSeveralDocuments() {
        let text = """
            ---
            lockfileVersion: '9.0'
            importers:
              .:
                packageManagerDependencies:
                  pnpm:
                    version: 11.0.0
            packages:
              pnpm@11.0.0: {}
            snapshots:
              pnpm@11.0.0: {}
            ---
            lockfileVersion: '9.0'
            importers:
              .:
                dependencies:
                  b:
                    specifier: ^1.0.0
                    version: 1.0.0
            packages:
              b@1.0.0: {}
              libpq@1.8.0: {}
            snapshots:
              b@1.0.0:
                dependencies:
                  libpq: 1.8.0
              libpq@1.8.0: {}
            """
        #expect(Self.find(["pnpm-lock.yaml": text]).packages.contains("libpq-dev"))
    }
}
