//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Store

/// Writes values into a compact binary record: numbers as zigzag varints, bytes after their count.
struct RecordWriter {
    private(set) var bytes: [UInt8] = []

    mutating func number(_ value: Int64) {
        var rest = UInt64(bitPattern: value << 1 ^ value >> 63)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func bytes(_ value: [UInt8]) {
        number(Int64(value.count))
        bytes += value
    }

    mutating func digest(_ value: Digest) {
        bytes += value.bytes
    }

    mutating func list<Element>(_ elements: [Element], _ write: (inout RecordWriter, Element) -> Void) {
        number(Int64(elements.count))
        for element in elements { write(&self, element) }
    }

    mutating func optional<Value>(_ value: Value?, _ write: (inout RecordWriter, Value) -> Void) {
        number(value == nil ? 0 : 1)
        if let value { write(&self, value) }
    }

    mutating func entry(_ entry: Entry) {
        bytes(entry.path.bytes)
        switch entry.kind {
        case .file(let size, let digest):
            number(0)
            number(size)
            self.digest(digest)
        case .symlink(let target):
            number(1)
            bytes(target)
        case .hardlink(let target):
            number(2)
            bytes(target.bytes)
        case .directory: number(3)
        }
        for value in [Int64(entry.mode), Int64(entry.uid), Int64(entry.gid), entry.mtime] { number(value) }
        list(entry.xattrs) { writer, attribute in
            writer.bytes(Array(attribute.name.utf8))
            writer.bytes(attribute.value)
        }
    }
}

/// Reads what ``RecordWriter`` has written; nil for anything else.
struct RecordReader {
    private let content: [UInt8]
    private var position = 0

    init(_ content: [UInt8]) {
        self.content = content
    }

    var isAtEnd: Bool { position == content.count }

    mutating func number() -> Int64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < content.count, shift < 64 {
            let byte = content[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
            shift += 7
        }
        return nil
    }

    mutating func bytes() -> [UInt8]? {
        guard let count = number(), count >= 0, count <= Int64(content.count - position) else { return nil }
        defer { position += Int(count) }
        return Array(content[position..<(position + Int(count))])
    }

    mutating func digest() -> Digest? {
        guard content.count - position >= 32 else { return nil }
        defer { position += 32 }
        return Digest(bytes: Array(content[position..<(position + 32)]))
    }

    mutating func list<Element>(_ read: (inout RecordReader) -> Element?) -> [Element]? {
        guard let count = number(), count >= 0, count <= Int64(content.count - position) else { return nil }
        var elements: [Element] = []
        elements.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let element = read(&self) else { return nil }
            elements.append(element)
        }
        return elements
    }

    /// The outer optional is nil when the record is damaged.
    mutating func optional<Value>(_ read: (inout RecordReader) -> Value?) -> Value?? {
        switch number() {
        case 0: return .some(nil)
        case 1: return read(&self).map { .some($0) }
        default: return nil
        }
    }

    mutating func entry() -> Entry? {
        guard let path = entryPath(), let tag = number() else { return nil }
        let kind: Entry.Kind?
        switch tag {
        case 0:
            guard let size = number(), let digest = digest() else { return nil }
            kind = .file(size: size, digest: digest)
        case 1: kind = bytes().map { .symlink(target: $0) }
        case 2: kind = entryPath().map { .hardlink(to: $0) }
        case 3: kind = .directory
        default: kind = nil
        }
        guard let kind, let mode = number(), let uid = number(), let gid = number(), let mtime = number(),
            let attributes = list({ $0.attribute() })
        else { return nil }
        return Entry(
            path: path, kind: kind, mode: UInt16(truncatingIfNeeded: mode), uid: UInt32(truncatingIfNeeded: uid),
            gid: UInt32(truncatingIfNeeded: gid), mtime: mtime, xattrs: attributes)
    }

    private mutating func entryPath() -> EntryPath? { bytes().flatMap { EntryPath($0) } }

    private mutating func attribute() -> ExtendedAttribute? {
        guard let name = bytes(), let value = bytes() else { return nil }
        return ExtendedAttribute(name: String(decoding: name, as: UTF8.self), value: value)
    }
}
