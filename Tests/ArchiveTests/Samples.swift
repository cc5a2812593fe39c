//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive

/// The bytes that `hex` spells; spaces are skipped.
func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

func compress(_ content: [UInt8], _ compression: Compression) throws -> [UInt8] {
    let output = Output()
    var compressor = try Compressor(compression, to: output.append)
    try compressor.write(content.span)
    try compressor.finish()
    return output.bytes
}

/// A tar of `entries`; every file has the same `content`.
func tar(
    _ entries: [ArchiveEntry], content: [UInt8] = Array("abc".utf8), ending: TarWriter.Ending = .endOfArchive
) throws -> [UInt8] {
    let output = Output()
    var writer = try TarWriter(output.append)
    for entry in entries {
        try writer.begin(entry)
        if entry.kind == .file { try writer.write(content.span) }
    }
    try writer.finish(ending)
    return output.bytes
}

/// The headers in `archive`, whose contents are read too.
func list(_ archive: [UInt8], limit: Int64 = .max) throws -> [ArchiveEntry] {
    var reader = try ArchiveReader(.memory(archive), limit: limit)
    var entries: [ArchiveEntry] = []
    while let entry = try reader.next() {
        while try reader.nextBlock() {}
        entries.append(entry)
    }
    return entries
}

/// The same through ``TarReader``.
func listExactly(_ archive: [UInt8], limit: Int64 = .max) throws -> [ArchiveEntry] {
    var reader = try TarReader(.memory(archive), limit: limit)
    var entries: [ArchiveEntry] = []
    while let entry = try reader.next() {
        while try reader.nextBlock() {}
        entries.append(entry)
    }
    return entries
}

private final class Output {
    private(set) var bytes: [UInt8] = []

    func append(_ piece: Span<UInt8>) {
        piece.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
}
