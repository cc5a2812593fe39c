//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import TOMLKit

/// The root table of a TOML 1.0 document (https://toml.io/en/v1.0.0) in UTF-8.
///
/// - Throws: ``TOMLError`` for a text that is not TOML, and for one with NUL characters, more than 32 MiB, or more than
///   100 tables and arrays within each other.
public func parseTOML(_ bytes: [UInt8]) throws(TOMLError) -> TOMLNode {
    let limit = 32 << 20
    guard bytes.count <= limit else {
        throw TOMLError(line: 1, column: 1, problem: "the document has more than \(limit) bytes")
    }
    let text = try decode(bytes)
    let outline = try TOMLScanner.outline(bytes)
    let table: TOMLTable
    do {
        table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
        let place = error.source.begin
        throw TOMLError(line: max(place.line, 1), column: max(place.column, 1), problem: words(of: error))
    } catch {
        throw TOMLError(line: 1, column: 1, problem: "\(error)")
    }
    return try TOMLJoin(bytes: bytes).node(table, outline)
}

/// The text of `bytes`, which is UTF-8 without NUL characters.
private func decode(_ bytes: [UInt8]) throws(TOMLError) -> String {
    if let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) { return text }
    var line = 1
    for slice in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        if String(validating: slice, as: UTF8.self) == nil {
            throw TOMLError(line: line, column: 1, problem: "the line is not UTF-8")
        }
        if let index = slice.firstIndex(of: 0) {
            throw TOMLError(line: line, column: index - slice.startIndex + 1, problem: "a NUL character stands here")
        }
        line += 1
    }
    return ""
}

/// The parser's description, without the capital at its beginning.
private func words(of error: TOMLParseError) -> String {
    error.description.prefix(1).lowercased() + error.description.dropFirst()
}
