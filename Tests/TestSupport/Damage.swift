//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Damages of bytes, the same in every run of the tests: what hands, merges, transfers and attackers do to a file.
public struct Damage: Sendable {
    private var state: UInt64
    private let words: [[UInt8]]

    /// The sequence of damages number `seed`.
    ///
    /// - Parameter words: pieces that mean something in the format, which are put in between.
    public init(seed: UInt64, words: [String]) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        self.words = words.map { Array($0.utf8) } + Self.numbers
    }

    /// Pieces that are at the edge in any format.
    private static let numbers =
        ["0", "-1", "4294967296", "9223372036854775807", "9223372036854775808", "1e999"].map { Array($0.utf8) }
        + [[0], [0xFF], [0xC3, 0x28], [0x80, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF]]

    /// A number below `limit` (xorshift64).
    public mutating func number(below limit: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(max(limit, 1)))
    }

    /// `bytes` with one to four damages.
    ///
    /// - Parameter other: another text of the same format, from which pieces may come.
    public mutating func applied(to bytes: [UInt8], mixing other: [UInt8] = []) -> [UInt8] {
        var bytes = bytes
        for _ in 0...number(below: 4) where !bytes.isEmpty {
            let start = number(below: bytes.count)
            let end = min(bytes.count, start + 1 + number(below: 40))
            switch number(below: 9) {
            case 0: bytes[start] ^= 1 << UInt8(number(below: 8))
            case 1: bytes.removeSubrange(start..<end)
            case 2: bytes.insert(contentsOf: bytes[start..<end], at: number(below: bytes.count))
            case 3: bytes.removeSubrange(start...)
            case 4: bytes.insert(UInt8(number(below: 256)), at: start)
            case 5: bytes.insert(contentsOf: words[number(below: words.count)], at: start)
            case 6 where !other.isEmpty:
                let from = number(below: other.count)
                bytes.insert(contentsOf: other[from..<min(other.count, from + 1 + number(below: 200))], at: start)
            case 7:
                // Depth and length that nobody writes by hand.
                let piece = number(below: 2) == 0 ? words[number(below: words.count)] : Array(bytes[start..<end])
                let times = 1 << number(below: 14)
                guard piece.count * times <= 1 << 17 else { continue }
                bytes.insert(contentsOf: (0..<times).flatMap { _ in piece }, at: start)
            default: bytes.replaceSubrange(start..<end, with: words[number(below: words.count)])
            }
        }
        return bytes
    }
}
