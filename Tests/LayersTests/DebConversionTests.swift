//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Layers
import Store
import SystemPackage
import Testing

@Suite struct DebConversionTests {
    let workplace: Workplace

    init() throws { workplace = try Workplace() }

    @Test(arguments: Compression.allCases)
    func convertsAPackage(compression: Compression) throws {
        let items: [TarItem] = [
            .directory("./"), .directory("./bin/"), .file("./bin/tool", "content", mode: 0o4755, group: "shadow"),
            .directory("./usr/"), .directory("./usr/share/"), .file("./usr/share/data", "x", user: "stranger"),
            .symlink("./bin/alias", "tool"), .hardlink("./usr/share/again", "./bin/tool"),
        ]
        let content = try deb(items, compression: compression)
        let input = DebInput(
            package: "sample", path: try workplace.file("sample.deb", content), digest: .sha256(content))
        let fragment = try convert(deb: input, in: workplace.store)
        #expect(
            fragment.members.map {
                "\($0.entry.path) \(String($0.entry.mode, radix: 8)) \($0.entry.uid):\($0.entry.gid)"
            }
                == [
                    "usr/bin/tool 4755 0:42", "usr/share/data 644 7:0", "usr/bin/alias 777 0:0",
                    "usr/share/again 644 0:0",
                ])
        #expect(fragment.directories.map(\.path.description) == ["usr", "usr/bin", "usr/share"])
        #expect(
            fragment.paths.map(\.description)
                == ["bin", "bin/tool", "usr", "usr/share", "usr/share/data", "bin/alias", "usr/share/again"])
        #expect(storedFragment(fragment.key, in: workplace.store)?.paths == fragment.paths)
        #expect(fragment.members[0].entry.kind == .file(size: 7, digest: .sha256(Array("content".utf8))))
        #expect(fragment.members[3].entry.kind == .hardlink(to: try path("usr/bin/tool")))
        #expect(fragment.control.map(\.name) == ["control", "postinst"])
        #expect(fragment.control.map(\.isExecutable) == [false, true])
        #expect(fragment.uncompressedSize % 512 == 0)
        #expect(
            try contents(of: path("usr/share/again"), in: [fragment], from: workplace.store) == Array("content".utf8))
    }

    @Test func findsAConvertedPackageWithoutItsFile() throws {
        let first = try workplace.fragment("sample", [.file("./a", "a")])
        let input = DebInput(package: "sample", path: "/nowhere.deb", digest: .sha256(try deb([.file("./a", "a")])))
        #expect(try convert(deb: input, in: workplace.store) == first)
        #expect(storedFragment(first.key, in: workplace.store) == first)
    }

    @Test func leavesPathsWhereTheyAreInAnUnmergedSuite() throws {
        let fragment = try workplace.fragment(
            "sample", [.file("./bin/a")], conversion: Conversion(isUsrMerged: false))
        #expect(fragment.members.map(\.entry.path.description) == ["bin/a"])
    }

    @Test func keepsTheLinksOfAMergedSuite() throws {
        let fragment = try workplace.fragment("base-files", [.symlink("./bin", "usr/bin"), .file("./usr/bin/a")])
        #expect(fragment.members.map(\.entry.path.description) == ["bin", "usr/bin/a"])
    }

    @Test(arguments: [
        ("../etc/passwd", TarItem.file("../etc/passwd")), ("./a/../../b", .file("./a/../../b")),
        ("/etc/passwd", .file("/etc/passwd")), ("./null", .other("./null", .characterDevice(major: 1, minor: 3))),
        ("./sda", .other("./sda", .blockDevice(major: 8, minor: 0))), ("./pipe", .other("./pipe", .fifo)),
        ("./.wh.x", .file("./.wh.x")), ("./.wh.d/x", .file("./.wh.d/x")), ("./link", .symlink("./link", "")),
        ("./forward", .hardlink("./forward", "./later")), ("./out", .hardlink("./out", "../../etc/shadow")),
        ("./self", .hardlink("./self", "./self")),
    ])
    func refusesAHostileEntry(path: String, item: TarItem) throws {
        let error = #expect(throws: LayerError.self) { try workplace.fragment("evil", [item, .file("./later")]) }
        guard case .refusedEntry(package: "evil", path, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [
        [TarItem.file("./a"), .file("./a")], [.file("./bin/a"), .file("./usr/bin/a")],
        [.directory("./a"), .file("./a")], [.file("./a"), .directory("./a")],
        [.symlink("./etc", "/tmp"), .file("./etc/x")], [.file("./a"), .file("./a/b")],
        [.file("./a/b"), .symlink("./a", "c")],
    ])
    func refusesEntriesThatContradictEachOther(items: [TarItem]) throws {
        let error = #expect(throws: LayerError.self) { try workplace.fragment("evil", items) }
        guard case .refusedEntry(package: "evil", _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: Compression.allCases)
    func refusesAPackageTruncatedAnywhere(compression: Compression) throws {
        let whole = try deb([.file("./a", "content"), .file("./b")], compression: compression)
        let step = compression == .none ? 13 : 1
        for length in stride(from: 0, to: whole.count - 1, by: step) {
            let input = DebInput(
                package: "cut", path: try workplace.file("cut.deb", Array(whole[..<length])),
                digest: .sha256(Array("\(length)".utf8)))
            let error = #expect(throws: LayerError.self, "cut after \(length) bytes") {
                try convert(deb: input, in: workplace.store)
            }
            guard case .malformedPackage("cut", _) = error else {
                Issue.record("cut after \(length) bytes: \(String(describing: error))")
                return
            }
        }
    }

    @Test func refusesAPackageThatExpandsBeyondTheLimit() throws {
        let item = TarItem.file("./zeros", String(repeating: "0", count: 3_000_000))
        #expect(throws: LayerError.malformedPackage("bomb", reason: "it holds more than 1000000 bytes")) {
            try workplace.fragment("bomb", [item], conversion: Conversion(sizeLimit: 1_000_000))
        }
    }

    @Test(arguments: [
        ("nothing", []), ("not a package", Array("hello, world; this is text".utf8)),
        ("no data", ar([("debian-binary", Array("2.0\n".utf8)), ("control.tar.gz", [])])),
        ("format 3", ar([("debian-binary", Array("3.0\n".utf8)), ("control.tar", []), ("data.tar", [])])),
    ])
    func refusesWhatIsNoPackage(name: String, content: [UInt8]) throws {
        let input = DebInput(package: name, path: try workplace.file("x.deb", content), digest: .sha256(content))
        let error = #expect(throws: LayerError.self) { try convert(deb: input, in: workplace.store) }
        guard case .malformedPackage(name, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
