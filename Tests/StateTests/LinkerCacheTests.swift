//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers
import Testing

@testable import State

@Suite struct LinkerCacheTests {
    @Test(arguments: [
        ("libc.so.6", "libc.so.6", 0), ("libz.so.9", "libz.so.10", -1), ("libstdc++.so.6", "libstdc++.so", 1),
        ("liba.so.1", "libb.so.1", -1), ("lib1.so", "liba.so", 1),
    ])
    func ordersNamesWithNumbersByValue(left: String, right: String, sign: Int) {
        let order = LinkerCache.compare(Array(left.utf8), Array(right.utf8))
        #expect(order.signum() == sign)
    }

    @Test func writesHeaderEntriesAndSharedStrings() {
        func library(_ name: String) -> LinkerCache.Library {
            LinkerCache.Library(
                soname: Array(name.utf8), path: Array("/lib/\(name)".utf8), flags: 0x0303, capability: nil)
        }
        let bytes = LinkerCache.encode(
            [library("liba.so.1"), library("libb.so.2")], generator: Array("ldconfig x".utf8))
        func word(_ offset: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << ($1 * 8) } }
        func string(_ offset: Int) -> String { String(decoding: bytes[offset...].prefix { $0 != 0 }, as: UTF8.self) }
        #expect(bytes.starts(with: "glibc-ld.so.cache1.1".utf8))
        #expect(word(20) == 2)
        // Names are the endings of paths: two strings of 14 bytes and a zero.
        #expect(word(24) == 30)
        #expect(string(word(52)) == "libb.so.2")
        #expect(string(word(56)) == "/lib/libb.so.2")
        #expect(string(word(76)) == "liba.so.1")
        let directory = word(32)
        #expect(directory % 4 == 0)
        #expect(word(directory) == 0xEAA4_2174)
        #expect(bytes.suffix(10).elementsEqual("ldconfig x".utf8))
    }

    @Test(arguments: [
        (UInt16(62), true, UInt32?(0x0303)), (62, false, 0x0803), (183, true, 0x0A03), (3, false, 0x0003),
        (8, false, nil),
    ])
    func knowsTheFlagsOfMachines(machine: UInt16, is64Bit: Bool, flags: UInt32?) {
        let object = SharedObject(soname: nil, machine: machine, is64Bit: is64Bit, flags: 0)
        #expect(LinkerCache.flags(object) == flags)
    }
}
