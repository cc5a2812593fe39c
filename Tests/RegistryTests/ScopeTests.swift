//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Registry

@Suite struct ScopeTests {
    @Test(arguments: [
        ("repository:a:pull", "repository:a:pull,push", true), ("repository:a:pull,push", "repository:a:pull", false),
        ("repository:a:pull", "repository:a/b:pull", false), ("repository:a:push,pull", "repository:a:pull,push", true),
        ("registry:catalog:*", "registry:catalog:*", true), ("x", "x", true), ("x", "x:y", false),
    ])
    func knowsWhatAScopeCovers(scope: String, other: String, isCovered: Bool) {
        #expect(Registry.isCovered(scope, by: other) == isCovered)
    }
}
