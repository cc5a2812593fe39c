//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Inspection
import OCI
import Testing

@Suite struct TreeDifferenceTests {
    func file(_ path: String, _ content: String, mode: UInt16 = 0o644, uid: Int64 = 0) -> (ArchiveEntry, [UInt8]) {
        let bytes = Array(content.utf8)
        return (
            ArchiveEntry(
                path: Array(path.utf8), kind: .file, mode: mode, uid: uid, size: Int64(bytes.count), mtime: 5), bytes
        )
    }

    func link(_ path: String, _ target: String) -> (ArchiveEntry, [UInt8]) {
        (ArchiveEntry(path: Array(path.utf8), kind: .symlink(target: Array(target.utf8)), mode: 0o777, mtime: 5), [])
    }

    func layer(_ entries: [(ArchiveEntry, [UInt8])]) throws -> ArchiveSource {
        final class Output { var bytes: [UInt8] = [] }
        let output = Output()
        var tar = try TarWriter { piece in piece.withUnsafeBytes { output.bytes.append(contentsOf: $0) } }
        for (entry, content) in entries {
            try tar.begin(entry)
            if !content.isEmpty { try tar.write(content.span) }
        }
        try tar.finish()
        return .memory(output.bytes)
    }

    func tree(_ layers: [(ArchiveEntry, [UInt8])]...) throws -> ImageTree {
        try ImageTree(layers: try layers.map(layer), keeping: InstalledPackages.isDatabase)
    }

    func describe(_ differences: [PathDifference]) -> [String] {
        differences.map { item in
            let path = String(decoding: item.path, as: UTF8.self)
            switch item.kind {
            case .added: return "+ \(path)"
            case .removed: return "- \(path)"
            case .changed(_, _, let aspects): return "~ \(path) " + aspects.map(\.rawValue).joined(separator: " ")
            }
        }
    }

    @Test func findsEveryKindOfDifference() throws {
        let old = try tree([
            file("a", "1"), file("b", "1"), file("c", "1"), link("d", "x"), link("e", "x"), file("f", "1"),
        ])
        let new = try tree([
            file("b", "2"), file("c", "1", mode: 0o755, uid: 7), link("d", "y"), file("e", ""), file("f", "1"),
            file("g", ""),
        ])
        #expect(
            describe(differences(from: old, to: new)) == [
                "- a", "~ b content", "~ c mode owner", "~ d target", "~ e kind mode", "+ g",
            ])
        #expect(differences(from: old, to: old).isEmpty)
    }

    @Test func comparesWhatLayersGiveTogether() throws {
        let old = try tree([file("etc/a", "1"), file("etc/b", "1")])
        let new = try tree(
            [file("etc/a", "0"), file("etc/b", "1"), file("etc/c", "1")],
            [
                file("etc/a", "1"), file("etc/.wh.c", ""),
            ])
        #expect(differences(from: old, to: new).isEmpty)
        #expect(new.entries[Array("etc/a".utf8)]?.layer == 1)
    }

    @Test func readsHardLinksAsFiles() throws {
        let hardlink = ArchiveEntry(
            path: Array("b".utf8), kind: .hardlink(target: Array("a".utf8)), mode: 0o644, mtime: 6)
        let linked = try tree([file("a", "1"), (hardlink, [])]), copied = try tree([file("a", "1"), file("b", "1")])
        #expect(differences(from: linked, to: copied).isEmpty)
        #expect(describe(differences(from: linked, to: copied, withTimes: true)) == ["~ b time"])
    }

    func database(_ packages: [(name: String, version: String, files: String)]) -> [(ArchiveEntry, [UInt8])] {
        let status = packages.map {
            "Package: \($0.name)\nStatus: install ok installed\nArchitecture: amd64\nVersion: \($0.version)\n"
        }
        return [file("var/lib/dpkg/status", status.joined(separator: "\n"))]
            + packages.map { file("var/lib/dpkg/info/\($0.name).list", $0.files) }
    }

    @Test func findsPackagesOfOtherVersions() throws {
        let old = try InstalledPackages(in: tree(database([("git", "1", ""), ("jq", "1", "")])))
        let new = try InstalledPackages(in: tree(database([("git", "2", ""), ("make", "4", "")])))
        #expect(
            differences(from: old, to: new).map { "\($0.name) \($0.first ?? "-") \($0.second ?? "-")" } == [
                "git 1 2", "jq 1 -", "make - 4",
            ])
    }

    @Test func knowsWhosePathsTheyAreBehindMergedUsr() throws {
        let tree = try tree(
            [link("bin", "usr/bin"), file("usr/bin/sh", "x"), file("usr/bin/own", "x")],
            database([("dash", "1", "/.\n/bin\n/bin/sh\n/usr/share/gone\n")]))
        let owners = try InstalledPackages(in: tree).owners
        #expect(owners[Array("usr/bin/sh".utf8)] == "dash")
        #expect(owners[Array("usr/bin/own".utf8)] == nil)
        #expect(owners[Array("usr/share/gone".utf8)] == nil)
    }

    @Test func takesAnImageWithoutADatabase() throws {
        #expect(try InstalledPackages(in: tree([file("a", "")])).packages.isEmpty)
    }

    @Test func refusesAMalformedDatabase() throws {
        let broken = try tree([file("var/lib/dpkg/status", "no field here")])
        #expect(throws: InspectionError.self) { try InstalledPackages(in: broken) }
    }
}
