//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A machine in the words of ELF.
struct Machine: Hashable, Sendable {
    /// How the kernel and qemu call it.
    let name: String
    /// `e_machine`.
    let number: UInt8

    /// The machine of one of dpkg's architectures.
    init?(architecture: String) {
        switch architecture {
        case "amd64": (name, number) = ("x86_64", 62)
        case "arm64": (name, number) = ("aarch64", 183)
        default: return nil
        }
    }

    /// The beginning of its 64-bit little-endian programs: `e_ident`, `e_type` 2, `e_machine`.
    var magic: [UInt8] {
        [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, number, 0]
    }

    /// What of the beginning counts: any operating system's interface, `e_type` 2 and 3.
    static let mask: [UInt8] = [
        255, 255, 255, 255, 255, 255, 255, 0, 255, 255, 255, 255, 255, 255, 255, 255, 254, 255, 255, 255,
    ]
}

/// Whether the kernel starts a program by a loader (`PT_INTERP`), from its first bytes; nil for what is no 64-bit
/// little-endian ELF file, or has its program headers elsewhere.
func hasLoader(program bytes: [UInt8]) -> Bool? {
    func number(_ offset: Int, _ size: Int) -> Int {
        (0..<size).reversed().reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
    }
    guard bytes.count >= 64, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else { return nil }
    let (table, size, count) = (number(32, 4), number(54, 2), number(56, 2))
    guard table >= 64, table + size * count <= bytes.count, size >= 4 || count == 0 else { return nil }
    return (0..<count).contains { number(table + $0 * size, 4) == 3 }
}
