//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing
import YAML

@Suite struct YAMLAliasTests {
    @Test func resolvesAliasesAndTheLatestAnchorWins() throws {
        let root = try node("a: &x [1]\nb: *x\nc: &x 2\nd: *x\ne: &y [&y 3, *y]\nf: *y\n")
        #expect(root["b"] == root["a"] && root["b"]?.line == 1)
        #expect(root["d"]?.int == 2)
        #expect(root["e"]?.strings == ["3", "3"])
        #expect(root["f"]?.int == 3)
    }

    @Test func mergesMappingsAndExplicitKeysWin() throws {
        let root = try node(
            "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\none:\n  <<: *x\n  b: 0\nmany:\n  d: 3\n  <<: [*x, *y]\n"
                + "twice: &t\n  <<: *x\n  e: 5\nthrice:\n  <<: *t\ntext: {'<<': 1}\n")
        #expect(root["one"]?["a"]?.int == 1 && root["one"]?["b"]?.int == 0)
        #expect(root["one"]?.mapping?.count == 2)
        #expect(root["many"]?.mapping?.map(\.key.string) == ["d", "a", "b", "c"])
        #expect(root["many"]?["b"]?.int == 1)
        #expect(root["thrice"]?["e"]?.int == 5 && root["thrice"]?["a"]?.int == 1)
        #expect(root["text"]?["<<"]?.int == 1)
    }

    @Test(arguments: [
        ("a: *x", "1:4: there is no anchor `x` before this alias"),
        ("a: &x [*x]", "1:8: the alias `x` stands inside the node it refers to"),
        ("a: {<<: 3}", "1:5: `<<` merges a mapping or a sequence of mappings only"),
        ("a: {<<: [{b: 1}, 3]}", "1:5: `<<` merges a mapping or a sequence of mappings only"),
    ])
    func refuses(text: String, description: String) {
        #expect { _ = try parseYAML(Array(text.utf8)) } throws: { "\($0)" == description }
    }

    @Test func anchorsEndWithTheirDocument() {
        #expect(throws: YAMLError.self) { try parseYAMLDocuments(Array("&x a\n---\n*x\n".utf8)) }
    }

    @Test func stopsAnAliasBomb() {
        var text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
        for level in 1...12 {
            let alias = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(alias)]\n"
        }
        #expect { _ = try parseYAML(Array(text.utf8)) } throws: {
            "\($0)".hasSuffix("aliases make more than 1000000 nodes of it")
        }
    }

    @Test func stopsAMergeBomb() {
        var text = "a0: &a0 {x0: 1, y0: 1}\n"
        for level in 1...200_000 { text += "a\(level): &a\(level) {<<: *a\(level - 1), x\(level): 1}\n" }
        #expect(throws: YAMLError.self) { try parseYAML(Array(text.utf8)) }
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func stopsAtTwoHundredCollectionsWithinEachOther(opening: String) {
        let text = String(repeating: opening, count: 100_000)
        #expect { _ = try parseYAML(Array(text.utf8)) } throws: {
            "\($0)".hasSuffix("more than 200 collections stand within each other")
        }
    }

    @Test func aliasesCountForDepth() throws {
        var text = "a0: &a0 [x]\n"
        for level in 1...190 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
        _ = try node(text)
        for level in 191...210 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
        #expect(throws: YAMLError.self) { try parseYAML(Array(text.utf8)) }
    }
}
