//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing
import YAML

/// The first document of `text`.
func node(_ text: String) throws -> YAMLNode {
    try #require(try parseYAML(Array(text.utf8)))
}

@Suite struct YAMLNodeTests {
    @Test func keepsOrderAndPlaces() throws {
        let root = try node("# top\nb: 1\na:\n  - x\n  - {k: é, l: z}\n")
        #expect(root.mapping?.map(\.key.string) == ["b", "a"])
        let items = try #require(root["a"]?.sequence)
        #expect([items[0].line, items[0].column] == [4, 5])
        #expect(items[1]["l"].map { [$0.line, $0.column] } == [5, 15])
        #expect(root.mapping?.map(\.key.line) == [2, 3])
    }

    @Test func leavesTextAsWrittenAndKnowsTheCoreSchemaOnly() throws {
        let root = try node(
            "on: yes\nversion: 3.10\ncount: 012\noctal: 0o17\nhex: 0xfF\nminus: -3\nflag: True\nquoted: 'true'\n"
                + "nothing:\ntilde: ~\nhuge: 99999999999999999999\ntext: !!str 7\nsigned: 0x-1\n")
        #expect(root["on"]?.string == "yes" && root["on"]?.bool == nil)
        #expect(root["version"]?.string == "3.10" && root["version"]?.int == nil)
        #expect(root["count"]?.int == 12)
        #expect(root["octal"]?.int == 15)
        #expect(root["hex"]?.int == 255)
        #expect(root["minus"]?.int == -3)
        #expect(root["flag"]?.bool == true && root["quoted"]?.bool == nil)
        #expect(root["nothing"]?.isNull == true && root["tilde"]?.string == nil)
        #expect(root["huge"]?.int == nil && root["huge"]?.string != nil)
        #expect(root["text"]?.int == nil && root["text"]?.tag == "tag:yaml.org,2002:str")
        #expect(root["signed"]?.int == nil)
        #expect(root["missing"] == nil && root["on"]?["x"] == nil)
    }

    @Test func givesOneOrManyStrings() throws {
        let root = try node("one: a\nmany: [a, 'b', ~, {c: d}, 3]\nnone:\nmap: {a: b}\n")
        #expect(root["one"]?.strings == ["a"])
        #expect(root["many"]?.strings == ["a", "b", "3"])
        #expect(root["none"]?.strings == [])
        #expect(root["map"]?.strings == [])
    }

    @Test func readsBlockScalars() throws {
        let root = try node("run: |\n  a\n  b\nfold: >-\n  a\n  b\n")
        #expect(root["run"]?.string == "a\nb\n")
        #expect(root["fold"]?.string == "a b")
    }

    @Test func separatesDocuments() throws {
        #expect(try parseYAML([]) == nil)
        #expect(try parseYAML(Array("# nothing\n".utf8)) == nil)
        #expect(try parseYAMLDocuments(Array("a: 1\n---\nb: 2\n...\n---\n- c\n".utf8)).count == 3)
        #expect(try node("a: 1\n---\n{")["a"]?.int == 1)
    }

    @Test func readsByteOrderMarksCarriageReturnsAndUTF16() throws {
        let root = try #require(try parseYAML([0xEF, 0xBB, 0xBF] + Array("a: 1\r\nb: 2\r\n".utf8)))
        #expect(root["a"]?.int == 1 && root["b"]?.line == 2)
        let wide = "a: é\nb: 2\n".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        #expect(try parseYAML([0xFF, 0xFE] + wide)?["a"]?.string == "é")
    }
}
