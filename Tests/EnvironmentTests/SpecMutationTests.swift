//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Environment
import Testing

/// A spec with mistakes of any kind is read or refused, and never ends the program.
struct SpecMutationTests {
    private let text = """
        fitout: 1
        base: debian:trixie
        platforms: [linux/amd64, linux/arm64]
        toolchains: {python: "3.13", node: ""}
        packages:
          - libpq-dev  # psycopg2
          - 'curl (>= 8)'
        dependencies:
          - manager: uv
            directory: app
            project: true
            extras: &names [cli, "web"]
            groups: *names
            requirements-files: [a.txt, ./b/c.txt]
            exclude-newer: "2024-05-31"
        environment:
          LANG: C.UTF-8
        tasks:
          test: |
            pytest
        services: {postgres: "16"}

        """

    @Test(arguments: 0..<8)
    func survivesDamage(seed: UInt64) throws {
        let text = Array(text.utf8)
        #expect(throws: Never.self) { try EnvironmentSpec(yaml: text) }
        var damage = Damage(seed: seed)
        for _ in 0..<500 {
            let damaged = damage.applied(to: text)
            do throws(EnvironmentError) {
                // What is accepted is whole: it can be written, and read again as the same.
                let spec = try EnvironmentSpec(yaml: damaged)
                #expect(try EnvironmentSpec(yaml: Array(spec.rendered().utf8)).rendered() == spec.rendered())
            } catch {
                #expect(error.description.hasPrefix("fitout.yaml:"))
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
                    "{", "]", "\"", "null", "-", ": ", "&a *a", "../", "!!int x", "\n---\n", "\t", "\n<<<<<<< a\n",
                ]
                bytes.replaceSubrange(start..<end, with: words[number(below: words.count)].utf8)
            }
        }
        return bytes
    }
}
