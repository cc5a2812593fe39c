//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A record of a pax extension header: `length key=value`.
struct PaxRecord {
    let key: String
    let value: [UInt8]

    /// The records of an extension header's content.
    static func parse(_ content: [UInt8]) throws(ArchiveError) -> [PaxRecord] {
        var records: [PaxRecord] = []
        var start = 0
        while start < content.count, content[start] != 0 {
            guard let space = content[start...].prefix(20).firstIndex(of: UInt8(ascii: " ")),
                let length = decimal(content[start..<space]), length <= Int64(content.count - start)
            else { throw .malformed(reason: "a pax record has a bad length") }
            let end = start + Int(length)
            guard end > space + 1, content[end - 1] == UInt8(ascii: "\n"),
                let equals = content[(space + 1)..<(end - 1)].firstIndex(of: UInt8(ascii: "="))
            else { throw .malformed(reason: "a pax record has no end or no value") }
            let key = String(decoding: content[(space + 1)..<equals], as: UTF8.self)
            records.append(PaxRecord(key: key, value: Array(content[(equals + 1)..<(end - 1)])))
            start = end
        }
        return records
    }
}

/// What extension headers have said of the entry that follows them.
struct TarFields {
    var records: [PaxRecord]
    var longName: [UInt8]?
    var longLink: [UInt8]?

    /// The entry of `header` with what the extension headers change, and the size of what follows it.
    func entry(_ header: TarHeader) throws(ArchiveError) -> (ArchiveEntry, size: Int64) {
        var entry = ArchiveEntry(
            path: longName ?? header.name, kind: .unknown, mode: UInt16(truncatingIfNeeded: header.mode & 0o7777),
            uid: header.uid, gid: header.gid, userName: header.userName, groupName: header.groupName,
            size: header.size, mtime: header.mtime)
        var (link, size) = (longLink ?? header.link, header.size)
        for record in records {
            switch record.key {
            case "path": entry.path = record.value
            case "linkpath": link = record.value
            case "size": size = try Self.number(record)
            case "uid": entry.uid = try Self.number(record)
            case "gid": entry.gid = try Self.number(record)
            case "uname": entry.userName = record.value
            case "gname": entry.groupName = record.value
            case "mtime": entry.mtime = try Self.seconds(record)
            default:
                if record.key.hasPrefix("GNU.sparse.") { throw .malformed(reason: "sparse files are not supported") }
                try entry.addAttribute(record)
            }
        }
        guard size >= 0, size <= .max - 512 else { throw .malformed(reason: "an entry has an impossible size") }
        guard !entry.path.isEmpty else { throw .malformed(reason: "an entry has no name") }
        guard !entry.path.contains(0), !link.contains(0) else { throw .malformed(reason: "a name holds a zero byte") }
        entry.attributes.sort { $0.name < $1.name }
        entry.kind = Self.kind(header, path: entry.path, link: link)
        // Only files have content; a size that other types carry says nothing of what follows.
        entry.size = entry.kind == .file ? size : 0
        let hasContent = entry.kind == .file || entry.kind == .unknown
        return (entry, hasContent ? size : 0)
    }

    private static func kind(_ header: TarHeader, path: [UInt8], link: [UInt8]) -> ArchiveEntry.Kind {
        let (major, minor) = (Int(header.device.major), Int(header.device.minor))
        return switch header.type {
        case 0 where path.last == UInt8(ascii: "/"): .directory
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .file
        case UInt8(ascii: "1"): .hardlink(target: link)
        case UInt8(ascii: "2"): .symlink(target: link)
        case UInt8(ascii: "3"): .characterDevice(major: major, minor: minor)
        case UInt8(ascii: "4"): .blockDevice(major: major, minor: minor)
        case UInt8(ascii: "5"): .directory
        case UInt8(ascii: "6"): .fifo
        default: .unknown
        }
    }

    private static func number(_ record: PaxRecord) throws(ArchiveError) -> Int64 {
        guard let value = decimal(record.value[...]) else {
            throw .malformed(reason: "the pax record `\(record.key)` is not a number")
        }
        return value
    }

    /// Whole seconds, rounded down as the kernel does for times before 1970.
    private static func seconds(_ record: PaxRecord) throws(ArchiveError) -> Int64 {
        let whole = record.value.prefix { $0 != UInt8(ascii: ".") }
        let isNegative = whole.first == UInt8(ascii: "-")
        guard let value = decimal(isNegative ? whole.dropFirst() : whole) else {
            throw .malformed(reason: "the pax record `\(record.key)` is not a number")
        }
        let hasFraction = record.value.dropFirst(whole.count + 1).contains { $0 != UInt8(ascii: "0") }
        return isNegative ? -value - (hasFraction ? 1 : 0) : value
    }
}

extension ArchiveEntry {
    /// Adds what a `SCHILY.xattr.` record says; other unknown records are comments.
    fileprivate mutating func addAttribute(_ record: PaxRecord) throws(ArchiveError) {
        let prefix = "SCHILY.xattr."
        guard record.key.hasPrefix(prefix) else { return }
        let name = String(record.key.dropFirst(prefix.count))
        guard !name.isEmpty, !attributes.contains(where: { $0.name == name }) else {
            throw .malformed(reason: "an extended attribute has no name or stands twice")
        }
        attributes.append(Attribute(name: name, value: record.value))
    }
}

/// A number without sign of at most 18 digits.
private func decimal(_ digits: ArraySlice<UInt8>) -> Int64? {
    guard !digits.isEmpty, digits.count <= 18 else { return nil }
    var value: Int64 = 0
    for digit in digits {
        guard (0x30...0x39).contains(digit) else { return nil }
        value = value * 10 + Int64(digit - 0x30)
    }
    return value
}
