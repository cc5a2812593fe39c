//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Lock
import Testing

/// A lock that hands and merges have damaged is read or refused, and never ends the program.
struct LockMutationTests {
    @Test(arguments: 0..<8)
    func survivesDamage(seed: UInt64) throws {
        let text = Array(try completeLock().rendered().utf8)
        var damage = Damage(seed: seed)
        for _ in 0..<500 {
            let damaged = damage.applied(to: text)
            do throws(LockError) {
                // What is accepted is whole: it can be written, and read again as the same.
                let lock = try Lockfile(json: damaged)
                #expect(try Lockfile(json: Array(lock.rendered().utf8)).rendered() == lock.rendered())
            } catch {
                #expect(error.description.hasPrefix("fitout.lock"))
            }
        }
    }
}

/// Damages of bytes, the same in every run of the tests.
private struct Damage {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    /// A number below `limit` (xorshift64).
    private mutating func number(below limit: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(max(limit, 1)))
    }

    mutating func applied(to bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...number(below: 3) where !bytes.isEmpty {
            let start = number(below: bytes.count)
            let end = min(bytes.count, start + 1 + number(below: 40))
            switch number(below: 6) {
            case 0: bytes[start] ^= 1 << UInt8(number(below: 8))
            case 1: bytes.removeSubrange(start..<end)
            case 2: bytes.insert(contentsOf: bytes[start..<end], at: number(below: bytes.count))
            case 3: bytes.removeSubrange(start...)
            case 4: bytes.insert(UInt8(number(below: 256)), at: start)
            default:
                let words = [
                    "{", "]", "\"", "null", "-1", "9223372036854775808", "1e999", "..", "\\ud800", "\n<<<<<<< a\n",
                ]
                bytes.replaceSubrange(start..<end, with: words[number(below: words.count)].utf8)
            }
        }
        return bytes
    }
}
