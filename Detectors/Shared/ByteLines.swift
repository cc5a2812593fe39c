//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The lines of a large text, one at a time.
struct ByteLines: Sequence, IteratorProtocol {
    /// A line without its end.
    struct Line {
        /// Counted from 1.
        let number: Int
        /// How many spaces it begins with.
        let indent: Int
        /// The rest, white space at its end left out.
        let bytes: ArraySlice<UInt8>

        var text: String { String(decoding: bytes, as: UTF8.self) }

        func hasPrefix(_ text: StaticString) -> Bool {
            bytes.starts(with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        }
    }

    private let bytes: [UInt8]
    private var position: Int
    private var number = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    mutating func next() -> Line? {
        guard position < bytes.count else { return nil }
        var end = position
        while end < bytes.count, bytes[end] != 0x0A { end += 1 }
        var start = position
        while start < end, bytes[start] == 0x20 { start += 1 }
        var last = end
        while last > start, bytes[last - 1] == 0x0D || bytes[last - 1] == 0x20 || bytes[last - 1] == 0x09 { last -= 1 }
        number += 1
        let line = Line(number: number, indent: start - position, bytes: bytes[start..<last])
        position = end + 1
        return line
    }
}
