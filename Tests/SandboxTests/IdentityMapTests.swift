//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Sandbox

@Suite struct IdentityMapTests {
    @Test func mapsTheSubordinateNumbersOfTheUserOneAfterTheOther() {
        let table = "other:1:5\nme:100000:65536\nbroken\nme:x:3\n1000:300000:10\nme:4294967290:100\n"
        let map = IdentityMap(root: 1000, owners: ["me", "1000"], table: table)
        #expect(map?.text == "0 1000 1\n1 100000 65536\n65537 300000 10\n")
    }

    @Test func hasNoMapForAUserWithoutSubordinateNumbers() {
        #expect(IdentityMap(root: 1000, owners: ["me", "1000"], table: "other:1:5\nme:1:0\n") == nil)
    }

    @Test func keepsEverybodysNumberForRoot() {
        let map = IdentityMap(everybodyIn: "         0     231072      65536\n     70000  1  1\n")
        #expect(map?.text == "0 0 65536\n70000 70000 1\n")
    }
}
