//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Sandbox

@Suite struct OutputBuffersTests {
    @Test func keepsTheLastBytesOfAStream() {
        var buffer = TailBuffer(limit: 3)
        for text in ["ab", "cdefgh", "", "ij"] { Array(text.utf8).withUnsafeBytes { buffer.append($0) } }
        #expect(buffer.bytes == Array("hij".utf8))
    }

    @Test func cutsLinesWhereverTheStreamWasCut() {
        var splitter = LineSplitter()
        var lines: [String] = []
        for text in ["one\ntw", "o\r\n", "\nthr", "ee"] {
            Array(text.utf8).withUnsafeBytes { splitter.append($0) { lines.append($0) } }
        }
        splitter.finish { lines.append($0) }
        #expect(lines == ["one", "two", "three"])
    }
}
