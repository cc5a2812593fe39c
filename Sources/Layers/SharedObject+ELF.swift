//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Reading of ELF shared objects (System V ABI, "Object Files" and "Dynamic Linking").
extension SharedObject {
    static let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]

    /// Whether a file may be one that `ldconfig` looks at: it takes names that begin with `lib` or `ld-` and hold
    /// `.so`.
    static func isCandidate(_ path: EntryPath) -> Bool {
        let name = path.name
        guard name.starts(with: "lib".utf8) || name.starts(with: "ld-".utf8) || name.starts(with: "ld.".utf8) else {
            return false
        }
        return name.indices.contains { name[$0...].starts(with: ".so".utf8) }
    }

    /// What the shared object with this content says of itself; nil for anything that is no ELF shared object.
    public init?(elf content: [UInt8]) {
        self.init(size: Int64(content.count)) { range in
            guard range.upperBound <= content.count else { return nil }
            return Array(content[Int(range.lowerBound)..<Int(range.upperBound)])
        }
    }

    /// The same of content that is read in pieces: `read` gives the bytes of a range, or nil.
    init?(size: Int64, read: @escaping (Range<Int64>) -> [UInt8]?) {
        let file = ELFFile(size: size, read: read)
        guard let header = file.bytes(0, 64) ?? file.bytes(0, 52), header.starts(with: Self.magic),
            header[4] == 1 || header[4] == 2, header[5] == 1 || header[5] == 2
        else { return nil }
        let layout = ELFLayout(is64Bit: header[4] == 2, isLittleEndian: header[5] == 1)
        // ET_DYN: shared objects, and executables that can be loaded anywhere.
        guard layout.number(header, 16, 2) == 3, header.count == 64 || !layout.is64Bit else { return nil }
        machine = UInt16(layout.number(header, 18, 2))
        is64Bit = layout.is64Bit
        flags = UInt32(layout.number(header, layout.is64Bit ? 48 : 36, 4))
        guard let segments = file.segments(header, layout) else { return nil }
        soname = file.soname(segments, layout)
    }
}

/// Word size and byte order.
private struct ELFLayout {
    let is64Bit: Bool
    let isLittleEndian: Bool

    var wordSize: Int { is64Bit ? 8 : 4 }

    /// The unsigned number of `size` bytes at `offset`, which lie within `bytes`.
    func number(_ bytes: [UInt8], _ offset: Int, _ size: Int) -> UInt64 {
        let field = bytes[offset..<(offset + size)]
        return isLittleEndian
            ? field.reversed().reduce(0) { $0 << 8 | UInt64($1) } : field.reduce(0) { $0 << 8 | UInt64($1) }
    }

    func word(_ bytes: [UInt8], _ offset: Int) -> UInt64 { number(bytes, offset, wordSize) }
}

/// A program header.
private struct ELFSegment {
    let type: UInt64
    let offset: UInt64
    let address: UInt64
    let size: UInt64
}

private struct ELFFile {
    let size: Int64
    let read: (Range<Int64>) -> [UInt8]?

    /// `count` bytes at `offset`; nil unless they lie within the file.
    func bytes(_ offset: UInt64, _ count: Int) -> [UInt8]? {
        guard let start = Int64(exactly: offset), start <= size, Int64(count) <= size - start else { return nil }
        return read(start..<(start + Int64(count)))
    }

    func segments(_ header: [UInt8], _ layout: ELFLayout) -> [ELFSegment]? {
        let start = layout.word(header, layout.is64Bit ? 32 : 28)
        let entrySize = Int(layout.number(header, layout.is64Bit ? 54 : 42, 2))
        let count = Int(layout.number(header, layout.is64Bit ? 56 : 44, 2))
        guard entrySize >= (layout.is64Bit ? 56 : 32), let table = bytes(start, entrySize * count) else { return nil }
        return (0..<count).map { index in
            let base = index * entrySize
            return ELFSegment(
                type: layout.number(table, base, 4), offset: layout.word(table, base + (layout.is64Bit ? 8 : 4)),
                address: layout.word(table, base + (layout.is64Bit ? 16 : 8)),
                size: layout.word(table, base + (layout.is64Bit ? 32 : 16)))
        }
    }

    /// The string that `DT_SONAME` names in the table that `DT_STRTAB` names.
    func soname(_ segments: [ELFSegment], _ layout: ELFLayout) -> String? {
        let step = 2 * layout.wordSize
        guard let dynamic = segments.first(where: { $0.type == 2 }), dynamic.size <= 1 << 20,
            let table = bytes(dynamic.offset, Int(dynamic.size))
        else { return nil }
        var name: UInt64?
        var strings: UInt64?
        for base in stride(from: 0, through: table.count - step, by: step) {
            let value = layout.word(table, base + layout.wordSize)
            switch layout.word(table, base) {
            case 0: break
            case 5: strings = value
            case 14: name = value
            default: continue
            }
            if layout.word(table, base) == 0 { break }
        }
        guard let name, let strings,
            let load = segments.first(where: { $0.type == 1 && $0.address <= strings && strings - $0.address < $0.size }
            )
        else { return nil }
        let (inFile, first) = load.offset.addingReportingOverflow(strings - load.address)
        let (start, second) = inFile.addingReportingOverflow(name)
        guard !first, !second, let position = Int64(exactly: start), position < size,
            let text = bytes(start, Int(min(1024, size - position))), let end = text.firstIndex(of: 0), end > 0
        else { return nil }
        return String(decoding: text[..<end], as: UTF8.self)
    }
}
