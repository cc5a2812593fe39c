//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Store
import Testing

@testable import Registry

@Suite struct SeenBlobsTests {
    private let one = Digest.sha256([1]), two = Digest.sha256([2])

    @Test func remembersTheLastRepositories() {
        var seen = SeenBlobs()
        for name in ["a", "b", "c", "d", "a", "e"] { seen.add([one], in: name) }
        seen.add([two], in: "b/c")
        #expect(seen.repositories == [one: ["e", "a", "d", "c"], two: ["b/c"]])
        #expect(SeenBlobs(seen.bytes) == seen)
    }

    @Test func leavesOutWhatIsMalformed() {
        let text = "xyz a\n\(one.hex) good ../bad UPPER\n\n\(two.hex)\n"
        #expect(SeenBlobs(Array(text.utf8)).repositories == [one: ["good"], two: []])
    }
}
