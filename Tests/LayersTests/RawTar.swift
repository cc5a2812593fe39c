//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive

/// A tar made byte by byte, so that it can break any one rule and no other.
struct RawTar {
    private(set) var bytes: [UInt8] = []

    /// A header block with a right checksum unless `checksum` says otherwise, and `content` padded behind it.
    mutating func add(
        _ name: [UInt8], type: Character = "0", link: [UInt8] = [], mode: String = "0000644\0",
        uid: String = "0000000\0",
        size: [UInt8]? = nil, content: [UInt8] = [], checksum: Int? = nil
    ) {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ field: [UInt8], at offset: Int) { block.replaceSubrange(offset..<offset + field.count, with: field) }
        put(Array(name.prefix(100)), at: 0)
        put(Array(mode.utf8), at: 100)
        put(Array(uid.utf8), at: 108)
        put(Array("0000000\0".utf8), at: 116)
        put(size ?? Self.octal(content.count, 11), at: 124)
        put(Self.octal(1000, 11), at: 136)
        put(Array("        ".utf8), at: 148)
        put(Array(String(type).utf8), at: 156)
        put(Array(link.prefix(100)), at: 157)
        put(Array("ustar\u{0}00root".utf8), at: 257)
        put(Array("root".utf8), at: 297)
        let sum = checksum ?? block.reduce(0) { $0 + Int($1) }
        put(Self.octal(sum, 6), at: 148)
        bytes += block + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// A pax header with these records, as they stand.
    mutating func addPax(_ records: String, type: Character = "x") {
        add(Array("pax".utf8), type: type, content: Array(records.utf8))
    }

    /// The archive with its end.
    var ended: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    static func octal(_ value: Int, _ digits: Int) -> [UInt8] {
        let text = String(value, radix: 8)
        return Array((String(repeating: "0", count: digits - text.count) + text + "\0").utf8)
    }

    /// One record of a pax header: its length, counted with itself, before it.
    static func record(_ key: String, _ value: String) -> String {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count
        while String(length).utf8.count + rest.utf8.count != length {
            length = String(length).utf8.count + rest.utf8.count
        }
        return "\(length)\(rest)"
    }
}

/// The control archive of a package without scripts.
func plainControl() -> [UInt8] {
    var tar = RawTar()
    tar.add(Array("./control".utf8), content: Array("Package: sample\nVersion: 1\n".utf8))
    return tar.ended
}

/// An uncompressed .deb of these archives.
func rawDeb(control: [UInt8]? = nil, data: [UInt8]) -> [UInt8] {
    ar([("debian-binary", Array("2.0\n".utf8)), ("control.tar", control ?? plainControl()), ("data.tar", data)])
}

/// A zstd frame (RFC 8878) of `count` mebibytes of zeros in four bytes for each 128 KiB.
func zstdZeros(mebibytes count: Int, windowLog: UInt8 = 17) -> [UInt8] {
    // Magic, a descriptor without checksum or size, the window; then blocks that repeat one byte.
    var frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, (windowLog - 10) << 3]
    for number in 0..<count * 8 {
        let header = (number == count * 8 - 1 ? 1 : 0) | 1 << 1 | (128 << 10) << 3
        frame += [UInt8(header & 0xFF), UInt8(header >> 8 & 0xFF), UInt8(header >> 16), 0]
    }
    return frame
}
