//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing
import Versions

@Suite struct DebianVersionOrderTests {
    @Test func agreesWithTheVersionsOfTheDialect() throws {
        for chain in Chain.all where chain.dialect == .debian {
            let texts = chain.groups.joined()
            for one in texts {
                for two in texts {
                    let lhs = try Version(one, dialect: .debian)
                    let rhs = try Version(two, dialect: .debian)
                    #expect(
                        DebianVersionOrder.compare(one, two).signum() == (lhs == rhs ? 0 : lhs < rhs ? -1 : 1),
                        "\(one), \(two)")
                }
            }
        }
    }

    @Test(arguments: [
        ("", "", 0), ("", "0", 0), ("", "~", 1), ("1:", "1", 1), ("1.0-", "1.0", 0), ("a", "+", -1),
        ("1:1-1", "1:1-2", -1),
        ("0000001.2", "1.2", 0), ("1.2.3-4ubuntu1", "1.2.3-4", 1), ("1.0~", "1.0", -1), ("7.6p2-4", "7.6-0", 1),
        ("1.0.3-3", "1.0-1", 1), ("2.2.3-2", "2.2.2-2", 1), ("0-pre", "0-pree", -1), ("1.1.6r2-2", "1.1.6r-1", 1),
    ])
    func comparesAnyText(lhs: String, rhs: String, expected: Int) {
        #expect(DebianVersionOrder.compare(lhs, rhs).signum() == expected)
        #expect(DebianVersionOrder.compare(rhs, lhs).signum() == -expected)
        let one = Array(lhs.utf8)
        let two = Array(rhs.utf8)
        #expect(DebianVersionOrder.compare(one.span, two.span).signum() == expected)
    }
}
