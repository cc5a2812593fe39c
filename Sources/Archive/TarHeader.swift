//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// One header block of a tar archive (POSIX.1-2001 `pax`, "ustar Interchange Format", and GNU's variants).
struct TarHeader {
    let type: UInt8
    let size: Int64
    let name: [UInt8]
    let link: [UInt8]
    let mode: Int64
    let uid: Int64
    let gid: Int64
    let mtime: Int64
    let userName: [UInt8]
    let groupName: [UInt8]
    let device: (major: Int64, minor: Int64)

    /// Parses 512 bytes, whose checksum must be right.
    init(_ block: [UInt8]) throws(ArchiveError) {
        func text(_ range: Range<Int>) -> [UInt8] { untilZero(block[range]) }
        func number(_ range: Range<Int>) throws(ArchiveError) -> Int64 {
            guard let value = tarNumber(block[range]) else { throw .malformed(reason: "a header has a bad number") }
            return value
        }
        let sum = block.enumerated().reduce(Int64(0)) { sum, byte in
            sum + Int64((148..<156).contains(byte.offset) ? 0x20 : byte.element)
        }
        guard try number(148..<156) == sum else { throw .malformed(reason: "a header's checksum is wrong") }

        type = block[156]
        size = try number(124..<136)
        guard size >= 0 else { throw .malformed(reason: "an entry has a negative size") }
        link = text(157..<257)
        mode = try number(100..<108)
        (uid, gid) = (try number(108..<116), try number(116..<124))
        mtime = try number(136..<148)
        // GNU's magic is `ustar  `, without the prefix field; the oldest archives have neither magic nor owners' names.
        let isUstar = Array(block[257..<263]) == Array("ustar\0".utf8)
        let hasNames = Array(block[257..<262]) == Array("ustar".utf8)
        (userName, groupName) = hasNames ? (text(265..<297), text(297..<329)) : ([], [])
        let isDevice = hasNames && (type == UInt8(ascii: "3") || type == UInt8(ascii: "4"))
        device = isDevice ? (try number(329..<337), try number(337..<345)) : (0, 0)
        let prefix = isUstar ? text(345..<500) : []
        name = prefix.isEmpty ? text(0..<100) : prefix + [UInt8(ascii: "/")] + text(0..<100)
    }
}

/// The bytes before the first zero.
func untilZero(_ bytes: some Collection<UInt8>) -> [UInt8] {
    Array(bytes.prefix { $0 != 0 })
}

/// A number in a header field: octal digits between spaces and zeros, or big-endian binary (GNU's base 256).
private func tarNumber(_ field: ArraySlice<UInt8>) -> Int64? {
    guard let first = field.first else { return nil }
    if first & 0x80 != 0 {
        // Two's complement without the marker bit: bit 6 of the first byte is the sign.
        var value: Int64 = first & 0x40 != 0 ? -1 : 0
        value = value << 6 | Int64(first & 0x3F)
        for byte in field.dropFirst() {
            guard value >> 55 == 0 || value >> 55 == -1 else { return nil }
            value = value << 8 | Int64(byte)
        }
        return value
    }
    var value: Int64 = 0
    let digits = field.drop { $0 == 0x20 || $0 == 0 }.prefix { $0 != 0x20 && $0 != 0 }
    for digit in digits {
        guard (0x30...0x37).contains(digit) else { return nil }
        value = value << 3 | Int64(digit - 0x30)
    }
    return value
}
