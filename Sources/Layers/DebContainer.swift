//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import SystemPackage

/// The members of a .deb (deb(5)): where in the file its control and data archives stand.
struct DebContainer {
    /// The control archive.
    let control: ArchiveSource
    /// The data archive.
    let data: ArchiveSource
    /// How many bytes the data archive may hold uncompressed. No packaged content is compressed to a thousandth of its
    /// size, but for small or empty files.
    let plausibleSize: Int64

    /// Reads the member headers of the file at `path`.
    ///
    /// - Throws: ``LayerError/malformedPackage(_:reason:)`` unless it is a complete package of format 2.
    init(at path: FilePath, package: String) throws(LayerError) {
        let members: [ArMember]
        do {
            members = try ArMember.list(at: path)
        } catch let error as ArMember.Malformed {
            throw .malformedPackage(package, reason: error.reason)
        } catch {
            throw .malformedPackage(package, reason: "\(error)")
        }
        guard let first = members.first, first.name == "debian-binary", first.content.starts(with: "2.".utf8) else {
            throw .malformedPackage(package, reason: "it is not a Debian package of format 2")
        }
        // Names with an underscore in front are for extensions that readers need not know.
        let known = members.dropFirst().filter { !$0.name.hasPrefix("_") }
        // What follows is ignored, but a second archive would be what another reader takes.
        for kind in ["control", "data"] where known.count(where: { $0.isArchive(kind) }) > 1 {
            throw .malformedPackage(package, reason: "its \(kind) archive stands twice")
        }
        if known.contains(where: { $0.name == first.name }) {
            throw .malformedPackage(package, reason: "`\(first.name)` stands twice")
        }
        guard known.count >= 2, known[known.startIndex].isArchive("control"),
            known[known.startIndex + 1].isArchive("data")
        else { throw .malformedPackage(package, reason: "its control or data archive is missing") }
        control = known[known.startIndex].source(in: path)
        data = known[known.startIndex + 1].source(in: path)
        plausibleSize = 256 << 20 + min(known[known.startIndex + 1].size, 1 << 40) << 10
    }
}

/// A member of an `ar` archive.
private struct ArMember {
    struct Malformed: Error {
        let reason: String
    }

    let name: String
    let offset: Int64
    let size: Int64
    /// The content of `debian-binary`, empty for others.
    var content: [UInt8] = []

    func source(in path: FilePath) -> ArchiveSource {
        .fileRange(path: path.string, offset: offset, count: size)
    }

    func isArchive(_ kind: String) -> Bool {
        ["", ".gz", ".xz", ".zst", ".bz2", ".lzma"].contains { name == "\(kind).tar\($0)" }
    }

    static func list(at path: FilePath) throws -> [ArMember] {
        let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        defer { try? file.close() }
        let end = try file.seek(offset: 0, from: .end)
        guard try read(file, at: 0, 8) == Array("!<arch>\n".utf8) else {
            throw Malformed(reason: "it is not an `ar` archive")
        }
        var members: [ArMember] = []
        var offset: Int64 = 8
        // The byte that pads the last member may be missing, as it may for dpkg.
        while offset < end {
            let header = try read(file, at: offset, 60)
            guard header.suffix(2) == [0x60, 0x0A], let size = number(header[48..<58]) else {
                throw Malformed(reason: "a member's header is damaged")
            }
            let name = String(decoding: header[..<16], as: UTF8.self).prefix { $0 != " " && $0 != "/" }
            var member = ArMember(name: String(name), offset: offset + 60, size: size)
            guard size <= end - member.offset else { throw Malformed(reason: "it ends inside `\(name)`") }
            if name == "debian-binary" { member.content = try read(file, at: member.offset, Int(min(size, 64))) }
            members.append(member)
            offset = member.offset + size + size % 2
            guard members.count <= 64 else { throw Malformed(reason: "it has too many members") }
        }
        return members
    }

    private static func read(_ file: FileDescriptor, at offset: Int64, _ count: Int) throws -> [UInt8] {
        let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = 0
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let got = try file.read(fromAbsoluteOffset: offset + Int64(filled), into: rest)
                if got == 0 { break }
                filled += got
            }
        }
        guard bytes.count == count else { throw Malformed(reason: "it ends early") }
        return bytes
    }

    private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
        let digits = field.prefix { $0 != UInt8(ascii: " ") }
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }), field[digits.endIndex...].allSatisfy({ $0 == 0x20 })
        else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self))
    }
}
