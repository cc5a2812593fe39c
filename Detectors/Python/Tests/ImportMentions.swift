//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Whether a line of Python source that holds the word `import` also holds one of `names`.
///
/// A quick look that spares the lexer: it never misses an import whose module stands on the line of `import` or `from`,
/// and may take a comment for one.
func mentionsImport(ofAny names: Set<String>, in bytes: [UInt8]) -> Bool {
    for line in bytes.split(separator: UInt8(ascii: "\n")) where line.count > 7 {
        guard hasImport(line) else { continue }
        var word = line.startIndex
        var index = line.startIndex
        while index <= line.endIndex {
            if index < line.endIndex, isWordByte(line[index]) {
                index += 1
                continue
            }
            if index > word, names.contains(String(decoding: line[word..<index], as: UTF8.self)) { return true }
            index += 1
            word = index
        }
    }
    return false
}

private let keyword = Array("import".utf8)

private func hasImport(_ line: ArraySlice<UInt8>) -> Bool {
    var rest = line
    while let place = rest.firstIndex(of: keyword[0]) {
        rest = rest[place...]
        if rest.starts(with: keyword) { return true }
        rest = rest.dropFirst()
    }
    return false
}

private func isWordByte(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "_") || (byte >= 0x30 && byte <= 0x39)
        || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
}
