//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Debian

@Suite struct ControlStanzaTests {
    @Test func keepsFieldsInOrder() throws {
        let stanza = try ControlStanza.parseOne([UInt8]("A: 1\nB: 2\n".utf8), source: "x")
        #expect(stanza.text == "A: 1\nB: 2\n")
    }
}
