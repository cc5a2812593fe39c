//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers

/// Writes `/etc/ld.so.cache` in the form of glibc 2.32 and later (`sysdeps/generic/dl-cache.h`), byte for byte as
/// `ldconfig` does.
struct LinkerCache {
    /// A library that the dynamic linker finds by name.
    struct Library: Hashable {
        /// The name that programs ask for.
        var soname: [UInt8]
        /// The absolute path.
        var path: [UInt8]
        /// `FLAG_ELF_LIBC6` and the ABI.
        var flags: UInt32
        /// Subdirectories such as `glibc-hwcaps/x86-64-v3`; nil for plain directories.
        var capability: [UInt8]?
    }

    /// The flags for an object, or nil where this architecture's linker would not load it.
    static func flags(_ object: SharedObject) -> UInt32? {
        switch object.machine {
        case 62: object.is64Bit ? 0x0303 : 0x0803  // EM_X86_64, x32
        case 183: object.is64Bit ? 0x0A03 : nil  // EM_AARCH64
        case 3: 0x0003  // EM_386
        case 40: object.flags & 0x400 != 0 ? 0x0903 : 0x0B03  // EM_ARM, hard and soft float
        case 21: object.is64Bit ? 0x0503 : nil  // EM_PPC64
        case 22: object.is64Bit ? 0x0403 : 0x0003  // EM_S390
        case 243: object.is64Bit ? 0x1003 : nil  // EM_RISCV, double float
        default: nil
        }
    }

    /// The file for these libraries; `generator` is glibc's own text, for example
    /// `ldconfig (Debian GLIBC 2.36-9) stable release version 2.36`.
    static func encode(_ libraries: [Library], generator: [UInt8]) -> [UInt8] {
        // Of equal ones, the directory that is searched first stays first.
        let sorted = libraries.enumerated().sorted { left, right in
            precedes(right.element, left.element)
                || (!precedes(left.element, right.element) && left.offset < right.offset)
        }.map(\.element)
        let entrySize = 24
        let headerSize = 48
        let stringsStart = headerSize + sorted.count * entrySize
        var strings = StringTable(sorted.flatMap { [$0.soname, $0.path] + ($0.capability.map { [$0] } ?? []) })
        strings.assignOffsets(from: stringsStart)
        let capabilities = Array(Set(sorted.compactMap(\.capability))).sorted { $0.lexicographicallyPrecedes($1) }
        var bytes = Array("glibc-ld.so.cache1.1".utf8)
        bytes += word(UInt32(sorted.count)) + word(UInt32(strings.bytes.count))
        bytes += [2, 0, 0, 0]  // little-endian
        // The extension directory follows the strings, at a multiple of four.
        let extensionStart = (stringsStart + strings.bytes.count + 3) / 4 * 4
        bytes += word(UInt32(extensionStart)) + [UInt8](repeating: 0, count: 12)
        for library in sorted {
            let index = library.capability.flatMap { capabilities.firstIndex(of: $0) }
            bytes +=
                word(library.flags) + word(strings.offset(of: library.soname)) + word(strings.offset(of: library.path))
            bytes += word(0) + word(index.map { UInt32($0) } ?? 0) + word(index == nil ? 0 : 1 << 30)
        }
        bytes += strings.bytes
        bytes += [UInt8](repeating: 0, count: extensionStart - bytes.count)
        return bytes + extensions(at: extensionStart, generator, capabilities.map { strings.offset(of: $0) })
    }

    private static func extensions(at start: Int, _ generator: [UInt8], _ capabilities: [UInt32]) -> [UInt8] {
        let sections = capabilities.isEmpty ? 1 : 2
        let dataStart = start + 8 + sections * 16
        var bytes = word(0xEAA4_2174) + word(UInt32(sections))
        bytes += word(0) + word(0) + word(UInt32(dataStart)) + word(UInt32(generator.count))
        var data = generator
        if !capabilities.isEmpty {
            let padding = (4 - (dataStart + generator.count) % 4) % 4
            data += [UInt8](repeating: 0, count: padding)
            bytes += word(1) + word(0) + word(UInt32(dataStart + data.count)) + word(UInt32(capabilities.count * 4))
            data += capabilities.flatMap(word)
        }
        return bytes + data
    }

    private static func word(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32($0 * 8)) }
    }

    /// glibc's `compare` of ldconfig's entries, of which the cache holds the greatest first.
    private static func precedes(_ left: Library, _ right: Library) -> Bool {
        let names = compare(left.soname, right.soname)
        if names != 0 { return names < 0 }
        if left.flags != right.flags { return left.flags < right.flags }
        switch (left.capability, right.capability) {
        case (nil, _?): return true
        case (let left?, let right?): return left.lexicographicallyPrecedes(right)
        default: return false
        }
    }

    /// `_dl_cache_libcmp`: numbers within names compare by value.
    static func compare(_ left: [UInt8], _ right: [UInt8]) -> Int {
        func byte(_ text: [UInt8], _ index: Int) -> UInt8 { index < text.count ? text[index] : 0 }
        func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        var (first, second) = (0, 0)
        while first < left.count {
            if isDigit(left[first]) {
                guard isDigit(byte(right, second)) else { return 1 }
                func number(_ text: [UInt8], _ index: inout Int) -> Int {
                    var value = 0
                    while isDigit(byte(text, index)) {
                        value = value &* 10 &+ Int(text[index] - UInt8(ascii: "0"))
                        index += 1
                    }
                    return value
                }
                let (one, other) = (number(left, &first), number(right, &second))
                if one != other { return one < other ? -1 : 1 }
            } else if isDigit(byte(right, second)) {
                return -1
            } else if left[first] != byte(right, second) {
                return Int(Int8(bitPattern: left[first])) - Int(Int8(bitPattern: byte(right, second)))
            } else {
                first += 1
                second += 1
            }
        }
        return Int(byte(left, first)) - Int(byte(right, second))
    }
}

/// glibc's string table of the cache: strings in descending order of their reversed bytes, each that is another's
/// ending inside that other.
private struct StringTable {
    private let strings: [[UInt8]]
    private var offsets: [[UInt8]: UInt32] = [:]
    private(set) var bytes: [UInt8] = []

    init(_ strings: [[UInt8]]) {
        self.strings = Set(strings).sorted { $1.reversed().lexicographicallyPrecedes($0.reversed()) }
    }

    mutating func assignOffsets(from start: Int) {
        var previous: [UInt8] = []
        for string in strings {
            if !previous.isEmpty, previous.suffix(string.count).elementsEqual(string) {
                offsets[string] = UInt32(start + bytes.count - 1 - string.count)
            } else {
                offsets[string] = UInt32(start + bytes.count)
                bytes += string + [0]
                previous = string
            }
        }
    }

    func offset(of string: [UInt8]) -> UInt32 { offsets[string] ?? 0 }
}
