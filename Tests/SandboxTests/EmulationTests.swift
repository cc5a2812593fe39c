//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Store
import SystemPackage
import Testing

@testable import Sandbox

@Suite struct EmulationTests {
    @Test func registersTheInterpreterWithItsMagicAndMask() throws {
        let machine = try #require(Machine(architecture: "arm64"))
        let line = Emulation.registration(of: "/usr/bin/qemu-aarch64-static", for: machine)
        #expect(
            String(decoding: line, as: UTF8.self) == #"""
                :fitout:M::\x7f\x45\x4c\x46\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\#
                \xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:\#
                /usr/bin/qemu-aarch64-static:FP
                """#)
    }

    @Test(arguments: [
        ("enabled", "PF", "0", "7f454c460201010000000000000000000200b700", true),
        ("disabled", "PF", "0", "7f454c460201010000000000000000000200b700", false),
        ("enabled", "P", "0", "7f454c460201010000000000000000000200b700", false),
        ("enabled", "F", "0", "7f454c4602010100000000000000000002003e00", false),
        ("enabled", "F", "16", "7f454c460201010000000000000000000200b700", false),
        ("enabled", "F", "0", "4d5a", false),
    ])
    func readsTheKernelsEntries(state: String, flags: String, offset: String, magic: String, isTaken: Bool) throws {
        let machine = try #require(Machine(architecture: "arm64"))
        let text = "\(state)\ninterpreter /usr/bin/qemu\nflags: \(flags)\noffset \(offset)\nmagic \(magic)\nmask ff\n"
        #expect(Emulation.isEntry(text, for: machine) == isTaken)
    }

    @Test func knowsNoEmulationOfWhatIsNoArchitecture() async {
        #expect(await Emulation(of: "z80") == nil)
    }

    @Test(arguments: [(UInt8(1), false), (3, true)])
    func findsTheLoader(segment: UInt8, expected: Bool) {
        var program = TinyProgram.bytes(exitStatus: 0)
        program[64] = segment
        #expect(hasLoader(program: program) == expected)
    }

    @Test(arguments: [0, 63, 100])
    func readsNoHeaderThatIsNotWhole(count: Int) {
        #expect(hasLoader(program: Array(TinyProgram.bytes(exitStatus: 0).prefix(count))) == nil)
    }

    @Test func runsAForeignProgram() async throws {
        #if arch(arm64)
            return print("SKIPPED: running a program of arm64 with emulation: it is this machine's own")
        #else
            guard let emulation = await Emulation(of: "arm64") else {
                return print("SKIPPED: running a program of arm64: there is no static qemu, or no Linux 6.7")
            }
            let folder = try TestFolder()
            try makeFolder(folder.path.appending("root"), mode: 0o755)
            let program = folder.path.appending("root/program")
            try writeFile(TinyProgram.bytes(exitStatus: 42), to: program)
            chmod(program.string, 0o755)
            let sandbox = try Sandbox(store: Store(at: folder.path.appending("store")), emulation: emulation)
            let root = SandboxRoot(layers: [folder.path.appending("root")])
            #expect(try await sandbox.run(SandboxCommand(["/program"]), in: root).exitStatus == 42)
        #endif
    }
}

/// A static program of arm64 that does nothing but end.
private enum TinyProgram {
    static func bytes(exitStatus: UInt8) -> [UInt8] {
        func number(_ value: UInt64, _ size: Int) -> [UInt8] { (0..<size).map { UInt8(value >> (8 * $0) & 255) } }
        let base: UInt64 = 0x400000
        var bytes: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
        // Type, machine, version; entry, program headers, no sections; flags, sizes and counts.
        bytes += number(2, 2) + number(183, 2) + number(1, 4)
        bytes += number(base + 120, 8) + number(64, 8) + number(0, 8) + number(0, 4)
        bytes += number(64, 2) + number(56, 2) + number(1, 2) + number(64, 2) + number(0, 2) + number(0, 2)
        // One segment to load, readable and executable: offset, addresses, sizes, alignment.
        bytes += number(1, 4) + number(5, 4) + number(0, 8) + number(base, 8) + number(base, 8)
        bytes += number(132, 8) + number(132, 8) + number(0x1000, 8)
        // mov x0, #status; mov x8, #93 (exit); svc #0
        return bytes + number(0xD280_0000 | UInt64(exitStatus) << 5, 4) + number(0xD280_0BA8, 4)
            + number(0xD400_0001, 4)
    }
}
