//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Debian

struct PackageIndexTests {
    @Test func takesTheHighestVersionOfSeveralIndexes() throws {
        let release = try index("a 1.0-1\nb 2", suite: "release")
        let security = try index("a 1.0-1+deb13u1\nb 2\na 1.0-1~bpo1", suite: "security")
        let merged = try PackageIndex(merging: [release, security], architecture: "amd64")
        #expect(try merged.package(named: "a")?.version == "1.0-1+deb13u1")
        #expect(try merged.package(named: "b")?.origin.suite == "release")
        #expect(merged.count == 5)
    }

    @Test func takesALowerVersionOfAnArchiveThatIsWantedMore() throws {
        let release = try index("a 1", suite: "release")
        let experimental = try index("a 2\nnew 1", suite: "experimental", priority: 1)
        let merged = try PackageIndex(merging: [experimental, release], architecture: "amd64")
        #expect(try merged.package(named: "a")?.version == "1")
        #expect(try merged.package(named: "new")?.version == "1")
    }

    @Test func refusesToMergeArchitectures() throws {
        let other = try index("a 1", architecture: "arm64")
        #expect(throws: DebianError.self) { try PackageIndex(merging: [other], architecture: "amd64") }
    }

    @Test func tellsAllOfAPackage() throws {
        let package = try #require(
            try index(
                "lib+x 1:2-3 | Source: src (2-2) | Multi-Arch: same | Installed-Size: 7 | Depends: a (>= 1), b / c"
            )
            .package(named: "lib+x"))
        #expect(package.sourceName == "src")
        #expect(package.sourceVersion == "2-2")
        #expect(package.multiArch == "same")
        #expect(package.installedSize == 7)
        #expect(package.url == "http://example.org/debian/pool/lib+x_1:2-3.deb")
        #expect(try package.relations("depends").map(\.description) == ["a (>= 1)", "b | c"])
        #expect(package.control["Filename"] == package.filename)
    }

    @Test func hasNoPackageForAVirtualName() throws {
        let index = try index("a 1 | Provides: v | Depends: w")
        #expect(try index.package(named: "v") == nil)
        #expect(try index.package(named: "w") == nil)
        #expect(try index.package(named: "") == nil)
    }

    @Test(arguments: [
        ("Package: a\nVersion: 1\nArchitecture: all\nDepends: b (>= \n\n", 1),
        ("Package: a\nVersion: 1\nArchitecture: all\n\nPackage: b\nArchitecture: all\n", 5),
        ("Package: a\nVersion: 1\nnonsense\n", 3), (" x\n", 1),
    ])
    func saysWhichLineIsMalformed(text: String, line: Int) {
        let error = #expect(throws: DebianError.self) {
            try PackageIndex(
                parsing: [UInt8](text.utf8), architecture: "amd64",
                origin: IndexOrigin(baseURL: "http://example.org", suite: "test"))
        }
        guard case .control("test/main/binary-amd64/Packages", line, _)? = error else {
            Issue.record("\(String(describing: error)) is not about line \(line)")
            return
        }
    }

    @Test(arguments: [
        "Filename: ../etc/passwd\nSize: 1\nSHA256: \(String(repeating: "a", count: 64))",
        "Filename: /etc/passwd\nSize: 1\nSHA256: \(String(repeating: "a", count: 64))",
        "Filename: a.deb\nSize: -1\nSHA256: \(String(repeating: "a", count: 64))",
        "Filename: a.deb\nSize: 1\nSHA256: abc", "Filename: a.deb\nSize: 1\nMD5sum: abc",
    ])
    func refusesAPackageThatCannotBeFetchedSafely(fields: String) throws {
        let index = try PackageIndex(
            parsing: [UInt8]("Package: a\nVersion: 1\nArchitecture: amd64\n\(fields)\n".utf8), architecture: "amd64",
            origin: IndexOrigin(baseURL: "http://example.org", suite: "test"))
        #expect(throws: DebianError.self) { try index.package(named: "a") }
    }

    @Test func readsNoPartOfADamagedFile() throws {
        let origin = IndexOrigin(baseURL: "http://example.org", suite: "test")
        let text = [UInt8]("Package: a\nVersion: 1\nArchitecture: amd64\n".utf8)
        let file = try PackageIndex.parse(text, architecture: "amd64", origin: origin)
        #expect(IndexPart(IndexStorage(copying: file), origin: origin) != nil)
        for length in [0, 3, 31, file.count - 1] {
            #expect(IndexPart(IndexStorage(copying: Array(file.prefix(length))), origin: origin) == nil)
        }
        for position in 0..<32 {
            var damaged = file
            damaged[position] ^= 0xFF
            #expect(IndexPart(IndexStorage(copying: damaged), origin: origin) == nil)
        }
    }
}
