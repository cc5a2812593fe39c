//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Detectors

@Test(arguments: [
    ("^1.2.3", ">=1.2.3,<2.0"), ("^0.2.3", ">=0.2.3,<0.3"), ("^0.0.3", ">=0.0.3,<0.0.4"), ("^0", ">=0,<1.0"),
    ("~1.2", ">=1.2,<1.3"), ("~1", ">=1,<2.0"), ("1.2.3", "==1.2.3"), ("*", ""), (">=1.2, <2", ">=1.2,<2"),
    ("^1.2 || ^2.0", ">=1.2,<2.0"), (">= 1.2", ">=1.2"),
])
func writesPoetryConstraintsAsSpecifiers(constraint: String, expected: String) {
    #expect(poetrySpecifier(constraint) == expected)
}
