//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension StringProtocol {
    /// The text without white space at its ends.
    var trimmingSpaces: String {
        var view = self[startIndex..<endIndex]
        while let first = view.first, first.isWhitespace { view = view.dropFirst() }
        while let last = view.last, last.isWhitespace { view = view.dropLast() }
        return String(view)
    }

    /// Whether `text` stands somewhere in the text, by bytes.
    ///
    /// Takes the place of the standard library's, which compares by characters and takes ten times as long: files of
    /// thousands of lines are searched for dozens of words.
    func contains(_ text: String) -> Bool { range(ofText: text) != nil }

    /// Where `text` begins, by bytes.
    func range(ofText text: String) -> Index? {
        let offset =
            text.utf8.withContiguousStorageIfAvailable { wanted in
                utf8.withContiguousStorageIfAvailable { place(of: wanted, in: $0) }
                    ?? Array(utf8).withUnsafeBufferPointer { place(of: wanted, in: $0) }
            } ?? nil
        return offset.map { utf8.index(utf8.startIndex, offsetBy: $0) }
    }
}

/// The offset at which `wanted` begins in `bytes`.
private func place(of wanted: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let first = wanted.baseAddress, !wanted.isEmpty else { return 0 }
    guard let start = bytes.baseAddress else { return nil }
    var offset = 0
    while bytes.count - offset >= wanted.count {
        guard let found = memchr(start + offset, Int32(first.pointee), bytes.count - offset - wanted.count + 1) else {
            return nil
        }
        offset = UnsafeRawPointer(found) - UnsafeRawPointer(start)
        if memcmp(found, first, wanted.count) == 0 { return offset }
        offset += 1
    }
    return nil
}

extension String {
    /// The parts between the places where `separator` stands, at least one.
    func parts(separatedBy separator: String) -> [String] {
        var result: [String] = []
        var rest = self[...]
        while let place = rest.range(ofText: separator) {
            result.append(String(rest[..<place]))
            rest = Substring(rest[place...].utf8.dropFirst(separator.utf8.count))
        }
        return result + [String(rest)]
    }

    /// The text with every `old` as `new`.
    func replacing(text old: String, with new: String) -> String {
        parts(separatedBy: old).joined(separator: new)
    }
}
