//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers
import Testing

@Suite struct SharedObjectTests {
    /// A shared object of nothing but a dynamic section with a soname: 64-bit, little-endian, for `machine`.
    static func elf(soname: String?, machine: UInt16 = 62, type: UInt16 = 3) -> [UInt8] {
        func little(_ value: Int, _ size: Int) -> [UInt8] {
            (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let strings = [0] + Array((soname ?? "").utf8) + [0]
        let names = soname == nil ? [] : little(14, 8) + little(1, 8)
        let dynamic = little(5, 8) + little(0x1000 + 64 + 112, 8) + names + little(0, 16)
        let stringsAt = 64 + 112, dynamicAt = stringsAt + strings.count
        var header: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + Array(repeating: 0, count: 9)
        header += little(Int(type), 2) + little(Int(machine), 2) + little(1, 4)
        header += little(0, 8) + little(64, 8) + little(0, 8) + little(5, 4)
        header += little(64, 2) + little(56, 2) + little(2, 2) + little(0, 6)
        func segment(_ kind: Int, _ offset: Int, _ size: Int) -> [UInt8] {
            let place = little(offset, 8) + little(0x1000 + offset, 8) + little(0, 8)
            return little(kind, 4) + little(0, 4) + place + little(size, 8) + little(size, 8) + little(0, 8)
        }
        let load = segment(1, 0, dynamicAt + dynamic.count), section = segment(2, dynamicAt, dynamic.count)
        return header + load + section + strings + dynamic
    }

    @Test(arguments: ["libsample.so.1", nil])
    func readsTheSoname(soname: String?) {
        #expect(
            SharedObject(elf: Self.elf(soname: soname, machine: 183))
                == SharedObject(soname: soname, machine: 183, is64Bit: true, flags: 5))
    }

    @Test func knowsWhatIsNoSharedObject() {
        #expect(SharedObject(elf: []) == nil)
        #expect(SharedObject(elf: Array("/* GNU ld script */ INPUT(libm.so.6)".utf8)) == nil)
        #expect(SharedObject(elf: Self.elf(soname: "x", type: 1)) == nil)
    }

    @Test func survivesDamage() {
        let whole = Self.elf(soname: "libsample.so.1")
        for length in whole.indices { _ = SharedObject(elf: Array(whole[..<length])) }
        for index in whole.indices {
            for value: UInt8 in [0, 0x7F, 0xFF] {
                var damaged = whole
                damaged[index] = value
                _ = SharedObject(elf: damaged)
            }
        }
        #expect(SharedObject(elf: Array(whole[..<70])) == nil)
    }
}
