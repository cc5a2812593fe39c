//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Debian
import Layers
import Lock
import Store
import Testing

@testable import Builder

@Suite struct PackageGroupTests {
    /// A package of `size` MiB that depends on others.
    func package(
        _ name: String, _ group: LockedPackage.Group = .automatic, needs: String = "", source: String? = nil,
        size: Int64 = 1
    ) throws -> Unpacked {
        let digest = Digest.sha256(Array(name.utf8))
        var text = """
            Package: \(name)
            Version: 1
            Architecture: amd64
            Filename: pool/\(name).deb
            Size: 1
            SHA256: \(digest.hex)
            """
        if !needs.isEmpty { text += "\nDepends: \(needs)" }
        if let source { text += "\nSource: \(source)" }
        let stanza = try ControlStanza.parseOne(Array("\(text)\n".utf8), source: "test")
        return Unpacked(
            locked: LockedPackage(
                name: name, version: "1", architecture: "amd64", digest: digest, size: 1, path: "pool/\(name).deb",
                archive: 0, group: group),
            package: try BinaryPackage(
                stanza, origin: IndexOrigin(baseURL: "http://debian.invalid", suite: "trixie")),
            fragment: Fragment(
                key: digest, frame: digest, frameSize: 0, uncompressedSize: size << 20, members: [], directories: [],
                control: []))
    }

    func groups(_ packages: [Unpacked]) throws -> [String] {
        try PackageGroup.groups(of: packages).map { group in
            "\(group.name): " + group.packages.map(\.package.name).joined(separator: " ")
        }
    }

    @Test func putsEachToolchainInALayerWithWhatItAloneBrings() throws {
        let packages = [
            try package("libc6", .base), try package("perl-base", .base), try package("libperl5.40"),
            try package("gcc-14", needs: "libc6, libgcc-14-dev"), try package("libgcc-14-dev"),
            try package("g++", .requested, needs: "gcc-14"), try package("perl", needs: "libperl5.40"),
            try package("python3.13-minimal"),
            try package("python3", .requested, needs: "python3.13-minimal | python3.12"),
            try package("python3-numpy", .requested, needs: "python3, libblas3"), try package("libblas3"),
            try package("git", .requested, needs: "perl, libc6"),
        ]
        #expect(
            try groups(packages) == [
                "base system: libc6 perl-base", "C and C++: gcc-14 libgcc-14-dev g++",
                "Python: python3.13-minimal python3", "Perl: libperl5.40 perl",
                "other packages: python3-numpy libblas3 git",
            ])
    }

    @Test(arguments: [
        ("python3-venv", "Python"), ("python3.13-dev", "Python"), ("python3-numpy", "other packages"),
        ("default-jdk-headless", "Java"), ("openjdk-21-jre", "Java"), ("golang-1.24-go", "Go"), ("g++", "C and C++"),
        ("ruby3.3-dev", "Ruby"), ("php8.4-cli", "PHP"), ("r-base-core", "R"), ("makepasswd", "other packages"),
        ("antlr", "other packages"),
    ])
    func tellsToolchainsByNameAndVersion(name: String, group: String) throws {
        #expect(try groups([try package(name, .requested)]) == ["\(group): \(name)"])
    }

    @Test func leavesLowerLayersAloneWhenAPackageIsAdded() throws {
        let before = [
            try package("libc6", .base), try package("openjdk-21-jdk-headless", .requested, needs: "libc6"),
            try package("git", .requested),
        ]
        let after = before + [try package("jq", .requested, needs: "libjq1"), try package("libjq1")]
        #expect(try groups(before).dropLast() == groups(after).dropLast())
        #expect(try groups(after).last == "other packages: git jq libjq1")
    }

    @Test func givesLargeSourcesLayersOfTheirOwn() throws {
        let packages = [
            try package("postgresql-17", .requested, source: "pg (17.1)", size: 40),
            try package("libpq5", source: "pg", size: 9), try package("jq", .requested),
        ]
        #expect(try groups(packages) == ["pg: postgresql-17 libpq5", "other packages: jq"])
    }

    @Test func staysWithinTheBudgetOfLayers() throws {
        let packages = try (0..<100).map { try package("tool\($0)", .requested, size: 50 + Int64($0)) }
        let names = try PackageGroup.groups(of: packages).map(\.name)
        #expect(names == ["tool94", "tool95", "tool96", "tool97", "tool98", "tool99", "other packages"])
    }

    @Test func takesPackagesThatDependOnEachOther() throws {
        let packages = [
            try package("ruby", .requested, needs: "ruby-default"), try package("ruby-default", needs: "ruby"),
        ]
        #expect(try groups(packages) == ["Ruby: ruby ruby-default"])
    }
}
