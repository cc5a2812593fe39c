//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Layers
import Store
import SystemPackage
import Testing

/// Packages that somebody made to do harm are refused by name, and nothing of them stays in the store.
@Suite struct HostilePackageTests {
    let workplace: Workplace

    init() throws { workplace = try Workplace() }

    /// Converts, and makes sure that the store holds nothing but what a success leaves.
    private func converted(_ content: [UInt8], _ conversion: Conversion = Conversion()) throws -> Result<
        Fragment, LayerError
    > {
        let input = DebInput(
            package: "evil", path: try workplace.file("evil.deb", content),
            digest: .sha256(Array("\(content.count)".utf8)))
        let result = Result { () throws(LayerError) in try convert(deb: input, by: conversion, in: workplace.store) }
        if case .failure(let error) = result {
            #expect("\(error)".contains("`evil`"), "\(error)")
            let usage = try workplace.store.usage().map(\.kind)
            #expect(usage.isEmpty, "\(usage) after: \(error)")
        }
        #expect(try names(in: workplace.path.appending("store/temporary")).isEmpty)
        _ = try workplace.store.prune(keeping: [])
        return result
    }

    private func expectRefusal(_ content: [UInt8], _ reason: String, _ conversion: Conversion = Conversion()) throws {
        guard case .failure(let error) = try converted(content, conversion) else {
            Issue.record("nobody refused what \(reason)")
            return
        }
        #expect("\(error)".contains(reason), "\(error)")
    }

    private static func data(_ fill: (inout RawTar) -> Void) -> [UInt8] {
        var tar = RawTar()
        fill(&tar)
        return rawDeb(data: tar.ended)
    }

    private static func control(_ fill: (inout RawTar) -> Void) -> [UInt8] {
        var tar = RawTar()
        fill(&tar)
        return rawDeb(control: plainControl().dropLast(1024) + tar.ended, data: RawTar().ended)
    }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static func entry(_ name: String, type: Character = "0", link: String = "") -> [UInt8] {
        data { $0.add(bytes(name), type: type, link: bytes(link)) }
    }

    /// A package of these two entries, name and type.
    private static func pair(_ first: String, _ type: Character, _ second: String, _ other: Character) -> [UInt8] {
        data {
            $0.add(bytes(first), type: type, link: bytes("/etc"))
            $0.add(bytes(second), type: other, link: bytes(first))
        }
    }

    @Test(
        arguments: [
            (entry("../a"), "leads out"), (entry("./a/../../b"), "leads out"), (entry("/a"), "absolute"),
            (entry("../", type: "5"), "leads out"), (entry("a\nb"), "newline"), (entry("./.wh.a"), ".wh."),
            (entry("./.wh..wh..opq"), ".wh."), (entry("./n", type: "3"), "only files"),
            (entry("./n", type: "4"), "only files"), (entry("./n", type: "6"), "only files"),
            (entry("./n", type: "s"), "only files"), (entry("./n", type: "V"), "only files"),
            (entry("./n", type: "S"), "sparse"), (entry("./h", type: "1", link: "./absent"), "does not stand before"),
            (entry("./h", type: "1", link: "../../etc/shadow"), "leads out"),
            (entry("./h", type: "1", link: "/etc/shadow"), "leads out"),
            (entry("./h", type: "1", link: "./h"), "does not stand before"), (entry("./l", type: "2"), "to nothing"),
            (pair("./l", "2", "./l/passwd", "0"), "leads through"), (pair("./f", "0", "./f/g", "0"), "leads through"),
            (pair("./l", "2", "./l/d/", "5"), "leads through"), (pair("./f", "0", "f", "0"), "twice"),
            (pair("./bin/f", "0", "./usr/bin/f", "0"), "twice"),
            (pair("./d", "5", "./h", "1"), "does not stand before"),
            (pair("./d/", "5", "./d", "2"), "twice"), (pair("./d", "2", "./d/", "5"), "twice"),
        ] as [([UInt8], String)])
    func refusesHostileEntries(package: [UInt8], reason: String) throws {
        try expectRefusal(package, reason)
    }

    private static func file(size: [UInt8]) -> [UInt8] { data { $0.add(bytes("./f"), size: size) } }

    private static func pax(_ key: String, _ value: String, type: Character = "0") -> [UInt8] {
        pax(record: RawTar.record(key, value), type: type)
    }

    private static func pax(record: String, type: Character = "0") -> [UInt8] {
        data {
            $0.addPax(record)
            $0.add(bytes("./f"), type: type)
        }
    }

    /// An extension header of this type that declares a gibibyte, or holds a name.
    private static func long(_ type: Character, name: String? = nil) -> [UInt8] {
        data {
            $0.add(
                bytes("././@LongLink"), type: type, size: name == nil ? RawTar.octal(1 << 30, 11) : nil,
                content: bytes(name ?? ""))
            $0.add(bytes("f"))
        }
    }

    private static let manyFolders = String(repeating: "a/", count: 100_000)

    private static let globalPath = data {
        $0.addPax(RawTar.record("path", "x"), type: "g")
        $0.add(bytes("./a"))
        $0.add(bytes("./b"))
    }

    @Test(
        arguments: [
            (file(size: bytes("-0000000001\0")), "bad number"), (file(size: bytes("777777777777")), "ends inside"),
            (file(size: bytes("00000000009\0")), "bad number"),
            (file(size: [0x80, 0, 0, 0, 0x7F] + Array(repeating: 0xFF, count: 7)), "impossible size"),
            (file(size: [0x80] + Array(repeating: 0xFF, count: 11)), "bad number"),
            (file(size: Array(repeating: 0xFF, count: 12)), "negative size"),
            (data { $0.add(bytes("./f"), checksum: 1) }, "checksum"), (data { $0.add([]) }, "no name"),
            (data { $0.add(bytes("./f"), uid: "9999999\0") }, "bad number"),
            (pax("size", "99999999999999999999"), "not a number"),
            (pax("size", "-1"), "not a number"), (pax("size", "999999999999999999"), "ends inside"),
            (pax("path", "../f"), "leads out"), (pax("path", "a\0b"), "zero byte"),
            (pax("path", manyFolders), "too long"),
            (pax("linkpath", manyFolders, type: "2"), "too long"), (pax("linkpath", "../../f", type: "1"), "leads out"),
            (pax(record: RawTar.record("uname", "") + RawTar.record("uid", "99999999999")), "impossible number"),
            (pax("GNU.sparse.size", "9"), "sparse"),
            (pax(record: "99999 path=a\n"), "bad length"), (pax(record: "5 a=b"), "no end"),
            (data { $0.addPax(RawTar.record("path", "x")) }, "behind an extension header"), (globalPath, "twice"),
            (long("L"), "too long"), (long("K"), "too long"), (long("x"), "too long"), (long("g"), "too long"),
            (long("L", name: "../up\0"), "leads out"),
        ] as [([UInt8], String)])
    func refusesHostileHeaders(package: [UInt8], reason: String) throws {
        try expectRefusal(package, reason)
    }

    @Test(
        arguments: [
            (control { $0.add(bytes("../preinst"), content: [1]) }, "leads out"),
            (control { $0.add(bytes("/preinst")) }, "absolute"),
            (
                control { $0.add(bytes("./postinst"), type: "2", link: bytes("/bin/sh")) },
                "control archives hold only files"
            ),
            (control { $0.add(bytes("./d/file")) }, "control archives hold only files"),
            (control { $0.add(bytes("./d/"), type: "5") }, "control archives hold only files"),
            (control { $0.add(bytes("./control")) }, "stands twice"),
            (control { $0.add(bytes("./a\nb")) }, "no name of a control file"),
            (control { $0.add([0x2E, 0x2F, 0xFF]) }, "no name of a control file"),
            (rawDeb(control: RawTar().ended, data: RawTar().ended), "no `control` file"),
            (rawDeb(control: ar([("control", [])]), data: RawTar().ended), "cannot read"),
        ] as [([UInt8], String)])
    func refusesHostileControlArchives(package: [UInt8], reason: String) throws {
        try expectRefusal(package, reason)
    }

    private static func members(_ names: String...) -> [UInt8] {
        ar(
            names.map {
                ($0, $0 == "debian-binary" ? bytes("2.0\n") : $0 == "control.tar" ? plainControl() : RawTar().ended)
            })
    }

    /// An empty package whose last member's header has another text for its size.
    private static func size(_ text: String) -> [UInt8] {
        var package = members("debian-binary", "control.tar", "data.tar")
        let field = package.count - 1024 - 12
        package.replaceSubrange(
            field..<field + 10, with: bytes(text + String(repeating: " ", count: 10 - text.utf8.count)))
        return package
    }

    @Test(
        arguments: [
            (members("debian-binary", "control.tar", "data.tar", "data.tar"), "stands twice"),
            (members("debian-binary", "control.tar", "control.tar", "data.tar"), "stands twice"),
            (members("debian-binary", "debian-binary", "control.tar", "data.tar"), "stands twice"),
            (members("debian-binary", "control.tar", "data.tar", "data.tar.xz"), "stands twice"),
            (members("control.tar", "debian-binary", "data.tar"), "not a Debian package"),
            (members("debian-binary", "data.tar", "control.tar"), "is missing"),
            (members("debian-binary", "control.tar"), "is missing"),
            (size("-1"), "damaged"), (size("+1024"), "damaged"), (size("1024x"), "damaged"), (size(""), "damaged"),
            (size("9999999999"), "ends inside"), (size("0x400"), "damaged"), (size("1 024"), "damaged"),
            (members("debian-binary", "control.tar", "data.tar") + [0x0A], "ends early"),
        ] as [([UInt8], String)])
    func refusesHostileContainers(package: [UInt8], reason: String) throws {
        try expectRefusal(package, reason)
    }

    @Test func takesWhatIsRareButAllowed() throws {
        let name: [UInt8] = [0x2E, 0x2F, 0xFF, 0xFE]
        var tar = RawTar()
        tar.add(name, mode: "0004755\0", content: [1])
        tar.add(Self.bytes("./second"), type: "1", link: name)
        tar.add(Self.bytes("./third"), type: "1", link: Self.bytes("./second"))
        tar.addPax(RawTar.record("path", "long/" + String(repeating: "n", count: 300)))
        tar.add(Self.bytes("./short"))
        let fragment = try converted(rawDeb(data: tar.ended)).get()
        #expect(fragment.members.map(\.entry.mode) == [0o4755, 0o644, 0o644, 0o644])
        #expect(fragment.members[0].entry.path.bytes == [0xFF, 0xFE])
        // A chain of links leads to the first name.
        #expect(fragment.members[1].entry.kind == fragment.members[2].entry.kind)
        #expect(fragment.members[3].entry.path.bytes.count == 305)
    }
}
