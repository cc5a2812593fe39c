//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The root table of a TOML 1.0 document (https://toml.io/en/v1.0.0) in UTF-8. Of TOML 1.1 it takes inline tables over
/// several lines and with a comma at their end, times without seconds, and the escapes `\e` and `\x`.
///
/// - Throws: ``TOMLError`` for a text that is not TOML, and for one with more than 64 MiB or more than 100 tables and
///   arrays within each other.
public func parseTOML(_ bytes: [UInt8]) throws(TOMLError) -> TOMLNode {
    let limit = 64 << 20
    guard bytes.count <= limit else {
        throw TOMLError(line: 1, column: 1, problem: "the document has more than \(limit) bytes")
    }
    if String(validating: bytes, as: UTF8.self) == nil { throw notUTF8(bytes) }
    var parser = TOMLParser(bytes)
    return try parser.document()
}

private func notUTF8(_ bytes: [UInt8]) -> TOMLError {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let index = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
    return TOMLError(line: index + 1, column: 1, problem: "the line is not UTF-8")
}
