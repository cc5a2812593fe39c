//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Debian

struct ControlStanzaTests {
    private func parse(_ text: String) throws(DebianError) -> [ControlStanza] {
        try ControlStanza.parse([UInt8](text.utf8), source: "control")
    }

    @Test(arguments: [
        "Package: a\nVersion: 1\n",
        "Zeta: 1\nAlpha: 2\n",
        "Description: short\n Long text.\n .\n  indented: not a field\n",
        "Conffiles:\n /etc/a 0123\n /etc/b 4567\n",
        "Empty:\nNext: x\n",
    ])
    func writesWhatItRead(text: String) throws {
        let stanzas = try parse(text)
        #expect(stanzas.map(\.text) == [text])
    }

    @Test func separatesStanzasAtEmptyLinesAndSkipsComments() throws {
        let stanzas = try parse("\n# comment\nA: 1\n# inside\n more\n\n \t\nB: 2\r\n")
        #expect(stanzas.map(\.text) == ["A: 1\n more\n", "B: 2\n"])
        #expect(stanzas.flatMap { $0.fields.map(\.line) } == [3, 8])
    }

    @Test func comparesFieldNamesWithoutCase() throws {
        var stanza = try #require(try parse("Multi-Arch: same\nSize: 1\n").first)
        #expect(stanza["multi-arch"] == "same")
        stanza["SIZE"] = "2"
        stanza["multi-arch"] = nil
        stanza["New"] = "x"
        #expect(stanza.text == "Size: 2\nNew: x\n")
    }

    @Test(arguments: [
        ("A: 1\nno colon\n", 2), (" continuation\n", 1), (": value\n", 1), ("A b: 1\n", 1), ("A: 1\nB: 2\na: 3\n", 3),
        ("A: 1\n\n tail\n", 3),
    ])
    func saysWhichLineIsMalformed(text: String, line: Int) {
        let error = #expect(throws: DebianError.self) { try parse(text) }
        guard case .control("control", line, _)? = error else {
            Issue.record("\(String(describing: error)) is not about line \(line)")
            return
        }
    }

    @Test func refusesBytesThatAreNotUTF8() {
        #expect(throws: DebianError.control(source: "x", line: 2, problem: "the line is not UTF-8")) {
            try ControlStanza.parse([UInt8]("A: 1\nB: ".utf8) + [0xFF, 0x0A], source: "x")
        }
    }

    @Test func refusesMoreBytesThanTheLimit() {
        #expect(throws: DebianError.self) { try ControlStanza.parse([65, 58, 49], source: "x", limit: 2) }
    }
}
