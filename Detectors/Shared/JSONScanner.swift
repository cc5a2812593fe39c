//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import JSON

/// Reads a large JSON text piece by piece, so that only what is asked for is kept. Comments and trailing commas are
/// allowed.
///
/// The position is always before a value; a value that nobody reads is skipped.
final class JSONScanner {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    /// The line where the text stops being JSON; nil as long as it is.
    private(set) var faultyLine: Int?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Calls `body` with the name and the line of each member of the object that stands here.
    func object(_ body: (String, Int) -> Void) {
        guard open(0x7B) else { return skip() }
        while faultyLine == nil, !close(0x7D) {
            guard current == 0x22 else { return fail() }
            let place = line
            guard let key = string() else { return fail() }
            skipBlanks()
            guard current == 0x3A else { return fail() }
            position += 1
            element { body(key, place) }
        }
    }

    /// Calls `body` for each element of the array that stands here, with its index.
    func array(_ body: (Int) -> Void) {
        guard open(0x5B) else { return skip() }
        var index = 0
        while faultyLine == nil, !close(0x5D) {
            element { body(index) }
            index += 1
        }
    }

    /// The string that stands here; nil, with the value skipped, for anything else.
    func string() -> String? {
        skipBlanks()
        guard current == 0x22 else {
            skip()
            return nil
        }
        let start = position
        skipString()
        let text = bytes[start..<position]
        guard text.contains(0x5C) else {
            return String(decoding: text.dropFirst().dropLast(), as: UTF8.self)
        }
        return (try? parseJSON(Array(text)))?.string
    }

    /// Whether `true` stands here.
    func isTrue() -> Bool {
        skipBlanks()
        let result = current == 0x74
        skip()
        return result
    }

    /// The strings of the array that stands here, or the string.
    func strings() -> [String] {
        skipBlanks()
        if current == 0x22 { return string().map { [$0] } ?? [] }
        var result: [String] = []
        array { _ in if let text = string() { result.append(text) } }
        return result
    }

    /// The names of the members of the object that stands here.
    func keys() -> [String] {
        var result: [String] = []
        object { key, _ in result.append(key) }
        return result
    }

    /// The scalar that stands here as it is written, without quotation marks.
    func scalar() -> String {
        skipBlanks()
        if current == 0x22 { return string() ?? "" }
        let start = position
        skip()
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Leaves out the value that stands here.
    func skip() {
        skipBlanks()
        var depth = 0
        while let byte = current {
            switch byte {
            case 0x22: skipString()
            case 0x7B, 0x5B:
                depth += 1
                position += 1
            case 0x7D, 0x5D:
                if depth == 0 { return fail() }
                depth -= 1
                position += 1
            default:
                let start = position
                while let byte = current, !ends(byte) { position += 1 }
                if position == start {
                    // `,` and `:` stand between values.
                    if depth == 0 { return fail() }
                    position += 1
                }
            }
            if depth == 0 { return }
            skipBlanks()
        }
        fail()
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func ends(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D, 0x22, 0x2C, 0x2F, 0x3A, 0x5B, 0x5D, 0x7B, 0x7D: true
        default: false
        }
    }

    private func fail() {
        if faultyLine == nil { faultyLine = line }
        position = bytes.count
    }

    private func open(_ bracket: UInt8) -> Bool {
        skipBlanks()
        guard current == bracket else { return false }
        position += 1
        return true
    }

    private func close(_ bracket: UInt8) -> Bool {
        skipBlanks()
        guard current == bracket else { return false }
        position += 1
        return true
    }

    private func element(_ body: () -> Void) {
        skipBlanks()
        let start = position
        body()
        if position == start { skip() }
        skipBlanks()
        if current == 0x2C { position += 1 } else if current != 0x7D, current != 0x5D { fail() }
    }

    private func skipString() {
        position += 1
        while let byte = current, byte != 0x22 {
            if byte == 0x0A { line += 1 }
            position += byte == 0x5C ? 2 : 1
        }
        guard position < bytes.count else { return fail() }
        position += 1
    }

    private func skipBlanks() {
        while let byte = current {
            switch byte {
            case 0x0A:
                line += 1
                position += 1
            case 0x20, 0x09, 0x0D: position += 1
            case 0x2F: skipComment()
            default: return
            }
        }
    }

    private func skipComment() {
        if position + 1 < bytes.count, bytes[position + 1] == 0x2A {
            position += 2
            while let byte = current {
                if byte == 0x0A { line += 1 }
                position += 1
                if byte == 0x2A, current == 0x2F {
                    position += 1
                    return
                }
            }
            return
        }
        while let byte = current, byte != 0x0A { position += 1 }
    }
}
